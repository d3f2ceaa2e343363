"""Pictures of the desk with invented cases: `python -m tests.acceptance.screenshots DIRECTORY`."""

from __future__ import annotations

import secrets
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from casebook.web.tools import DeskTools
from config.crypto import KeyRing, generate_key_text
from config.database.embedded import EmbeddedPostgres
from config.database.engine import Database
from config.database.schema import upgrade
from tests.acceptance.desk_app import desk_app, desk_tools
from tests.acceptance.seed import PASSWORD, PEOPLE, seed

CHROMIUM = "/usr/bin/chromium"
NOW = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}


@dataclass(frozen=True)
class ServedDesk:
    """A desk that answers at `url`; `codes` are those of its cases, in the order of the invented calls."""

    url: str
    codes: list[str]
    tools: DeskTools


@contextmanager
def served_desk() -> Iterator[ServedDesk]:
    """Serve a seeded desk on loopback."""
    with tempfile.TemporaryDirectory(prefix="desk-pictures-") as home:
        postgres = EmbeddedPostgres(Path(home) / "pg")
        try:
            upgrade(postgres.url)
            database = Database(postgres.url)
            keys = KeyRing.parse(generate_key_text(), secrets.token_bytes(32))
            tools = desk_tools(database, keys, lambda: NOW, Path(home) / "mailbox")
            codes = seed(tools, NOW)
            server = make_server("127.0.0.1", 0, desk_app(tools), threaded=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield ServedDesk(f"http://127.0.0.1:{server.server_port}", codes, tools)
            server.shutdown()
            server.server_close()
            database.close()
        finally:
            postgres.stop()


def open_browser(playwright: Playwright) -> Browser:
    """Start the machine's own Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])


def take(browser: Browser, desk: ServedDesk, folder: Path, *, dark: bool = False) -> None:
    """Take every picture at every width; a console error ends it."""
    for width, (across, down) in WIDTHS.items():
        context = browser.new_context(
            viewport={"width": across, "height": down},
            device_scale_factor=2 if width == "phone" else 1,
            color_scheme="dark" if dark else "light",
            locale="vi-VN",
        )
        page = context.new_page()
        complaints = listen(page)
        _tour(page, desk, folder, f"{width}{'-dark' if dark else ''}")
        context.close()
        if complaints:
            raise SystemExit(f"console: {complaints}")


def listen(page: Page) -> list[str]:
    """Collect what a page's console complains about."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location['url']})")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def too_wide(page: Page) -> int:
    """Give by how many pixels a page must be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def log_in(page: Page, desk: ServedDesk, email: str = PEOPLE[0][0]) -> None:
    """Log in as one of the seeded people."""
    page.goto(f"{desk.url}/desk/login")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("button.main")


def _tour(page: Page, desk: ServedDesk, folder: Path, suffix: str) -> None:
    codes = desk.codes

    def shoot(name: str, path: str) -> None:
        page.goto(desk.url + path)
        page.screenshot(path=folder / f"{name}-{suffix}.png", full_page=True)
        if (wide := too_wide(page)) > 0:
            raise SystemExit(f"{name} is {wide} px too wide")

    shoot("login", "/desk/login")
    log_in(page, desk)
    shoot("list", "/desk/")
    shoot("case", f"/desk/cases/{codes[1]}")
    shoot("case-confidential", f"/desk/cases/{codes[2]}")
    shoot("case-answered", f"/desk/cases/{codes[11]}")
    shoot("failures", "/desk/failures")
    shoot("mailbox", "/desk/mailbox")
    page.click(".case-link")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"letter-{suffix}.png", full_page=True)


def main(folder: Path) -> None:
    """Serve the desk and take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with served_desk() as desk, sync_playwright() as playwright:
        browser = open_browser(playwright)
        take(browser, desk, folder)
        take(browser, desk, folder, dark=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var/pictures"))
