"""The review page in a real browser: hearing, correcting where the words stand, picking, sending; by keys alone."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from sqlalchemy import select

pytest.importorskip("playwright", reason="the playwright package is not installed: make setup-dev")

from playwright.sync_api import Browser, Locator, Page, Route, expect

from casebook.models import Case
from tests.acceptance.axe import violations
from tests.acceptance.screenshots import NOW, ServedDesk, too_wide
from tests.acceptance.seed import CALLS, PASSWORD, place
from tests.acceptance.visitors import (
    INSPECTOR,
    LEAVING_PAGES,
    RUDE_NURSE,
    Visitors,
    press,
    sound_position,
    story_of,
    unfold,
    wait_for_sound,
)
from transcription import service as transcripts
from transcription.ports import Word

pytestmark = LEAVING_PAGES

STORY = (
    "sáng nay tôi đưa mẹ đi khám ở bệnh viện chợ rẫy\n"
    "cô điều dưỡng quát là không chờ được thì đi chỗ khác\n"
    "tôi đã trả hai triệu đồng tiền tạm ứng\n"
    "tôi thấy thái độ như vậy là không chấp nhận được"
)

MOST_KEYS = 3
"""To send a case whose suggestion is right, counted from the opened page."""


@pytest.fixture
def code(desk: ServedDesk) -> str:
    """A fresh case about a rude nurse at Chợ Rẫy, told without a category key."""
    call = replace(CALLS[RUDE_NURSE], contact="", key=None, story=STORY)
    with desk.tools.database.begin() as session:
        return place(session, desk.tools, call, NOW, random.Random(3))


@pytest.fixture(scope="module")
def cookies(browser: Browser, desk: ServedDesk) -> dict[str, str]:
    """The inspector's cookies: logging in anew for every story would look like guessing."""
    page = Visitors(browser, desk).person(INSPECTOR)
    kept = {str(cookie.get("name")): str(cookie.get("value")) for cookie in page.context.cookies()}
    page.context.close()
    return kept


Enter = Callable[..., Page]


@pytest.fixture
def enter(visitors: Visitors, code: str, cookies: dict[str, str]) -> Enter:
    """Open the case as the inspector, in a browser of the given kind."""

    def opened(width: int = 1280, *, dark: bool = False, scripts: bool = True) -> Page:
        page = visitors.stranger(width, dark=dark, scripts=scripts)
        url = visitors.desk.url
        page.context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        visitors.open(page, f"/desk/cases/{code}")
        return page

    return opened


@pytest.fixture
def page(enter: Enter) -> Page:
    """The inspector with the case opened."""
    opened = enter()
    expect(story_of(opened).get_by_role("button", name="▶ Nghe")).to_be_visible()
    return opened


@dataclass
class Fingers:
    """Presses keys and counts them."""

    page: Page
    pressed: list[str] = field(default_factory=list)

    def press(self, key: str) -> None:
        self.pressed.append(key)
        press(self.page, key)


def case_of(desk: ServedDesk, code: str) -> Case:
    with desk.tools.database.begin() as session:
        return session.scalars(select(Case).where(Case.code == code)).one()


def words_of(desk: ServedDesk, code: str) -> list[list[Word]]:
    """The words of each revision of the story."""
    with desk.tools.database.begin() as session:
        case = session.scalars(select(Case).where(Case.code == code)).one()
        story: UUID = next(link.recording_id for link in case.recordings if link.question == "story")
        revisions = [transcripts.segments_of(kept, desk.tools.keys) for kept in transcripts.history(session, story)]
    return [[word for segment in segments for word in segment.words] for segments in revisions]


def word(page: Page, text: str) -> Locator:
    return story_of(page).locator(".words .w").filter(has_text=re.compile(rf"^{text}[.,]?$")).first


def mending(page: Page) -> Locator:
    return page.locator("input.mending")


def test_a_right_suggestion_is_sent_with_one_key(visitors: Visitors, page: Page, code: str) -> None:
    fingers = Fingers(page)
    fingers.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Phiếu chuyển đang được gửi đi")).to_be_visible()
    assert len(fingers.pressed) <= MOST_KEYS
    case = case_of(visitors.desk, code)
    assert (case.status, case.responsible_unit) == ("confirmed", "bv-cho-ray")


def test_a_wrong_field_is_set_right_with_one_key_and_sent_with_another(
    visitors: Visitors, page: Page, code: str
) -> None:
    fingers = Fingers(page)
    other = page.locator('#hint-category button[data-key="1"]')
    name = re.sub(r"\s*\d+\s*%$", "", other.inner_text())
    fingers.press("f")
    expect(page.locator("#f-category")).to_be_focused()
    fingers.press("1")
    expect(page.locator("#f-category option:checked")).to_have_text(name)
    fingers.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Phiếu chuyển đang được gửi đi")).to_be_visible()
    assert len(fingers.pressed) <= MOST_KEYS
    assert case_of(visitors.desk, code).category != "thai_do_phuc_vu"


