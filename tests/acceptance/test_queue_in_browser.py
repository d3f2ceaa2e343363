"""The queue in a real browser: calls that come while somebody looks, keys, marks, claims, on any screen."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

pytest.importorskip("playwright", reason="the playwright package is not installed: make setup-dev")

from playwright.sync_api import Browser, Page, expect

from casebook.models import Case, CaseClaim
from casebook.service import claims
from tests.acceptance.axe import violations
from tests.acceptance.screenshots import NOW, ServedDesk, too_wide
from tests.acceptance.seed import CALLS, place
from tests.acceptance.visitors import (
    CHIEF,
    INSPECTOR,
    LEAVING_PAGES,
    RUDE_NURSE,
    Visitors,
    press,
    unfold,
)

pytestmark = LEAVING_PAGES

STREAM_OPEN_MS = 1_500
"""A page listens a moment after it was opened."""


@pytest.fixture
def visitors(browser: Browser, desk: ServedDesk) -> Iterator[Visitors]:
    """No story ends well in which a console complained; the next begins with every case free."""
    opened = Visitors(browser, desk)
    yield opened
    for context in browser.contexts:
        context.close()
    with desk.tools.database.begin() as session:
        for claim in session.scalars(select(CaseClaim)):
            session.delete(claim)
    assert opened.heard() == []


Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def cookies() -> dict[str, list[Any]]:
    """What a browser keeps of each person's log-in: nobody logs in more often than they would."""
    return {}


@pytest.fixture
def enter(visitors: Visitors, cookies: dict[str, list[Any]]) -> Enter:
    """Open the list in a browser of its own, in which somebody is logged in."""

    def opened(email: str = INSPECTOR, width: int = 1280, *, dark: bool = False, scripts: bool = True) -> Page:
        if email not in cookies:
            page = visitors.person(email)
            cookies[email] = list(page.context.cookies())
            page.context.close()
        page = visitors.stranger(width, dark=dark, scripts=scripts)
        page.context.add_cookies(cookies[email])
        visitors.open(page, "/desk/")
        return page

    return opened


def call(desk: ServedDesk, *, emergency: bool = False) -> str:
    """Somebody calls now."""
    said = replace(CALLS[RUDE_NURSE], hours_ago=0.01, emergency=emergency)
    with desk.tools.database.begin() as session:
        return place(session, desk.tools, said, NOW, random.Random(5))


def holder(desk: ServedDesk, code: str) -> str | None:
    with desk.tools.database.begin() as session:
        case_id = session.scalars(select(Case.id).where(Case.code == code)).one()
        claim = claims.holder_of(session, case_id, NOW)
        return claim.holder if claim else None


def listening(page: Page) -> None:
    """Wait until the page is told what happens."""
    page.wait_for_function("() => document.documentElement.dataset.told", timeout=STREAM_OPEN_MS + 8_000)


def row_of(code: str) -> str:
    return f'.case[data-code="{code}"]'


def test_a_call_that_comes_while_the_list_is_open_is_announced_and_not_pushed_in(
    visitors: Visitors, enter: Enter
) -> None:
    page = enter(INSPECTOR)
    listening(page)
    first = page.locator(".case-link").first.get_attribute("href")
    code = call(visitors.desk)
    expect(page.locator("#news")).to_have_text("1 phản ánh mới, bấm để xem", timeout=8_000)
    assert page.locator(".case-link").first.get_attribute("href") == first, "nothing jumped under the reader"
    assert page.locator(row_of(code)).count() == 0
    page.locator("#news a").click()
    expect(page.locator(row_of(code))).to_be_visible()


def test_an_emergency_rings_on_a_page_that_lies_open(visitors: Visitors, enter: Enter) -> None:
    page = enter(INSPECTOR)
    visitors.open(page, f"/desk/cases/{visitors.desk.codes[RUDE_NURSE]}")
    listening(page)
    code = call(visitors.desk, emergency=True)
    expect(page.locator(f'#alarm a[href$="{code}"]')).to_be_visible(timeout=8_000)


def test_pages_of_one_browser_share_one_stream(visitors: Visitors, enter: Enter) -> None:
    page = enter(INSPECTOR)
    listening(page)
    streams: list[str] = []
    other = page.context.new_page()
    other.on("request", lambda request: streams.append(request.url) if request.url.endswith("/desk/live") else None)
    visitors.open(other, "/desk/")
    other.wait_for_timeout(STREAM_OPEN_MS)
    call(visitors.desk)
    expect(other.locator("#news")).to_contain_text("phản ánh mới", timeout=8_000)
    assert streams == []
    page.close()
    other.wait_for_timeout(500)
    assert len(streams) == 1, "whoever is left listens"


def test_a_case_that_another_takes_is_marked_as_changed(visitors: Visitors, enter: Enter) -> None:
    page = enter(INSPECTOR)
    listening(page)
    code = str(page.locator(".case.review").first.get_attribute("data-code"))
    other = enter(CHIEF)
    visitors.open(other, f"/desk/cases/{code}")
    other.get_by_role("button", name="Nhận xử lý").click()
    expect(page.locator(f"{row_of(code)}.changed")).to_be_visible(timeout=8_000)
    page.reload()
    expect(page.locator(row_of(code))).to_contain_text("Lê Thị Thanh Mai đang giữ")


