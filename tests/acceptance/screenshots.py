"""Pictures of the desk with invented cases.

`python -m tests.acceptance.screenshots DIRECTORY` takes every page, whole, at every width, light and dark;
`python -m tests.acceptance.screenshots --readme` takes what the README shows into docs/images.
"""

from __future__ import annotations

import random
import secrets
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright
from sqlalchemy import update
from werkzeug.serving import make_server

from casebook.models import Case
from casebook.rules.policy import FIRST_ROLES, Role
from casebook.service import second_factor, users
from casebook.web.tools import DeskTools
from config.crypto import KeyRing, generate_key_text
from config.database.embedded import EmbeddedPostgres
from config.database.engine import Database
from config.database.schema import upgrade
from tests.acceptance.desk_app import desk_app, desk_tools
from tests.acceptance.seed import CALLS, PASSWORD, PEOPLE, place, seed

CHROMIUM = "/usr/bin/chromium"
NOW = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)
WIDTHS = {"phone": (360, 780), "desktop": (1280, 900)}
IMAGES = Path(__file__).parents[2] / "docs" / "images"


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


@dataclass(frozen=True)
class Picture:
    """A page to take, seen by `who`; the path may name cases in braces, and `press` is clicked on it first."""

    name: str
    who: str
    path: str
    press: str = ""


CHIEF, INSPECTOR, SUPERVISOR, OPERATOR = (person[0] for person in PEOPLE)
FIRST, OFFICER, AUDITOR = "quan-tri@soyte.example", "canbo@cho-ray.example", "kiemtoan@soyte.example"
WITH_CODE = "giu.danh.tinh@soyte.example"
UNIT, RUDE_NURSE, SECRET, ANSWERED = "bv-cho-ray", 1, 2, 11
A_NAME = "tôi tên là trần thị hoa nhà ở số mười hai đường lý thường kiệt quận mười"
MORE_PEOPLE = (
    (FIRST, "Nguyễn Ngọc Ánh", FIRST_ROLES, None),
    (OFFICER, "Đỗ Thị Lan", (Role.UNIT_OFFICER,), UNIT),
    (AUDITOR, "Lý Minh Châu", (Role.AUDITOR,), None),
    (WITH_CODE, "Võ Thu Hà", (Role.CUSTODIAN,), None),
)
PICTURES = (
    Picture("list", INSPECTOR, "/desk/"),
    Picture("review", INSPECTOR, "/desk/cases/{rude}"),
    Picture("listening", INSPECTOR, "/desk/cases/{rude}", "[data-question=story] p:nth-child(3) .w"),
    Picture("review-answered", INSPECTOR, "/desk/cases/{answered}"),
    Picture("compare", INSPECTOR, "/desk/cases/{rude}/beside/{again}"),
    Picture("split", INSPECTOR, "/desk/cases/{rude}/split"),
    Picture("redaction", INSPECTOR, "/desk/cases/{again}/redaction"),
    Picture("muted", INSPECTOR, "/desk/muted"),
    Picture("review-confidential", CHIEF, "/desk/cases/{secret}"),
    Picture("mailbox", CHIEF, "/desk/mailbox"),
    Picture("letter", CHIEF, "/desk/mailbox", ".case-link"),
    Picture("people", FIRST, "/desk/people"),
    Picture("menu", FIRST, "/desk/people", ".nav-more summary"),
    Picture("account", FIRST, "/desk/account"),
    Picture("identity", FIRST, "/desk/identity"),
    Picture("dashboard", SUPERVISOR, "/desk/today"),
    Picture("unit-list", OFFICER, "/desk/unit"),
    Picture("unit", OFFICER, "/desk/unit/cases/{sent}"),
    Picture("failures", OPERATOR, "/desk/failures"),
    Picture("health", OPERATOR, "/desk/operator/health"),
    Picture("lines", OPERATOR, "/desk/operator/lines"),
    Picture("line", OPERATOR, "/desk/operator/lines/chat_luong"),
    Picture("units", OPERATOR, "/desk/operator/units"),
    Picture("prompts", OPERATOR, "/desk/operator/prompts"),
    Picture("audit", AUDITOR, "/desk/audit"),
)
"""The main pages; of one person they stand together, so that everybody logs in once."""

IN_README = (
    ("list", "desktop"),
    ("listening", "desktop"),
    ("listening", "phone"),
    ("redaction", "desktop"),
    ("dashboard", "desktop"),
    ("unit", "desktop"),
    ("lines", "desktop"),
    ("audit", "desktop"),
)