def test_alt_and_a_number_take_another_suggestion_and_alt_zero_gives_the_first_one_back(page: Page) -> None:
    field = page.locator("#f-category")
    best = field.input_value()
    field.focus()
    press(page, "Alt+1")
    taken = field.input_value()
    assert taken not in {"", best}
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#f-category")).to_have_value(taken)
    page.locator("#f-category").focus()
    press(page, "Alt+0")
    expect(page.locator("#f-category")).to_have_value(best)


def test_the_words_behind_a_suggestion_light_up_while_its_field_has_the_focus(page: Page) -> None:
    press(page, "f")
    expect(word(page, "quát")).to_have_class(re.compile(r"\blit\b"))
    press(page, "Tab")
    expect(word(page, "quát")).not_to_have_class(re.compile(r"\blit\b"))


def test_keys_play_seek_and_go_from_sentence_to_sentence(page: Page) -> None:
    press(page, " ")
    wait_for_sound(page, 0.2)
    press(page, " ")
    starts = [
        float(str(line.locator(".w").first.get_attribute("data-t")))
        for line in story_of(page).locator(".words p").all()
    ]
    assert len(starts) > 1
    press(page, "Shift+ArrowRight", "Shift+ArrowRight")
    assert sound_position(page) == pytest.approx(starts[1], abs=0.3)
    press(page, "Shift+ArrowLeft")
    assert sound_position(page) == pytest.approx(starts[0], abs=0.3)
    press(page, "ArrowRight")
    assert sound_position(page) == pytest.approx(starts[0] + 3, abs=0.3)
    press(page, "]")
    assert story_of(page).locator("audio").evaluate("audio => audio.playbackRate") == 1.25


def test_a_looped_sentence_comes_again(page: Page) -> None:
    line = story_of(page).locator(".words p").nth(1)
    start = float(str(line.locator(".w").first.get_attribute("data-t")))
    end = float(str(line.locator(".w").last.get_attribute("data-e")))
    line.locator(".w").last.click()
    wait_for_sound(page, start)
    press(page, "l")
    expect(line).to_have_class("looped")
    expect(story_of(page).get_by_role("button", name="Lặp câu")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(
        "([start, end]) => { const at = document.querySelector('[data-question=story] audio').currentTime;"
        " return at >= start - 0.2 && at < (start + end) / 2; }",
        arg=[start, end],
    )
    press(page, "l")
    expect(line).not_to_have_class("looped")


def test_silence_is_skipped_when_asked_and_the_wish_is_kept(page: Page) -> None:
    page.evaluate("localStorage.setItem('desk.skip', 'yes')")
    silent = re.compile(r'(data-question="story"[^>]*data-silences=")[^"]*"')

    def with_silence(route: Route) -> None:
        got = route.fetch()
        route.fulfill(response=got, body=silent.sub(r'\g<1>0.0-4.0"', got.text()))

    page.route(re.compile(r"/desk/cases/\d+$"), with_silence)
    page.reload()
    knob = story_of(page).get_by_role("button", name="Bỏ lặng")
    expect(knob).to_have_attribute("aria-pressed", "true")
    press(page, " ")
    wait_for_sound(page, 3.99)
    press(page, " ")
    assert sound_position(page) < 6
    press(page, "s")
    expect(knob).to_have_attribute("aria-pressed", "false")


def test_a_word_corrected_where_it_stands_leaves_every_other_word_its_time(
    visitors: Visitors, page: Page, code: str
) -> None:
    word(page, "dưỡng").dblclick()
    expect(mending(page)).to_be_focused()
    expect(mending(page)).to_have_value("dưỡng")
    page.keyboard.type("dưỡng trưởng")
    press(page, "Enter")
    expect(mending(page)).to_have_value("quát")
    press(page, "Escape")
    expect(story_of(page).locator(".mended")).to_have_text("dưỡng trưởng")
    page.get_by_role("button", name="Lưu chỗ sửa").click()
    expect(page.get_by_role("status").filter(has_text="Đã lưu bản chép lời (lần 2)")).to_be_visible()
    before, after = words_of(visitors.desk, code)
    place = next(at for at, said in enumerate(before) if said.text == "dưỡng")
    assert after[:place] == before[:place]
    assert after[place + 2 :] == before[place + 1 :]
    assert [said.text for said in after[place : place + 2]] == ["dưỡng", "trưởng"]
    assert (after[place].start, after[place + 1].end) == (before[place].start, before[place].end) or (
        after[place] == before[place] and after[place + 1].start >= before[place].end
    )


def test_a_figure_is_corrected_by_the_words_that_were_said(visitors: Visitors, page: Page, code: str) -> None:
    story_of(page).locator('.w[data-w="hai triệu đồng"]').dblclick()
    expect(mending(page)).to_have_value("hai triệu đồng")
    page.keyboard.type("ba triệu đồng")
    press(page, "Control+Enter")
    expect(story_of(page).locator(".words")).to_contain_text("3.000.000")
    before, after = words_of(visitors.desk, code)
    changed = [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert [(before[at].text, after[at].text) for at in changed] == [("hai", "ba")]


def test_corrections_go_from_word_to_word_by_keys_and_can_be_undone(visitors: Visitors, page: Page, code: str) -> None:
    press(page, "e")
    expect(mending(page)).to_have_value("sáng")
    press(page, "End", "ArrowRight")
    expect(mending(page)).to_have_value("nay")
    press(page, "Shift+Enter")
    expect(mending(page)).to_have_value("sáng")
    press(page, "Delete", "Escape")
    expect(story_of(page).locator(".cut, .mended")).to_have_count(0)
    press(page, "e", "Delete", "Enter", "Escape")
    expect(story_of(page).locator(".cut")).to_have_count(1)
    press(page, "Control+z")
    expect(story_of(page).locator(".cut")).to_have_count(0)
    assert len(words_of(visitors.desk, code)) == 1


def test_a_key_leads_to_the_words_that_were_guessed(page: Page) -> None:
    doubtful = story_of(page).locator(".words .s0, .words .s1")
    assert doubtful.count() > 1
    first, second = (str(doubtful.nth(at).get_attribute("data-t")) for at in (0, 1))
    for expected in (first, second):
        press(page, "d")
        open_word = page.locator(".words .w[hidden]")
        expect(open_word).to_have_attribute("data-t", expected)
        press(page, "Escape")


def test_words_that_were_corrected_and_not_saved_are_not_lost_by_sending(
    visitors: Visitors, page: Page, code: str
) -> None:
    press(page, "e")
    page.keyboard.type("Hôm")
    press(page, "Enter", "Escape")
    page.get_by_role("button", name="Xác nhận và chuyển ngay").click()
    expect(story_of(page).locator(".mend-bar")).to_contain_text("chưa lưu")
    assert case_of(visitors.desk, code).status == "review"
    press(page, "Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Đã lưu bản chép lời (lần 2)")).to_be_visible()
    press(page, "Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Phiếu chuyển đang được gửi đi")).to_be_visible()
    assert case_of(visitors.desk, code).status == "confirmed"