def test_cases_are_marked_taken_and_gone_through_by_keys(visitors: Visitors, enter: Enter) -> None:
    page = enter(INSPECTOR)
    press(page, "?")
    expect(page.locator("#keys")).to_contain_text("Nhận phản ánh tiếp theo chưa ai giữ")
    press(page, "Escape", "j", "x")
    expect(page.locator("#marked")).to_have_text("1")
    press(page, "x")
    expect(page.locator("#marked")).to_have_text("")
    while not page.locator(".case:focus-within .take").count():
        press(page, "j")
    code = str(page.locator(".case:focus-within").get_attribute("data-code"))
    press(page, "t")
    expect(page.locator(".claim")).to_contain_text("Bạn đang giữ phản ánh này")
    assert page.url.endswith(f"/desk/cases/{code}")
    assert holder(visitors.desk, code) == INSPECTOR
    press(page, "n")
    page.wait_for_url(lambda url: "/desk/cases/" in url and not url.endswith(code))
    expect(page.locator(".claim")).to_contain_text("Bạn đang giữ phản ánh này")
    after = page.url.rpartition("/")[2]
    press(page, "t")
    expect(page.locator(".claim")).to_contain_text("Chưa ai giữ")
    assert holder(visitors.desk, after) is None


def test_after_setting_a_case_aside_the_next_one_opens(visitors: Visitors, enter: Enter) -> None:
    code = call(visitors.desk, emergency=True)
    page = enter(INSPECTOR)
    page.get_by_role("button", name="Phản ánh tiếp theo").click()
    expect(page.locator(".claim")).to_contain_text("Bạn đang giữ")
    here = page.url.rpartition("/")[2]
    expect(page.get_by_label("Lưu và sang phản ánh tiếp theo")).to_be_checked()
    page.locator(".act summary", has_text="Không xử lý tiếp").click()
    page.fill("#words-set_aside", "Gọi thử đường dây")
    page.locator("form[action$='act/set_aside'] button").click()
    page.wait_for_url(lambda url: "/desk/cases/" in url and here not in url)
    expect(page.locator(".claim")).to_contain_text("Bạn đang giữ")
    assert holder(visitors.desk, here) is None
    assert code


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_marked_cases_are_closed_in_one_go_and_taken_back(visitors: Visitors, enter: Enter, *, scripts: bool) -> None:
    codes = [call(visitors.desk) for _ in range(2)]
    page = enter(INSPECTOR, scripts=scripts)
    for code in codes:
        page.locator(f"{row_of(code)} .tickbox").check()
    page.select_option("#bulk-do", "set_aside")
    page.fill("#bulk-words", "Trùng với phản ánh khác")
    page.locator("#bulk").get_by_role("button", name="Làm", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Đã làm: 2. Không làm được: 0.")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_role("status")).to_contain_text("Đã làm: 2.")
    page.locator("[data-up]").click()
    for code in codes:
        expect(page.locator(row_of(code))).to_be_visible()


def test_a_list_is_kept_under_a_name_and_deleted_and_taken_back(visitors: Visitors, enter: Enter) -> None:
    page = enter(INSPECTOR)
    visitors.open(page, "/desk/?emergency=1")
    page.get_by_text("Lưu danh sách này").click()
    page.fill("#save-name", "Khẩn của tôi")
    page.get_by_role("button", name="Lưu bộ lọc").click()
    saved = page.locator(".saved a", has_text="Khẩn của tôi")
    expect(saved).to_have_attribute("aria-current", "true")
    page.locator(".saved summary").first.click()
    page.get_by_role("button", name="Xóa bộ lọc này").click()
    expect(saved).to_have_count(0)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(saved).to_be_visible()
    page.locator(".saved summary").first.click()
    page.get_by_role("button", name="Xóa bộ lọc này").click()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_queue_is_open_to_everybody_on_any_screen(
    visitors: Visitors, enter: Enter, axe: str, width: int, *, dark: bool
) -> None:
    call(visitors.desk)
    page = enter(INSPECTOR, width, dark=dark)
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(name: str) -> None:
        unfold(page)
        found[name], wide[name] = violations(page, axe), too_wide(page)

    page.locator(".tickbox").first.check()
    page.select_option("#bulk-do", "close")
    look("list, marked")
    visitors.open(page, "/desk/?overdue=1")
    page.locator(".saved summary").last.click()
    look("list, to be saved")
    visitors.open(page, "/desk/")
    page.locator(".take").first.click()
    expect(page.locator(".claim.mine")).to_be_visible()
    look("case, mine")
    taken = page.url.rpartition("/desk")[2]
    visitors.open(page, "/desk/")
    look("list, with mine")
    page.locator(".tickbox").nth(1).check()
    page.select_option("#bulk-do", "give_back")
    page.locator("#bulk").get_by_role("button", name="Làm", exact=True).click()
    expect(page.locator(".outcomes")).not_to_have_count(0)
    look("what became of it")
    other = enter(CHIEF, width, dark=dark)
    visitors.open(other, f"/desk{taken}")
    expect(other.locator(".claim.taken")).to_be_visible()
    found["case, another's"], wide["case, another's"] = violations(other, axe), too_wide(other)
    assert {name: broken for name, broken in found.items() if broken} == {}
    assert {name: by for name, by in wide.items() if by > 0} == {}
    assert re.search(r"/cases/\d+$", taken)
