"""Pictures of the desk with invented cases: `python -m tests.acceptance.screenshots DIRECTORY`."""

from __future__ import annotations

import secrets
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from config.crypto import KeyRing, generate_key_text
from config.database.embedded import EmbeddedPostgres
from config.database.engine import Database
from config.database.schema import upgrade
from tests.acceptance.desk_app import desk_app, desk_tools
from tests.acceptance.seed import PASSWORD, PEOPLE, seed

CHROMIUM = "/usr/bin/chromium"
NOW = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}


@contextmanager
def served_desk() -> Iterator[tuple[str, list[str]]]:
    """Serve a seeded desk on loopback; gives its address and the codes of its cases."""
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
            yield f"http://127.0.0.1:{server.server_port}", codes
            server.shutdown()
            database.close()
        finally:
            postgres.stop()


def take(browser: Browser, base: str, codes: list[str], folder: Path, *, dark: bool = False) -> None:
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
        _tour(page, base, codes, folder, f"{width}{'-dark' if dark else ''}")
        context.close()
        if complaints:
            raise SystemExit(f"console: {complaints}")


def listen(page: Page) -> list[str]:
    """Collect what a page's console complains about."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def _tour(page: Page, base: str, codes: list[str], folder: Path, suffix: str) -> None:
    def shoot(name: str, path: str, *, whole: bool = True) -> None:
        page.goto(base + path)
        page.screenshot(path=folder / f"{name}-{suffix}.png", full_page=whole)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            raise SystemExit(f"{name} is {wide} px too wide")

    shoot("login", "/desk/login")
    page.fill("#email", PEOPLE[0][0])
    page.fill("#password", PASSWORD)
    page.click("button.main")
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
    with served_desk() as (base, codes), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        take(browser, base, codes, folder)
        take(browser, base, codes, folder, dark=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var/pictures"))