def furnish(desk: ServedDesk) -> dict[str, str]:
    """Add what only pictures need: more people, a second call about one thing, a case at its unit."""
    with desk.tools.database.begin() as session:
        for email, name, roles, unit in MORE_PEOPLE:
            user = users.create(session, email=email, name=name, roles=roles, password=PASSWORD, now=NOW, unit=unit)
            user.last_login_at = NOW
        # The last of them, so that somebody has a code to give.
        phone = pyotp.TOTP(pyotp.random_base32())
        second_factor.turn_on(session, user, phone.secret, phone.at(NOW), desk.tools.keys, NOW)
        rude = CALLS[RUDE_NURSE]
        named = replace(rude, hours_ago=0.7, contact="", story=f"{rude.story}\n{A_NAME}")
        again = place(session, desk.tools, named, NOW, random.Random(7))
        told = replace(rude, hours_ago=26.0, number="+84912003004", then=("confirm", "forward"))
        sent = place(session, desk.tools, told, NOW, random.Random(8))
        session.execute(update(Case).where(Case.code == sent).values(responsible_unit=UNIT))
    codes = desk.codes
    known = {"rude": codes[RUDE_NURSE], "secret": codes[SECRET], "answered": codes[ANSWERED]}
    return {**known, "again": again, "sent": sent}


@dataclass(frozen=True)
class Camera:
    """Takes pages of a furnished desk at one width, in light or dark."""

    browser: Browser
    desk: ServedDesk
    cases: dict[str, str]
    width: str
    dark: bool = False

    def take(self, pictures: Iterable[Picture], folder: Path, *, whole: bool = True) -> None:
        """Take the pictures; a console error or a page that is too wide ends it."""
        for who, theirs in groupby(pictures, lambda picture: picture.who):
            page = self._page()
            complaints = listen(page)
            log_in(page, self.desk, who)
            for picture in theirs:
                page.goto(self.desk.url + picture.path.format(**self.cases))
                if picture.press:
                    page.locator(picture.press).first.click()
                self._shoot(page, folder / f"{self._name(picture.name)}.png", whole=whole)
            page.context.close()
            if complaints:
                raise SystemExit(f"console: {complaints}")

    def take_doors(self, folder: Path) -> None:
        """Take the log-in and, after the password, the page that asks for the code."""
        page = self._page()
        page.goto(f"{self.desk.url}/desk/login")
        self._shoot(page, folder / f"{self._name('login')}.png")
        log_in(page, self.desk, WITH_CODE)
        self._shoot(page, folder / f"{self._name('login-code')}.png")
        page.context.close()

    def _name(self, name: str) -> str:
        return f"{name}-{self.width}{'-dark' if self.dark else ''}"

    def _page(self) -> Page:
        across, down = WIDTHS[self.width]
        return self.browser.new_context(
            viewport={"width": across, "height": down},
            device_scale_factor=1.5 if self.width == "phone" else 1,
            color_scheme="dark" if self.dark else "light",
            locale="vi-VN",
        ).new_page()

    def _shoot(self, page: Page, file: Path, *, whole: bool = True) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=file, full_page=whole)
        if (wide := too_wide(page)) > 0:
            raise SystemExit(f"{file.stem} is {wide} px too wide")


def take_all(browser: Browser, desk: ServedDesk, folder: Path) -> None:
    """Take every page, whole, at every width, light and dark."""
    cases = furnish(desk)
    for width in WIDTHS:
        for dark in (False, True):
            camera = Camera(browser, desk, cases, width, dark)
            camera.take(PICTURES, folder)
            camera.take_doors(folder)


def take_for_readme(browser: Browser, desk: ServedDesk, folder: Path) -> None:
    """Take what a first look shows of the pages in the README."""
    cases = furnish(desk)
    for width in WIDTHS:
        wanted = [picture for picture in PICTURES if (picture.name, width) in IN_README]
        Camera(browser, desk, cases, width).take(wanted, folder, whole=False)


def main(where: str) -> None:
    """Serve the desk and take the pictures."""
    take, folder = (take_for_readme, IMAGES) if where == "--readme" else (take_all, Path(where))
    folder.mkdir(parents=True, exist_ok=True)
    with served_desk() as desk, sync_playwright() as playwright:
        browser = open_browser(playwright)
        take(browser, desk, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "var/pictures")
