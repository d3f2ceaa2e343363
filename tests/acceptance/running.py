"""The whole hotline as an operator starts it: `python app.py run` in an empty data directory."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import psutil
import psycopg
import requests

from ivr.caller.call import run_call
from ivr.caller.events import CallResult
from ivr.caller.media import MediaServer
from ivr.caller.provider import Endpoint
from ivr.caller.script import CallPlan
from ivr.carrier.ledger import Account

ROOT = Path(__file__).parents[2]
MODELS = Path(os.environ.get("HOTLINE_MODELS_DIR", ROOT / "var" / "models"))
START_SECONDS = 90


class HiddenFields(HTMLParser):
    """Reads what a browser would send by itself with the form that goes to `path`."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.fields: dict[str, str] = {}
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = (given.get("action") or self.path) == self.path
        elif tag == "input" and self._inside and given.get("type") == "hidden":
            self.fields[str(given["name"])] = given.get("value") or ""


@dataclass
class RunningHotline:
    """A hotline that runs; `account` is what its provider signs with."""

    process: subprocess.Popen[str]
    url: str
    data_dir: Path
    log: Path
    account: Account
    media: MediaServer
    password: str = ""

    def call(self, plan: CallPlan) -> CallResult:
        """Call it as a provider does."""
        return run_call(plan, Endpoint(self.url, self.media))

    def desk(self) -> requests.Session:
        """A browser's session, logged in with the password of the first run."""
        browser = requests.Session()
        self.post(browser, "/desk/login", {"email": "quan-tri@soyte.example", "password": self.password})
        return browser

    def post(self, browser: requests.Session, path: str, fields: Mapping[str, str], page: str | None = None) -> None:
        """Fill in the form of `page` (default: the address itself) that goes to `path`, and send it."""
        hidden = HiddenFields(path)
        hidden.feed(browser.get(self.url + (page or path), timeout=30).text)
        answer = browser.post(self.url + path, {**hidden.fields, **fields}, timeout=30)
        assert answer.ok, (answer.status_code, answer.text[-3000:])

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Look into the database."""
        with psycopg.connect(f"postgresql://postgres:@/postgres?host={self.data_dir / 'postgres'}") as connection:
            return connection.execute(query.encode()).fetchall()

    def children(self, *arguments: str) -> list[psutil.Process]:
        """The processes whose command line holds all `arguments`."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in family if set(arguments) <= set(_command_line(child))]

    def stop(self) -> None:
        """Press Ctrl-C and wait for the end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: Callable[[], object], seconds: float = 60) -> object:
    """Wait until `what` gives something true, and give it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.25)
    raise AssertionError(f"not within {seconds} s: {what}")


@contextmanager
def running(directory: Path, **environment: str) -> Iterator[RunningHotline]:
    """Start a hotline in `directory` and stop it at the end; settings without their prefix."""
    account = Account("AC" + secrets.token_hex(16), secrets.token_hex(16))
    port = free_port()
    with MediaServer(account) as media:
        settings = {
            "DATA_DIR": str(directory / "var"),
            "BIND": f"127.0.0.1:{port}",
            "MAIL_SINK_BIND": f"127.0.0.1:{free_port()}",
            "TWILIO_ACCOUNT_SID": account.sid,
            "TWILIO_AUTH_TOKEN": account.auth_token,
            "TWILIO_API_URL": media.url,
            "MODELS_DIR": str(MODELS),
            "SPEECH_ENGINE": "scripted",
            "WEB_PROCESSES": "1",
            "GATEWAY": "false",
            **environment,
        }
        log = directory / f"hotline-{port}.log"
        hotline = RunningHotline(
            _start(settings, log), f"http://127.0.0.1:{port}", directory / "var", log, account, media
        )
        try:
            until(lambda: _announced(hotline), START_SECONDS)
            yield hotline
        finally:
            hotline.stop()


def _start(settings: Mapping[str, str], log: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    environment |= {f"HOTLINE_{name}": value for name, value in settings.items()}
    environment |= {"COLUMNS": "120", "PYTHONWARNINGS": "ignore"}
    with log.open("a") as sink:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "run"],
            cwd=log.parent,
            env=environment,
            stdout=sink,
            stderr=subprocess.STDOUT,
            text=True,
        )


def _announced(hotline: RunningHotline) -> bool:
    text = hotline.log.read_text("utf-8")
    assert hotline.process.poll() is None, text
    found = re.search(r"Mật khẩu:\s+(\S{12,})", text)
    if found:
        hotline.password = found[1]
    return "Lắng Nghe đang chạy" in text
