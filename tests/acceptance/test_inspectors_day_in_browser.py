"""An inspector's day in one browser: from the call that rings to the case that is handed back, mostly by keys."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

pytest.importorskip("playwright", reason="the playwright package is not installed: make setup-dev")

from playwright.sync_api import Browser, Page, expect

from casebook.models import Case, CaseClaim
from casebook.rules import codes
from casebook.service import claims
from tests.acceptance.axe import NoAxe, axe_script, violations
from tests.acceptance.screenshots import NOW, ServedDesk, served_desk, too_wide
from tests.acceptance.seed import CALLS, place
from tests.acceptance.visitors import (
    CHIEF,
    INSPECTOR,
    LEAVING_PAGES,
    RUDE_NURSE,
    Visitors,
    press,
    story_of,
    tab_to,
)

pytestmark = LEAVING_PAGES

CALLER = "+84911000077"
LIVE_MS = 10_000
MOST_KEYS = 3
"""To send a case whose suggestion is right, counted from the opened page."""


@pytest.fixture
def desk() -> Iterator[ServedDesk]:
    """The seeded desk, on which the chief inspector already handles the emergency of the morning."""
    with served_desk() as served:
        with served.tools.database.begin() as session:
            urgent = session.scalars(select(Case.id).where(Case.code == served.codes[0])).one()
            until = NOW + timedelta(hours=1)
            session.add(CaseClaim(case_id=urgent, holder=CHIEF, taken_at=NOW, until=until))
        yield served


def call(desk: ServedDesk, seed: int) -> str:
    """Somebody in danger calls now, and presses no key for the matter."""
    said = replace(CALLS[RUDE_NURSE], hours_ago=0.01, number=CALLER, contact="", key=None, emergency=True)
    with desk.tools.database.begin() as session:
        return place(session, desk.tools, said, NOW, random.Random(seed))


def case_of(desk: ServedDesk, code: str) -> Case:
    with desk.tools.database.begin() as session:
        return session.scalars(select(Case).where(Case.code == code)).one()


def holder(desk: ServedDesk, code: str) -> str | None:
    with desk.tools.database.begin() as session:
        claim = claims.holder_of(session, case_of(desk, code).id, NOW)
        return claim.holder if claim else None


@dataclass
class Day:
    """The one page on which everything happens; counts the keys, looks at every page it comes by."""

    visitors: Visitors
    page: Page
    axe: str | None
    pressed: list[str] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def desk(self) -> ServedDesk:
        return self.visitors.desk

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed.append(key)
            press(self.page, key)

    def says(self, words: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words).first).to_be_visible()

    def look(self, name: str) -> None:
        """Note what keeps anybody out of the page that is open."""
        wide = too_wide(self.page)
        self.faults[name] = [f"{wide} px too wide"] if wide > 0 else []
        self.faults[name] += violations(self.page, self.axe) if self.axe else []

    def waits_for_a_call(self) -> str:
        self.page.wait_for_function("() => document.documentElement.dataset.told", timeout=LIVE_MS)
        code = call(self.desk, 1)
        expect(self.page.locator("#news")).to_contain_text("phản ánh mới", timeout=LIVE_MS)
        expect(self.page.locator(f'#alarm a[href$="{code}"]')).to_be_visible(timeout=LIVE_MS)
        self.look("list, while it rings")
        return code

    def takes_the_next(self, code: str) -> None:
        self.press("n")
        self.page.wait_for_url(lambda url: url.endswith(f"/cases/{code}"))
        expect(self.page.locator(".claim")).to_contain_text("Bạn đang giữ phản ánh này")
        assert holder(self.desk, code) == INSPECTOR

    def listens(self) -> None:
        self.press(" ")
        expect(story_of(self.page).locator(".words .now")).to_be_visible(timeout=LIVE_MS)
        self.press(" ")
        self.look("case")

    def corrects_a_word(self) -> None:
        self.press("e")
        expect(self.page.locator("input.mending")).to_be_focused()
        self.page.keyboard.type("Chiều")
        self.press("Control+Enter")
        self.says("Đã lưu bản chép lời (lần 2)")
        expect(story_of(self.page).locator(".words")).to_contain_text("Chiều nay")

    def hides_a_word(self) -> None:
        self.page.get_by_text("Xem phiếu chuyển đúng như khi gửi đi").click()
        self.page.get_by_role("link", name="Sửa phần che").click()
        story = self.page.locator("form.redact", has_text="hành")
        story.get_by_label("lang", exact=True).check()
        story.get_by_role("button").click()
        self.says("Đã lưu phần che")
        letter = self.page.frame_locator(".preview iframe").locator("body")
        expect(letter).not_to_contain_text("hành lang")
        self.look("hiding words")
        self.press("u")

    def picks_the_unit_and_sends(self, code: str) -> None:
        unit = self.page.get_by_role("combobox", name="Đơn vị có trách nhiệm")
        unit.fill("")
        unit.press_sequentially("xom chieu")
        expect(self.page.locator(".options [role=option]").first).to_contain_text("Bệnh viện Quận 4")
        self.press("Enter", "Control+Enter")
        self.says("Phiếu chuyển đang được gửi đi")
        assert case_of(self.desk, code).status == "confirmed"
        assert case_of(self.desk, code).responsible_unit == "bv-quan-4"

    def merges_and_parts(self, kept: str, gone: str) -> None:
        self.page.get_by_role("link", name=f"Xem cạnh nhau {codes.readable(gone)}").click()
        self.page.fill("#why", "Cùng người gọi, cùng một việc")
        self.page.locator(f"#keep-{kept}").check()
        self.look("side by side")
        self.page.get_by_role("button", name="Gộp làm một").click()
        expect(self.page.locator(".undo-note")).to_contain_text(codes.readable(gone))
        assert case_of(self.desk, gone).merged_into == case_of(self.desk, kept).id
        tab_to(self.page, ".undo-note button")
        self.press("Enter")
        expect(self.page.locator(".note.good")).to_contain_text("Đã hoàn tác")
        assert case_of(self.desk, gone).status == "review"

    def sends_what_was_suggested(self, code: str) -> None:
        """The suggestion is right: nothing is done to the case but sending it."""
        before = len(self.pressed)
        self.press("Control+Enter")
        self.says("Phiếu chuyển đang được gửi đi")
        assert len(self.pressed) - before <= MOST_KEYS
        assert case_of(self.desk, code).responsible_unit == "bv-cho-ray"

    def hands_back(self, code: str) -> None:
        expect(self.page.locator(".claim")).to_contain_text("Bạn đang giữ phản ánh này")
        self.press("t")
        expect(self.page.locator(".claim")).to_contain_text("Chưa ai giữ")
        assert holder(self.desk, code) is None


def here(page: Page) -> str:
    return page.url.rpartition("/")[2]


def checker() -> str | None:
    """axe, where it can be had; the story is told without it too."""
    try:
        return axe_script()
    except NoAxe:
        return None


def test_a_day_from_the_call_that_rings_to_the_case_that_is_handed_back(browser: Browser, desk: ServedDesk) -> None:
    visitors = Visitors(browser, desk)
    day = Day(visitors, visitors.person(INSPECTOR), checker())
    first = day.waits_for_a_call()
    day.takes_the_next(first)
    day.listens()
    day.corrects_a_word()
    day.hides_a_word()
    twins = {call(desk, seed) for seed in (2, 3)}
    day.picks_the_unit_and_sends(first)
    kept = here(day.page)
    assert kept in twins, "the next emergency opened by itself"
    day.merges_and_parts(kept, *(twins - {kept}))
    visitors.open(day.page, f"/desk/cases/{kept}")
    day.sends_what_was_suggested(kept)
    day.hands_back(here(day.page))
    assert {name: found for name, found in day.faults.items() if found} == {}
    assert visitors.heard() == []
