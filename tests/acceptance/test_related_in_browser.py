"""Related cases in a real browser: merged, split, muted, and every step taken back by a button."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from sqlalchemy import select

pytest.importorskip("playwright", reason="the playwright package is not installed: make setup-dev")

from playwright.sync_api import Page, expect

from casebook.models import Case
from casebook.rules import codes
from tests.acceptance.axe import violations
from tests.acceptance.screenshots import NOW, ServedDesk, too_wide
from tests.acceptance.seed import CALLS, place
from tests.acceptance.visitors import (
    INSPECTOR,
    LEAVING_PAGES,
    RUDE_NURSE,
    Visitors,
    press,
    tab_to,
    unfold,
)

pytestmark = LEAVING_PAGES

SECOND_MATTER = "còn hôm qua bệnh viện từ dũ thu của vợ tôi năm triệu đồng mà không đưa hóa đơn"


def file_call(desk: ServedDesk, number: str, story: str = "") -> str:
    """File a call about a rude nurse at Chợ Rẫy; gives its code."""
    call = replace(CALLS[RUDE_NURSE], number=number, contact="", story=story or CALLS[RUDE_NURSE].story)
    with desk.tools.database.begin() as session:
        return place(session, desk.tools, call, NOW, random.Random(3))


def case_of(desk: ServedDesk, code: str) -> Case:
    with desk.tools.database.begin() as session:
        return session.scalars(select(Case).where(Case.code == code)).one()


def press_undo(page: Page) -> None:
    """Press the button beside what was just said, by keyboard as well as any mouse could."""
    tab_to(page, ".undo-note button")
    press(page, "Enter")
    expect(page.locator(".note.good")).to_contain_text("Đã hoàn tác")


def test_two_calls_about_one_thing_are_compared_merged_and_parted_again(visitors: Visitors) -> None:
    desk = visitors.desk
    kept, gone = file_call(desk, "+84911000001"), file_call(desk, "+84911000001")
    page = visitors.person(INSPECTOR)
    visitors.open(page, f"/desk/cases/{kept}")
    related = page.locator(".related", has_text="Phản ánh liên quan")
    expect(related).to_contain_text("cùng người gọi")
    expect(related).to_contain_text("lời kể giống nhau")
    related.get_by_role("link", name=f"Xem cạnh nhau {codes.readable(gone)}").click()
    expect(page.locator(".beside-case")).to_have_count(2)
    page.fill("#why", "Cùng một ca trực")
    page.locator(f"#keep-{kept}").check()
    page.get_by_role("button", name="Gộp làm một").click()
    expect(page.locator("h1")).to_contain_text(codes.readable(kept))
    expect(page.locator(".undo-note")).to_contain_text(codes.readable(gone))
    assert case_of(desk, gone).merged_into == case_of(desk, kept).id
    visitors.open(page, f"/desk/cases/{gone}")
    expect(page.locator(".merged-note")).to_contain_text(codes.readable(kept))
    page.get_by_role("button", name="Hoàn tác việc gộp").click()
    expect(page.locator(".note.good")).to_contain_text("Đã hoàn tác")
    assert case_of(desk, gone).status == "review"


def test_a_call_with_two_matters_is_split_and_joined_again_without_scripts(visitors: Visitors) -> None:
    desk = visitors.desk
    code = file_call(desk, "+84911000002", f"{CALLS[RUDE_NURSE].story}\n{SECOND_MATTER}")
    page = visitors.person(INSPECTOR, scripts=False)
    visitors.open(page, f"/desk/cases/{code}")
    page.get_by_role("link", name="Tách thành hai phản ánh").click()
    second = page.get_by_role("group", name="hóa đơn")
    second.get_by_label("Phản ánh mới").check()
    page.get_by_role("button", name="Tách", exact=True).click()
    expect(page.locator(".undo-note")).to_contain_text("Đã tách ra phản ánh mới")
    expect(page.locator('[data-question="story"] .words')).not_to_contain_text("hóa đơn")
    page.locator(".undo-note button").click()
    expect(page.locator('[data-question="story"] .words')).to_contain_text("hóa đơn")


def test_a_case_set_aside_by_mistake_comes_back_by_keyboard(visitors: Visitors) -> None:
    code = file_call(visitors.desk, "+84911000003")
    page = visitors.person(INSPECTOR)
    visitors.open(page, f"/desk/cases/{code}")
    page.locator("summary", has_text="Không xử lý tiếp").click()
    page.fill("#words-set_aside", "Gọi nhầm")
    page.locator("#words-set_aside").press("Tab")
    press(page, "Enter")
    expect(page.locator(".undo-note")).to_contain_text("Không xử lý tiếp")
    press_undo(page)
    assert case_of(visitors.desk, code).status == "review"


def test_a_nuisance_caller_is_muted_and_let_go(visitors: Visitors) -> None:
    code = file_call(visitors.desk, "+84911000004")
    page = visitors.person(INSPECTOR)
    visitors.open(page, f"/desk/cases/{code}")
    page.get_by_text("Tạm chặn số này").click()
    page.fill("#mute-why", "Gọi chửi bới suốt đêm")
    page.get_by_role("button", name="Tạm chặn").click()
    expect(page.locator(".undo-note")).to_contain_text("Đã tạm chặn số này")
    page.get_by_role("navigation").get_by_role("link", name="Số tạm chặn").click()
    muted = page.locator(".muted-row", has_text="Gọi chửi bới suốt đêm")
    muted.get_by_role("button", name="Bỏ chặn").click()
    expect(page.locator(".undo-note")).to_contain_text("Đã bỏ chặn")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_fit_every_screen_and_break_no_rule_of_access(
    visitors: Visitors, width: int, dark: bool, axe: str
) -> None:
    desk = visitors.desk
    number = f"+8491200{width:04}" + str(int(dark))
    one, other = (file_call(desk, number, f"{CALLS[RUDE_NURSE].story}\n{SECOND_MATTER}") for _ in range(2))
    page = visitors.person(INSPECTOR, width, dark=dark)
    visitors.open(page, f"/desk/cases/{one}")
    page.get_by_text("Tạm chặn số này").click()
    page.fill("#mute-why", "Gọi chửi bới")
    page.get_by_role("button", name="Tạm chặn").click()
    expect(page.locator(".undo-note")).to_be_visible()
    assert (too_wide(page), violations(page, axe)) == (0, [])
    for path in (f"/desk/cases/{one}/beside/{other}", f"/desk/cases/{one}/split", "/desk/muted"):
        visitors.open(page, path)
        unfold(page)
        assert (path, too_wide(page), violations(page, axe)) == (path, 0, [])
