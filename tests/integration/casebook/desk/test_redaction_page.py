"""What a person hides does not leave the house, and what they show does."""

from __future__ import annotations

import re

import pytest

from casebook.models import CaseRedaction
from casebook.rules.policy import Role

from .conftest import Desk, Visitor, hidden, plain

STORY = "tôi tên là nguyễn thị bích thủy sáng nay đưa mẹ đi khám\ncô điều dưỡng mập ở quầy số ba quát mẹ tôi"


@pytest.fixture
def code(desk: Desk) -> str:
    return desk.place(story=STORY)


def story_form(page: str) -> str:
    """The form of the answer in which the nurse is described."""
    forms: list[str] = re.findall(r'<form method="post"[^>]*class="redact">.*?</form>', page, re.DOTALL)
    return next(form for form in forms if "mập" in form)


def places(form: str) -> dict[str, int]:
    return {word: int(place) for place, word in re.findall(r'value="(\d+)"[^>]*><span>([^<]+)</span>', form)}


def checked(form: str) -> set[int]:
    return {int(place) for place in re.findall(r'name="hide" value="(\d+)" checked', form)}


def save(visitor: Visitor, code: str, wanted: set[int], **fields: str) -> tuple[int, str]:
    """Choose exactly these words of the story."""
    page = visitor.text(f"/desk/cases/{code}/redaction")
    form = story_form(page)
    action = re.search(r'action="([^"]+)"', form)
    assert action
    typed = {"csrf_token": hidden(form, "csrf_token"), "revision": hidden(form, "revision"), **fields}
    answer = visitor.bare_post(action.group(1), {**typed, "hide": [str(place) for place in wanted]})
    return answer.status_code, action.group(1)


def letter(visitor: Visitor, code: str) -> str:
    return plain(visitor.text(f"/desk/cases/{code}/letter"))


def test_the_marks_of_the_rules_stand_until_a_person_changes_them(desk: Desk, code: str) -> None:
    visitor = desk.inspector()
    form = story_form(visitor.text(f"/desk/cases/{code}/redaction"))
    word = places(form)
    assert checked(form) == {word["nguyễn"], word["thị"], word["bích"], word["thủy"]}
    assert "bích thủy" not in letter(visitor, code).lower()


def test_words_hidden_by_hand_are_in_no_letter_no_search_and_no_summary(desk: Desk, code: str) -> None:
    visitor = desk.inspector()
    form = story_form(visitor.text(f"/desk/cases/{code}/redaction"))
    word = places(form)
    assert "mập" in letter(visitor, code)
    assert save(visitor, code, checked(form) | {word["mập"], word["quầy"]})[0] == 303
    assert "mập" not in letter(visitor, code)
    assert "quầy" not in letter(visitor, code)
    assert "mẹ" in letter(visitor, code)
    case = desk.case(code)
    assert "map" not in case.search_text.split()
    assert "mập" not in case.summary
    assert "redaction_changed" in desk.kinds(code)


def test_words_shown_by_hand_leave_although_the_rules_hid_them(desk: Desk, code: str) -> None:
    visitor = desk.inspector()
    assert save(visitor, code, set())[0] == 303
    assert "thủy" in letter(visitor, code).lower()


def test_the_last_change_can_be_undone(desk: Desk, code: str) -> None:
    visitor = desk.inspector()
    before = checked(story_form(visitor.text(f"/desk/cases/{code}/redaction")))
    _, action = save(visitor, code, set())
    assert visitor.post(f"{action}/undo").status_code == 303
    assert checked(story_form(visitor.text(f"/desk/cases/{code}/redaction"))) == before
    assert "thủy" not in letter(visitor, code).lower()


def test_marks_outlive_a_correction_of_the_words_around_them(desk: Desk, code: str) -> None:
    visitor = desk.inspector()
    form = story_form(visitor.text(f"/desk/cases/{code}/redaction"))
    save(visitor, code, checked(form) | {places(form)["mập"]})
    recording = re.search(r"redaction/([0-9a-f-]{36})", form)
    assert recording
    page = visitor.text(f"/desk/cases/{code}")
    fields = {
        "version": hidden(page, "version"),
        "revision": "1",
        "text": STORY.replace("sáng nay", "hồi sáng hôm nay"),
    }
    answer = visitor.post(f"/desk/cases/{code}/answers/{recording.group(1)}", fields, at=f"/desk/cases/{code}")
    assert answer.status_code == 303
    assert "hồi sáng hôm nay" in letter(visitor, code).lower()
    assert "mập" not in letter(visitor, code)


def test_a_page_of_older_words_is_refused_and_changes_nothing(desk: Desk, code: str) -> None:
    visitor = desk.inspector()
    assert save(visitor, code, set(), revision="7")[0] == 409
    assert desk.count(CaseRedaction) == 0


@pytest.mark.parametrize("wanted", [{99_999}, {-1}])
def test_places_that_are_no_words_are_left_out(desk: Desk, code: str, wanted: set[int]) -> None:
    visitor = desk.inspector()
    assert save(visitor, code, wanted)[0] == 303


def test_the_contact_answer_is_not_on_the_page(desk: Desk, code: str) -> None:
    page = desk.inspector().text(f"/desk/cases/{code}/redaction")
    assert "số điện thoại" not in plain(page)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.UNIT_OFFICER, Role.OPERATOR])
def test_only_inspectors_correct_what_is_hidden(desk: Desk, code: str, role: Role) -> None:
    assert desk.person(role).get(f"/desk/cases/{code}/redaction").status_code == 403
