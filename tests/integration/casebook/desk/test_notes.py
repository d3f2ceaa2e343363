"""Internal notes: for inspectors alone, sealed, one's own to take away."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from casebook.models import CaseNote
from casebook.rules.policy import Role

from .at_the_unit import case_of, officer
from .conftest import Desk, Visitor, hidden, plain

NOTE = "Gọi lại chị Hai ở quầy số 4 sau 14 giờ."


def note(visitor: Visitor, code: str, words: str = NOTE) -> TestResponse:
    return visitor.post(f"/desk/cases/{code}/notes", {"words": words}, at=f"/desk/cases/{code}")


def act(visitor: Visitor, code: str, what: str, note_id: str) -> TestResponse:
    return visitor.post(f"/desk/cases/{code}/notes/{note_id}/{what}", at=f"/desk/cases/{code}")


def id_of(page: str) -> str:
    found = re.search(r"/notes/([0-9a-f-]{36})/", page)
    assert found
    return found.group(1)


def test_a_note_says_who_wrote_it_and_when(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    assert note(inspector, code).status_code == 303
    page = plain(desk.inspector("khac@soyte.example").text(f"/desk/cases/{code}"))
    assert f"{NOTE} Nguyễn Hữu Phước · 09:30 ngày 21/11/2026" in page
    assert desk.kinds(code)[-1] == "note_added"
    assert NOTE not in str([event.data for event in desk.events(code)])


def test_a_note_is_sealed_and_leaves_the_house_in_no_way(desk: Desk) -> None:
    code, inspector = case_of(desk), desk.inspector()
    note(inspector, code)
    with desk.tools.database.begin() as session:
        assert b"14 gi" not in session.scalars(select(CaseNote.text_sealed)).one()
    for visitor, path in (
        (officer(desk), f"/desk/unit/cases/{code}"),
        (desk.person(Role.SUPERVISOR), f"/desk/cases/{code}"),
        (inspector, f"/desk/cases/{code}/letter"),
    ):
        assert NOTE not in plain(visitor.text(path))


def test_a_note_that_was_taken_away_can_be_put_back(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    note(inspector, code)
    note_id = id_of(inspector.text(f"/desk/cases/{code}"))
    assert act(inspector, code, "remove", note_id).status_code == 303
    page = plain(inspector.text(f"/desk/cases/{code}"))
    assert NOTE not in page
    assert "Bạn đã gỡ ghi chú" in page
    assert "đã gỡ một ghi chú" in plain(desk.inspector("khac@soyte.example").text(f"/desk/cases/{code}"))
    act(inspector, code, "restore", note_id)
    assert NOTE in plain(inspector.text(f"/desk/cases/{code}"))
    assert desk.kinds(code)[-3:] == ["note_added", "note_removed", "note_restored"]


def test_pressed_twice_it_is_done_once(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    note(inspector, code)
    note_id = id_of(inspector.text(f"/desk/cases/{code}"))
    for what in ("remove", "remove", "restore", "restore"):
        assert act(inspector, code, what, note_id).status_code == 303
    assert desk.kinds(code)[-3:] == ["note_added", "note_removed", "note_restored"]


@pytest.mark.parametrize("what", ["remove", "restore"])
def test_nobody_takes_anothers_note_away(desk: Desk, what: str) -> None:
    code, inspector, other = desk.place(), desk.inspector(), desk.inspector("khac@soyte.example")
    note(inspector, code)
    page = inspector.text(f"/desk/cases/{code}")
    refused = act(other, code, what, id_of(page))
    assert refused.status_code == 409
    assert "Chỉ người viết mới gỡ" in plain(refused.get_data(as_text=True))
    assert NOTE in plain(inspector.text(f"/desk/cases/{code}"))


def test_a_note_is_found_by_its_own_case_only(desk: Desk) -> None:
    code, another, inspector = desk.place(), desk.place(), desk.inspector()
    note(inspector, code)
    note_id = id_of(inspector.text(f"/desk/cases/{code}"))
    assert act(inspector, another, "remove", note_id).status_code == 409
    assert act(inspector, code, "remove", str(uuid4())).status_code == 409
    assert "note_removed" not in desk.kinds(code)


def test_an_empty_note_asks_for_words(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    refused = note(inspector, code, " \x00 ")
    assert refused.status_code == 422
    assert "Hãy ghi nội dung ghi chú" in plain(refused.get_data(as_text=True))


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\x00\u202ex", "A" * 30_000])
def test_nothing_in_a_note_breaks_the_page(desk: Desk, hostile: str) -> None:
    code, inspector = desk.place(), desk.inspector()
    assert note(inspector, code, hostile).status_code == 303
    page = inspector.text(f"/desk/cases/{code}")
    assert "<script>alert" not in page
    assert "\x00" not in page


def test_a_note_typed_while_the_session_ended_is_kept(desk: Desk) -> None:
    code = desk.place()
    lost = desk.stranger().bare_post(f"/desk/cases/{code}/notes", {"words": NOTE}).get_data(as_text=True)
    assert hidden(lost, "kept.words") == NOTE
