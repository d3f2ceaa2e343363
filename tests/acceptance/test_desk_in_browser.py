"""The desk in a real browser: what an inspector does in a working day, by mouse and by keys, on any screen."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

pytest.importorskip("playwright", reason="the playwright package is not installed: make setup-dev")

from playwright.sync_api import expect

from casebook.models import Case, OutboxMail
from casebook.rules import codes
from tests.acceptance.axe import violations
from tests.acceptance.screenshots import (
    NOW,
    ServedDesk,
    log_in,
    too_wide,
)
from tests.acceptance.seed import CALLS, PASSWORD, place, send
from tests.acceptance.visitors import (
    CHIEF,
    INSPECTOR,
    LEAVING_PAGES,
    RUDE_NURSE,
    SECRET,
    SUPERVISOR,
    Visitors,
    pages_of,
    press,
    sound_position,
    story_of,
    tab_to,
    unfold,
    wait_for_sound,
)

pytestmark = LEAVING_PAGES


@pytest.fixture
def code(desk: ServedDesk) -> str:
    """A fresh case about a rude nurse at Chợ Rẫy, whose category is not sure; `gieo quẻ` makes it easy to find."""
    story = CALLS[RUDE_NURSE].story + "\ntôi sẽ gọi lại gieo quẻ"
    call = replace(CALLS[RUDE_NURSE], contact="", key=None, story=story)
    with desk.tools.database.begin() as session:
        return place(session, desk.tools, call, NOW, random.Random(3))


def case_of(desk: ServedDesk, code: str) -> Case:
    with desk.tools.database.begin() as session:
        return session.scalars(select(Case).where(Case.code == code)).one()


def letter_of(desk: ServedDesk, code: str) -> OutboxMail:
    """Do the part of the worker that was asked for, and give the letter that it wrote down."""
    with desk.tools.database.begin() as session:
        case = session.scalars(select(Case).where(Case.code == code).with_for_update()).one()
        send(session, desk.tools, case, NOW, arrives=True)
        return session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).one()


def test_an_inspector_hears_corrects_confirms_and_sends_a_case(visitors: Visitors, code: str) -> None:
    desk, page = visitors.desk, visitors.person(INSPECTOR)
    page.fill("#q", "dieu duong quat cho ray gieo que")
    page.click("form.filter button.main")
    page.locator(f'.case-link[href$="{code}"]').click()
    expect(page.locator("h1")).to_contain_text(codes.readable(code))

    story_of(page).get_by_role("button", name="▶ Nghe").click()
    wait_for_sound(page, 0.4)
    word = story_of(page).locator(".words .w").last
    starts = float(str(word.get_attribute("data-t")))
    word.click()
    wait_for_sound(page, starts - 0.05)
    assert starts - 0.1 <= sound_position(page) < starts + 3
    expect(word).to_have_class(re.compile(r"\bnow\b"))

    story_of(page).get_by_text("Sửa chữ").click()
    words = story_of(page).locator("textarea")
    words.fill(words.input_value().replace("gieo quẻ", "theo dõi"))
    story_of(page).get_by_role("button", name="Lưu bản chép lời").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu bản chép lời (lần 2)")
    expect(story_of(page).locator(".words")).to_contain_text("theo dõi")

    other = page.locator("#hint-category .others button").first
    name = re.sub(r"\s*\d+\s*%$", "", other.inner_text())
    other.click()
    expect(page.locator("#f-category option:checked")).to_have_text(name)
    page.get_by_role("button", name="Xác nhận và chuyển ngay").click()
    expect(page.get_by_role("status")).to_contain_text("Phiếu chuyển đang được gửi đi")
    expect(page.locator(".case-tags")).to_contain_text("Chờ chuyển")

    letter = letter_of(desk, code)
    assert code in letter.subject
    page.reload()
    expect(page.locator(".case-tags")).to_contain_text("Đã chuyển")
    expect(page.locator(".mails")).to_contain_text(letter.recipient)


def test_the_same_is_done_without_a_mouse(visitors: Visitors, code: str) -> None:
    page = visitors.stranger()
    visitors.open(page, "/desk/login")
    page.keyboard.type(INSPECTOR)
    press(page, "Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    expect(page.locator("h1")).to_have_text("Phản ánh")
    press(page, "/")
    page.keyboard.type(code)
    press(page, "Enter")
    expect(page.locator(".queue .case")).to_have_count(1)
    press(page, "j", "Enter")
    expect(page.locator("h1")).to_contain_text(codes.readable(code))

    expect(story_of(page).get_by_role("button", name="▶ Nghe")).to_be_visible()
    press(page, " ")
    wait_for_sound(page, 0.2)
    press(page, "ArrowRight")
    wait_for_sound(page, 3.1)
    press(page, " ", "Shift+E")
    expect(story_of(page).locator("textarea")).to_be_focused()
    press(page, "Control+End")
    page.keyboard.type(" bằng bàn phím")
    press(page, "Tab", "Enter")
    expect(story_of(page).locator(".words")).to_contain_text("bằng bàn phím")

    press(page, "f")
    tab_to(page, "#hint-category .others button")
    name = re.sub(r"\s*\d+\s*%$", "", page.locator(":focus").inner_text())
    press(page, "Enter")
    expect(page.locator("#f-category")).to_be_focused()
    expect(page.locator("#f-category option:checked")).to_have_text(name)
    tab_to(page, "button[value=forward]")
    press(page, "Enter")
    expect(page.locator(".case-tags")).to_contain_text("Chờ chuyển")
    assert letter_of(visitors.desk, code).state == "sent"
    press(page, "u")
    expect(page.locator("h1")).to_have_text("Phản ánh")


def test_the_later_of_two_people_sees_the_difference(visitors: Visitors, code: str) -> None:
    first, second = visitors.person(CHIEF), visitors.person(INSPECTOR)
    for page, words in ((first, "Bị quát khi chờ khám"), (second, "Điều dưỡng quát người nhà")):
        visitors.open(page, f"/desk/cases/{code}")
        page.fill("#f-summary", words)
    for page in (first, second):
        page.get_by_role("button", name="Lưu", exact=True).click()
    expect(first.get_by_role("status")).to_have_text("Đã lưu.")
    row = second.locator(".clash tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Bị quát khi chờ khám")
    expect(row).to_contain_text("Điều dưỡng quát người nhà")
    expect(second.locator("#f-summary")).to_have_value("Điều dưỡng quát người nhà")
    second.get_by_role("button", name="Lưu", exact=True).click()
    expect(second.get_by_role("status")).to_have_text("Đã lưu.")
    assert case_of(visitors.desk, code).summary == "Điều dưỡng quát người nhà"


@pytest.mark.parametrize("what", ["form", "words"])
def test_a_session_that_ends_while_typing_keeps_what_was_typed(visitors: Visitors, code: str, what: str) -> None:
    page = visitors.person(INSPECTOR)
    visitors.open(page, f"/desk/cases/{code}")
    if what == "words":
        story_of(page).get_by_text("Sửa chữ").click()
    box = page.locator("#f-summary") if what == "form" else story_of(page).locator("textarea")
    button = "Lưu" if what == "form" else "Lưu bản chép lời"
    box.fill("Chữ này không được mất")
    page.context.clear_cookies(name="lang_nghe")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("chữ bạn gõ vẫn còn")
    page.fill("#email", INSPECTOR)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    expect(page.locator(f"#kept-{'summary' if what == 'form' else 'text'}")).to_have_value("Chữ này không được mất")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu")
    expect(page.locator("main")).to_contain_text("Chữ này không được mất", ignore_case=True)


def test_a_supervisor_does_not_see_the_confidential_line(visitors: Visitors) -> None:
    page, secret = visitors.person(SUPERVISOR), visitors.desk.codes[SECRET]
    for path in ("/desk/?view=all", f"/desk/?view=all&q={secret}", "/desk/?view=all&q=an+tam+viet"):
        visitors.open(page, path)
        assert page.locator(f'.case-link[href*="{secret}"]').count() == 0
        assert "An Tâm Việt" not in page.inner_text("main")
    for path in (f"/desk/cases/{secret}", f"/desk/cases/{secret}/letter"):
        answer = page.goto(visitors.desk.url + path)
        assert answer is not None
        assert answer.status == 404
    visitors.open(page, f"/desk/cases/{visitors.desk.codes[RUDE_NURSE]}")
    assert page.locator("audio").count() == 0


def test_without_scripts_cases_are_found_read_and_saved(visitors: Visitors, code: str) -> None:
    page = visitors.person(INSPECTOR, scripts=False)
    page.fill("#q", "gieo que")
    page.click("form.filter button.main")
    page.locator(f'.case-link[href$="{code}"]').click()
    expect(story_of(page).locator("audio")).to_have_attribute("controls", "")
    page.fill("#f-summary", "Lưu khi không có script")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Đã lưu.")
    expect(page.locator("#f-summary")).to_have_value("Lưu khi không có script")


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_scrolled_sideways_on_a_phone(visitors: Visitors, width: int) -> None:
    page = visitors.stranger(width)
    visitors.open(page, "/desk/login")
    found = {"login": too_wide(page)}
    log_in(page, visitors.desk)
    for name, path in pages_of(visitors, page).items():
        visitors.open(page, path)
        found[name] = too_wide(page)
        unfold(page)
        found[f"{name}, unfolded"] = too_wide(page)
    assert {name: wide for name, wide in found.items() if wide > 0} == {}


def test_no_page_makes_the_console_complain(visitors: Visitors) -> None:
    page = visitors.person(CHIEF)
    seen: set[str] = set()
    waiting = ["/desk/?view=all", "/desk/khong-co-trang-nay"]
    while waiting:
        path = waiting.pop().partition("#")[0]
        if path in seen:
            continue
        seen.add(path)
        visitors.open(page, path)
        links = page.eval_on_selector_all(
            "a[href^='/desk']:not([download], [href*='.csv'])", "links => links.map(link => link.getAttribute('href'))"
        )
        waiting += [link for link in links if link not in seen]
    assert len(seen) > 2 * len(CALLS)
    assert visitors.heard() == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_is_open_to_everybody(visitors: Visitors, axe: str, *, dark: bool) -> None:
    page = visitors.stranger(dark=dark)
    visitors.open(page, "/desk/login")
    found = {"login": violations(page, axe)}
    log_in(page, visitors.desk)
    for name, path in pages_of(visitors, page).items():
        visitors.open(page, path)
        unfold(page)
        found[name] = violations(page, axe)
    assert {name: broken for name, broken in found.items() if broken} == {}