def test_what_stands_in_the_form_outlives_the_save_of_a_correction(page: Page) -> None:
    page.fill("#f-summary", "Tóm tắt gõ dở")
    press(page, "Tab")
    page.locator("h1").click()
    press(page, "e")
    page.keyboard.type("Hôm")
    press(page, "Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Đã lưu bản chép lời (lần 2)")).to_be_visible()
    expect(page.locator("#f-summary")).to_have_value("Tóm tắt gõ dở")
    expect(page.locator("#form")).to_contain_text("Đã giữ lại chữ bạn gõ")


def test_a_session_that_ends_while_correcting_in_place_keeps_the_words(visitors: Visitors, page: Page) -> None:
    press(page, "e")
    page.keyboard.type("Hôm")
    press(page, "Enter")
    page.context.clear_cookies(name="lang_nghe")
    press(page, "Control+Enter")
    expect(page.get_by_role("alert").first).to_contain_text("chữ bạn gõ vẫn còn")
    page.fill("#email", INSPECTOR)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    expect(page.locator("#kept-text")).to_have_value(re.compile(r"^Hôm nay"))


def test_an_older_transcript_is_one_button_away(visitors: Visitors, page: Page, code: str) -> None:
    press(page, "e")
    page.keyboard.type("Hôm")
    press(page, "Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Đã lưu bản chép lời (lần 2)")).to_be_visible()
    story_of(page).get_by_text("Lịch sử sửa (2 bản)").click()
    expect(story_of(page).locator(".history ins")).to_have_text("Hôm")
    story_of(page).get_by_role("button", name="Trở lại bản lần 1").click()
    expect(page.get_by_role("status").filter(has_text="lưu thành lần 3")).to_be_visible()
    first, _, third = words_of(visitors.desk, code)
    assert third == first


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("tu du", "Bệnh viện Từ Dũ"),
        ("xom chieu", "Bệnh viện Quận 4"),
        ("quận hai", "Bệnh viện Lê Văn Thịnh"),
        ("hcdc", "Trung tâm Kiểm soát bệnh tật Thành phố"),
    ],
)
def test_a_unit_is_picked_by_keys(visitors: Visitors, page: Page, code: str, typed: str, unit: str) -> None:
    field = page.get_by_role("combobox", name="Đơn vị có trách nhiệm")
    field.fill("")
    field.press_sequentially(typed)
    option = page.locator(".options [role=option]").first
    expect(option).to_contain_text(unit)
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    field.press("Enter")
    expect(field).to_have_value(unit)
    expect(field).to_have_attribute("aria-expanded", "false")
    assert case_of(visitors.desk, code).status == "review"
    press(page, "Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Phiếu chuyển đang được gửi đi")).to_be_visible()
    assert visitors.desk.tools.calls is not None
    assert case_of(visitors.desk, code).responsible_unit != "bv-cho-ray"


