"""Somebody at the desk with a browser: what they see and press, and what the console complains about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.acceptance.screenshots import CHROMIUM, ServedDesk, listen, log_in
from tests.acceptance.seed import PEOPLE

IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"there is no {CHROMIUM}: apt-get install chromium"),
]
"""The marks of stories in a browser."""

LEAVING_PAGES = [
    *IN_BROWSER,
    pytest.mark.filterwarnings(r"ignore:Exception ignored in. <_io\.FileIO:pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]
"""The same where a browser that goes on to the next page lets the server stand with half a file sent."""

CHIEF, INSPECTOR, SUPERVISOR = (person[0] for person in PEOPLE[:3])
RUDE_NURSE, SECRET, ANSWERED = 1, 2, 11
"""Places of some of the invented calls."""

PATIENCE_MS = 5_000
REFUSAL = re.compile(r"Failed to load resource: .* status of (401|404|409|422)\b.*/desk/(?!static)")
"""What the console says of a page that refuses, as it should."""

TELL_OF_POLICY = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))"""


@dataclass
class Visitors:
    """Opens browsers of their own, and listens to what their consoles complain about."""

    browser: Browser
    desk: ServedDesk
    complaints: list[list[str]] = field(default_factory=list)

    def stranger(self, width: int = 1280, *, dark: bool = False, scripts: bool = True) -> Page:
        """A browser that nobody has logged in with."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 844},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            locale="vi-VN",
        )
        context.add_init_script(TELL_OF_POLICY)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        self.complaints.append(listen(page))
        return page

    def person(self, email: str = CHIEF, width: int = 1280, *, dark: bool = False, scripts: bool = True) -> Page:
        """A browser in which one of the seeded people is logged in."""
        page = self.stranger(width, dark=dark, scripts=scripts)
        log_in(page, self.desk, email)
        return page

    def open(self, page: Page, path: str) -> None:
        """Go to a page of the desk."""
        page.goto(self.desk.url + path)

    def heard(self) -> list[str]:
        """What was complained about, without the refusals that belong to the story."""
        return [line for lines in self.complaints for line in lines if not REFUSAL.search(line)]


def story_of(page: Page) -> Locator:
    return page.locator('[data-question="story"]')


def sound_position(page: Page) -> float:
    return float(story_of(page).locator("audio").evaluate("audio => audio.currentTime"))


def wait_for_sound(page: Page, beyond: float) -> None:
    page.wait_for_function(
        "beyond => document.querySelector('[data-question=story] audio').currentTime > beyond", arg=beyond
    )


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other, each once the page is there: before its scripts have run it does nothing."""
    for key in keys:
        page.wait_for_load_state()
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element that `selector` names has the focus, as somebody without a mouse does."""
    for _ in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        press(page, "Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def pages_of(visitors: Visitors, page: Page) -> dict[str, str]:
    """The kinds of pages there are, by name."""
    visitors.open(page, "/desk/mailbox")
    letter = str(page.locator(".case-link").first.get_attribute("href"))
    known = visitors.desk.codes
    return {
        "list": "/desk/",
        "list, filtered to nothing": "/desk/?q=zzz&line=chat_luong",
        "case": f"/desk/cases/{known[RUDE_NURSE]}",
        "case, answered": f"/desk/cases/{known[ANSWERED]}",
        "failures": "/desk/failures",
        "mailbox": "/desk/mailbox",
        "letter": letter,
        "password": "/desk/password",
        "404": "/desk/cases/0000000000",
    }


def unfold(page: Page) -> None:
    """Open everything on a page that can be opened, but the menus that lie over it."""
    page.evaluate("document.querySelectorAll('main details:not(.menu)').forEach(it => { it.open = true; })")
