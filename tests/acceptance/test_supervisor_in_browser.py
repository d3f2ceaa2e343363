"""A supervisor's morning, an auditor's look and hiding words, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

pytest.importorskip("playwright", reason="the playwright package is not installed: make setup-dev")

from playwright.sync_api import Page, expect

from casebook.rules.policy import Role
from casebook.service import users
from tests.acceptance.axe import violations
from tests.acceptance.screenshots import NOW, ServedDesk, served_desk, too_wide
from tests.acceptance.seed import PASSWORD
from tests.acceptance.visitors import (
    IN_BROWSER,
    INSPECTOR,
    RUDE_NURSE,
    SUPERVISOR,
    Visitors,
)

pytestmark = IN_BROWSER

AUDITOR = "kiemtoan@soyte.example"
WIDTHS = (360, 1280)


@pytest.fixture(scope="module")
def desk() -> Iterator[ServedDesk]:
    """The seeded desk with an auditor."""
    with served_desk() as served:
        with served.tools.database.begin() as session:
            users.create(
                session, email=AUDITOR, name="Lý Minh Châu", roles=[Role.AUDITOR], password=PASSWORD, now=NOW
            ).last_login_at = NOW
        yield served


def cases_listed(page: Page) -> int:
    return page.locator(".case-link").count()


def test_a_supervisor_sees_the_day_and_comes_from_each_number_to_its_cases(visitors: Visitors) -> None:
    page = visitors.person(SUPERVISOR)
    page.get_by_role("link", name="Tổng quan").click()
    expect(page.locator("h1")).to_have_text("Tổng quan trong ngày")
    titles = page.locator(".number a span").all_inner_texts()
    assert len(titles) == 12
    for place, title in enumerate(titles):
        number = page.locator(".number a").nth(place)
        count = int(number.locator("b").inner_text())
        number.click()
        assert cases_listed(page) == count, title
        page.go_back()
    page.get_by_role("link", name=re.compile("quá hạn: ")).first.click()
    assert cases_listed(page) > 0
    assert page.locator(".case .late").count() == cases_listed(page), "every case of the list is late"


def test_the_numbers_renew_themselves_without_moving_the_page(visitors: Visitors) -> None:
    page = visitors.person(SUPERVISOR)
    page.clock.install()
    visitors.open(page, "/desk/today")
    page.evaluate("document.querySelector('.number b').textContent = 'cũ'")
    page.get_by_text("Xem bằng bảng").click()
    page.evaluate("document.activeElement.blur()")
    page.clock.run_for(31_000)
    expect(page.locator(".number b").first).not_to_have_text("cũ")
    assert page.locator("section details").first.get_attribute("open") is not None


def test_an_auditor_reads_what_was_done_and_opens_no_case(visitors: Visitors) -> None:
    page = visitors.person(AUDITOR)
    expect(page.locator("h1")).to_have_text("Nhật ký")
    page.select_option("#a-group", "doors")
    page.get_by_role("button", name="Lọc").click()
    expect(page.locator("tbody tr").first).to_contain_text("Đăng nhập")
    answer = page.request.get(f"{visitors.desk.url}/desk/cases/{visitors.desk.codes[RUDE_NURSE]}")
    assert answer.status == 403


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_word_that_is_hidden_is_gone_from_the_letter(visitors: Visitors, scripts: bool) -> None:
    page = visitors.person(INSPECTOR, scripts=scripts)
    code = visitors.desk.codes[RUDE_NURSE]
    visitors.open(page, f"/desk/cases/{code}/redaction")
    letter = page.frame_locator(".preview iframe").locator("body")
    word = page.locator(".hideable:has(input:not(:checked))").nth(6)
    hidden = word.inner_text().strip()
    before = letter.inner_text().lower().split().count(hidden)
    word.locator("input").check()
    page.locator("form.redact").filter(has=word).get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu phần che")
    assert letter.inner_text().lower().split().count(hidden) == before - 1
    page.get_by_role("button", name="Hoàn tác lần sửa gần nhất").first.click()
    expect(page.get_by_role("status")).to_contain_text("trở về")
    assert letter.inner_text().lower().split().count(hidden) == before


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nobody_is_shut_out_of_these_pages(visitors: Visitors, width: int, dark: bool, axe: str) -> None:
    supervisor = visitors.person(SUPERVISOR, width, dark=dark)
    auditor = visitors.person(AUDITOR, width, dark=dark)
    inspector = visitors.person(INSPECTOR, width, dark=dark)
    code = visitors.desk.codes[RUDE_NURSE]
    for page, path in (
        (supervisor, "/desk/today"),
        (auditor, "/desk/audit"),
        (inspector, f"/desk/cases/{code}/redaction"),
    ):
        visitors.open(page, path)
        assert violations(page, axe) == [], path
        assert not too_wide(page), path