def test_the_list_of_units_is_left_as_it_is_by_escape_and_chosen_from_by_arrows_and_mouse(page: Page) -> None:
    field = page.get_by_role("combobox", name="Đơn vị có trách nhiệm")
    field.fill("")
    field.press_sequentially("nhi đồng")
    options = page.locator(".options [role=option]")
    expect(options.first).to_be_visible()
    second = options.nth(1).locator("b").inner_text()
    field.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("nhi đồng")
    field.press("ArrowDown")
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value(second)
    field.fill("")
    field.press_sequentially("hùng vương")
    expect(options.first).to_be_visible()
    field.press("Tab")
    expect(field).to_have_value("Bệnh viện Hùng Vương")
    field.fill("")
    field.press_sequentially("chợ rẫy")
    options.first.click()
    expect(field).to_have_value("Bệnh viện Chợ Rẫy")


def test_a_place_in_no_directory_stays_as_it_was_typed(visitors: Visitors, page: Page, code: str) -> None:
    field = page.get_by_role("combobox", name="Cơ sở được phản ánh")
    field.fill("")
    field.press_sequentially("Phòng khám Bình Dân Mới")
    page.wait_for_timeout(400)
    field.press("Enter")
    expect(field).to_have_value("Phòng khám Bình Dân Mới")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Đã lưu")).to_be_visible()
    assert case_of(visitors.desk, code).subject_text == "Phòng khám Bình Dân Mới"


def test_a_unit_that_takes_no_letters_says_so_when_it_is_picked(page: Page) -> None:
    field = page.get_by_role("combobox", name="Đơn vị có trách nhiệm")
    field.fill("")
    field.press_sequentially("tổ chức cán bộ")
    expect(page.locator(".options [role=option]").first).to_contain_text("chưa có địa chỉ thư")
    field.press("Enter")
    expect(page.locator("#form .mute-unit")).to_contain_text("chưa có địa chỉ thư")


def test_the_keys_are_told_under_the_question_mark(page: Page) -> None:
    press(page, "?")
    expect(page.get_by_role("dialog")).to_contain_text("Lặp lại câu đang nghe")
    expect(page.get_by_role("dialog")).to_contain_text("Gửi phiếu đi ngay")


def test_call_words_and_form_stand_side_by_side_on_a_desk_and_the_sending_button_is_in_sight(page: Page) -> None:
    boxes = [page.locator(name).bounding_box() for name in (".review-call", ".review-heard", ".review-form")]
    call, heard, form = (box for box in boxes if box is not None)
    assert call["x"] + call["width"] <= heard["x"]
    assert heard["x"] + heard["width"] <= form["x"]
    expect(page.locator("button[value=forward]")).to_be_in_viewport(ratio=1)


def test_without_scripts_words_and_form_are_saved_all_the_same(visitors: Visitors, enter: Enter, code: str) -> None:
    page = enter(scripts=False)
    story_of(page).get_by_text("Sửa chữ").click()
    words = story_of(page).locator("textarea")
    words.fill(words.input_value().replace("sáng nay", "hôm nay"))
    story_of(page).get_by_role("button", name="Lưu bản chép lời").click()
    expect(page.get_by_role("status").filter(has_text="Đã lưu bản chép lời (lần 2)")).to_be_visible()
    assert page.locator("#f-unit").get_attribute("list") == "units"
    page.fill("#f-unit", "benh vien tu du")
    page.fill("#f-summary", "Lưu khi không có script")
    page.locator("#f-subject").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Đã lưu.")).to_be_visible()
    case = case_of(visitors.desk, code)
    assert (case.status, case.responsible_unit, case.summary) == ("review", "bv-tu-du", "Lưu khi không có script")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_on_the_page_keeps_anybody_out(enter: Enter, axe: str, width: int, *, dark: bool) -> None:
    page = enter(width, dark=dark)
    unfold(page)
    press(page, "e")
    page.keyboard.type("Hôm")
    press(page, "Enter")
    found = violations(page, axe)
    press(page, "Escape")
    field = page.get_by_role("combobox", name="Đơn vị có trách nhiệm")
    field.fill("")
    field.press_sequentially("bệnh viện")
    expect(page.locator(".options [role=option]").first).to_be_visible()
    found += violations(page, axe)
    assert found == []
    assert too_wide(page) <= 0
