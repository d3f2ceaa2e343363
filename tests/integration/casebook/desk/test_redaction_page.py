"""What a person hides does not leave the house, and what they show does."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from casebook.models import CaseFile, CaseRedaction
from casebook.rules.policy import Role
from casebook.service import cases, voice_copies
from recordings import service as recordings
from recordings.models import Recording
from tests.acceptance.desk_app import desk_app

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
    name = {word["nguyễn"], word["thị"], word["bích"], word["thủy"]}
    assert name <= checked(form) <= name | {word["sáng"]}, "what stands beside a name may be hidden with it"
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


@pytest.fixture
def open_house(desk: Desk) -> Desk:
    """The desk of a house that lets disguised sound leave."""
    tools = replace(desk.tools, audio_may_leave=True)
    return replace(desk, tools=tools, app=desk_app(tools))


def disguise(desk: Desk, visitor: Visitor, code: str) -> TestResponse:
    recording = story_of(desk, code)
    return visitor.post(f"/desk/cases/{code}/redaction/{recording}/voice")


def work_off(desk: Desk, code: str) -> None:
    """Run the step as the worker would."""
    case = desk.case(code)
    tools = desk.tools
    means = voice_copies.Means(tools.keys, tools.store, tools.understand)
    with tools.database.begin() as session:
        row = cases.get(session, case.id)
        recording = session.get_one(Recording, story_of(desk, code))
        hidden = voice_copies.hidden_stretches(session, row, recording, means)
    made = voice_copies.make(recording, hidden, means, "story")
    with tools.database.begin() as session:
        row = cases.get(session, case.id, lock=True)
        voice_copies.enter(session, row, recording.id, made, keys=tools.keys, now=desk.now, actor="ai@soyte.example")


def copies(desk: Desk) -> list[CaseFile]:
    with desk.tools.database.begin() as session:
        return list(session.scalars(select(CaseFile).order_by(CaseFile.added_at)))


def test_sound_leaves_only_where_the_house_allows_it(desk: Desk, open_house: Desk, code: str) -> None:
    assert disguise(desk, desk.inspector(), code).status_code == 409
    visitor = open_house.inspector("hai@soyte.example")
    assert disguise(open_house, visitor, code).status_code == 303
    assert "disguise_asked" in desk.kinds(code)


def test_sound_of_a_caller_who_wishes_to_stay_unknown_never_leaves(open_house: Desk, code: str) -> None:
    open_house.change(code, lambda _, case: setattr(case, "anonymous", True))
    assert disguise(open_house, open_house.inspector(), code).status_code == 409


def test_a_disguised_copy_is_the_units_only_after_an_inspector_says_so(open_house: Desk, code: str) -> None:
    work_off(open_house, code)
    (copy,) = copies(open_house)
    assert (copy.for_unit, copy.content_type) == (False, "audio/wav")
    visitor = open_house.inspector()
    assert "Đã nghe thử, cho đơn vị nghe" in plain(visitor.text(f"/desk/cases/{code}/redaction"))
    played = visitor.get(f"/desk/cases/{code}/files/{copy.id}").get_data()
    original = recordings.original_bytes(recording_of(open_house, code), open_house.tools.store, open_house.tools.keys)
    assert played[:4] == b"RIFF"
    assert played != original


def test_hiding_more_words_takes_the_older_copy_away(open_house: Desk, code: str) -> None:
    work_off(open_house, code)
    visitor = open_house.inspector()
    assert save(visitor, code, {0, 1, 2})[0] == 303
    (copy,) = copies(open_house)
    assert copy.removed_at is not None
    again = visitor.post(f"/desk/cases/{code}/files/{copy.id}/restore")
    assert again.status_code in {303, 409}
    assert copies(open_house)[0].removed_at is not None


def recording_of(desk: Desk, code: str) -> Recording:
    with desk.tools.database.begin() as session:
        return session.get_one(Recording, story_of(desk, code))


def story_of(desk: Desk, code: str) -> UUID:
    return next(link.recording_id for link in desk.case(code).recordings if link.question == "story")
