"""Webhooks a second and their p99, against a bare Flask route that returns the same TwiML, in one run.

Both under gunicorn with 2 processes; every webhook of ours is verified, committed and answered from the database.
"""

from __future__ import annotations

import http.client
import multiprocessing
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response
from twilio.request_validator import RequestValidator

from config.database.embedded import EmbeddedPostgres
from config.database.engine import Database
from config.secrets import load_secrets
from config.settings import load_settings
from config.web_server import WebServer
from ivr.wiring.house import House
from ivr.wiring.web_app import create_app
from tests.acceptance.running import free_port, until

PROCESSES, THREADS = 2, 8
CALLERS = 16
REQUESTS = 2000
WARM_UP = 200

Request = tuple[str, bytes, dict[str, str]]


@dataclass(frozen=True)
class Figures:
    """Requests a second, and milliseconds."""

    per_second: float
    median: float
    p99: float


def measure() -> None:
    """Measure both and print the ratio."""
    with tempfile.TemporaryDirectory() as directory:
        settings = load_settings(data_dir=Path(directory), bind=f"127.0.0.1:{free_port()}", log_level="ERROR")
        postgres = EmbeddedPostgres(Path(directory) / "postgres")
        house = House(settings, load_secrets(settings), Database(postgres.url))
        house.upgrade()
        requests = _incoming(house, REQUESTS + WARM_UP)

        def ours() -> Flask:
            return create_app(House(settings, load_secrets(settings), Database(postgres.url)))

        with _serving(ours, settings.bind):
            document = _send(settings.bind, requests[0])
            full = _run(settings.bind, requests[1:])
        bare_bind = f"127.0.0.1:{free_port()}"
        with _serving(lambda: _bare(document), bare_bind):
            bare = _run(bare_bind, requests[1:])
        house.database.close()
        postgres.stop()
    print(f"webhook /voice/incoming   {full.per_second:7.0f}/s   median {full.median:5.1f} ms   p99 {full.p99:6.1f} ms")
    print(f"bare Flask, same TwiML    {bare.per_second:7.0f}/s   median {bare.median:5.1f} ms   p99 {bare.p99:6.1f} ms")
    print(f"ratio                     {full.per_second / bare.per_second:7.2f}     (aim ≥ 0.50)")


def _incoming(house: House, count: int) -> list[Request]:
    """Signed requests of as many calls."""
    url = house.settings.base_url + "/voice/incoming"
    validator = RequestValidator(house.secrets.auth_token)
    made = []
    for _ in range(count):
        form = {
            "CallSid": "CA" + secrets.token_hex(16),
            "AccountSid": house.secrets.account_sid,
            "From": f"+849{secrets.randbelow(10**8):08d}",
            "To": "+84967771010",
            "CallStatus": "ringing",
            "Direction": "inbound",
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": validator.compute_signature(url, form),
        }
        made.append(("/voice/incoming", urlencode(form).encode(), headers))
    return made


def _bare(document: bytes) -> Flask:
    app = Flask("bare")

    @app.post("/voice/incoming")
    def incoming() -> Response:
        return Response(document, mimetype="text/xml")

    return app


@contextmanager
def _serving(build: Callable[[], Flask], bind: str) -> Iterator[None]:
    def serve() -> None:
        WebServer(build, bind=bind, processes=PROCESSES, threads=THREADS).run()

    process = multiprocessing.get_context("fork").Process(target=serve)
    process.start()
    try:
        until(lambda: _is_up(bind), 60)
        yield
    finally:
        process.terminate()
        process.join(30)


def _is_up(bind: str) -> bool:
    try:
        connection = http.client.HTTPConnection(bind, timeout=2)
        connection.request("GET", "/nothing")
        connection.getresponse().read()
    except OSError:
        return False
    return True


def _send(bind: str, request: Request) -> bytes:
    connection = http.client.HTTPConnection(bind, timeout=15)
    connection.request("POST", *request)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (answer.status, body[:200])
    return body


def _run(bind: str, requests: Sequence[Request]) -> Figures:
    """Send all requests from CALLERS connections that stay open; the first WARM_UP do not count."""
    _share(bind, requests[:WARM_UP])
    counted = requests[WARM_UP:]
    started = time.perf_counter()
    took = _share(bind, counted)
    seconds = time.perf_counter() - started
    return Figures(len(counted) / seconds, 1000 * statistics.median(took), 1000 * sorted(took)[int(len(took) * 0.99)])


def _share(bind: str, requests: Sequence[Request]) -> list[float]:
    with ThreadPoolExecutor(CALLERS) as pool:
        parts = pool.map(lambda lane: _lane(bind, requests[lane::CALLERS]), range(CALLERS))
        return [seconds for part in parts for seconds in part]


def _lane(bind: str, requests: Sequence[Request]) -> list[float]:
    connection = http.client.HTTPConnection(bind, timeout=15)
    took = []
    for request in requests:
        started = time.perf_counter()
        connection.request("POST", *request)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        took.append(time.perf_counter() - started)
    return took


if __name__ == "__main__":
    measure()
