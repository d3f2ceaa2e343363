"""The second wall: the database hides rows even from a query that forgot to ask who looks."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casebook.models import Case, CaseEvent, CaseLink, CaseRecording, IdentityRequest, MutedCaller
from casebook.queries.visible import find, find_for_unit, stand_behind_wall, visible, visible_to_unit
from casebook.rules.policy import Role, Viewer
from casebook.rules.states import Status
from ivr.models import Call, CallEvent
from recordings.models import Recording
from transcription.models import Transcript

from .conftest import Desk

UNIT = "bv-cho-ray"
OPEN_TO = {"inspector", "chief_inspector", "supervisor"}


def viewer(role: str, **limits: object) -> Viewer:
    return Viewer("ai@soyte.example", frozenset({Role(role)}), **limits)  # type: ignore[arg-type]


def behind(desk: Desk, who: Viewer, session: Session) -> set[str]:
    stand_behind_wall(session, who)
    return set(session.scalars(select(Case.code)))


def sent(_session: Session, case: Case) -> None:
    case.status, case.responsible_unit = Status.FORWARDED, UNIT


def of_another_unit(_session: Session, case: Case) -> None:
    case.status, case.responsible_unit, case.subject_unit = Status.FORWARDED, "bv-binh-dan", "bv-binh-dan"


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_the_database_shows_each_role_what_the_policy_says_and_no_more(desk: Desk, role: str) -> None:
    plain, secret = desk.place(), desk.place(line="ve_benh_moi_tien")
    mine, other = desk.place(), desk.place()
    desk.change(mine, sent)
    desk.change(other, of_another_unit)
    who = viewer(role, unit=UNIT)
    wanted = {plain, mine, other} if role in OPEN_TO else set()
    wanted |= {secret} if role == "chief_inspector" else set()
    wanted |= {mine} if role.startswith("unit_") else set()
    with desk.tools.database.begin() as session:
        assert behind(desk, who, session) == wanted
        asked = set(session.scalars(select(Case.code).where(visible(who) | visible_to_unit(who))))
        assert asked == wanted, "the first wall says the same"


@pytest.mark.parametrize("table", [CaseEvent, CaseRecording, Recording, Transcript])
def test_what_belongs_to_a_hidden_case_is_hidden_with_it(desk: Desk, table: type) -> None:
    desk.place(line="ve_benh_moi_tien")
    with desk.tools.database.begin() as session:
        assert session.scalar(select(func.count()).select_from(table))
        stand_behind_wall(session, viewer("inspector"))
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_lines_and_regions_are_walls_too(desk: Desk) -> None:
    code = desk.place()
    with desk.tools.database.begin() as session:
        region = session.scalar(text("SELECT region FROM units WHERE slug = :slug"), {"slug": UNIT})
        elsewhere = session.scalar(text("SELECT region FROM units WHERE region <> :r LIMIT 1"), {"r": region})
    for limits, seen in (
        ({"lines": frozenset({"chat_luong"})}, {code}),
        ({"lines": frozenset({"dich_vu_cong"})}, set()),
        ({"lines": frozenset()}, set()),
        ({"regions": frozenset({region})}, {code}),
        ({"regions": frozenset({elsewhere})}, set()),
    ):
        who = viewer("inspector", **limits)
        with desk.tools.database.begin() as session:
            assert behind(desk, who, session) == seen
            assert set(session.scalars(select(Case.code).where(visible(who)))) == seen


def test_a_unit_finds_its_case_by_the_code_and_no_other(desk: Desk) -> None:
    mine, other = desk.place(), desk.place()
    desk.change(mine, sent)
    desk.change(other, of_another_unit)
    officer = viewer("unit_officer", unit=UNIT)
    with desk.tools.database.begin() as session:
        assert find_for_unit(session, officer, mine) is not None
        assert find_for_unit(session, officer, other) is None
        assert find(session, officer, mine) is None, "the Department's pages are not the unit's"


@pytest.mark.parametrize(
    "statement", ["UPDATE case_events SET actor = 'x'", "DELETE FROM case_events", "DELETE FROM desk_events"]
)
def test_what_happened_cannot_be_changed_by_anybody(desk: Desk, statement: str) -> None:
    desk.place()
    desk.account(Role.INSPECTOR)
    with desk.tools.database.begin() as session, pytest.raises(DBAPIError, match="only added"):
        session.execute(text(statement))


def test_a_decision_about_two_cases_is_seen_only_by_who_sees_both(desk: Desk) -> None:
    plain, secret = desk.place(), desk.place(line="ve_benh_moi_tien")
    with desk.tools.database.begin() as session:
        ids = dict(session.execute(select(Case.code, Case.id)).all())
        for one, other in ((plain, secret), (secret, plain)):
            made = {"made_by": "chanh@soyte.example", "made_at": desk.now, "why": "người tố giác là điều dưỡng"}
            undone = desk.now if one == secret else None
            session.add(CaseLink(case_id=ids[one], other_id=ids[other], kind="linked", undone_at=undone, **made))
    for role, count in (("chief_inspector", 2), ("inspector", 0), ("supervisor", 0)):
        with desk.tools.database.begin() as session:
            stand_behind_wall(session, viewer(role))
            assert session.scalar(select(func.count()).select_from(CaseLink)) == count


def test_calls_callers_and_requests_are_behind_the_wall_too(desk: Desk) -> None:
    code, _secret = desk.place(), desk.place(line="ve_benh_moi_tien")
    desk.change(code, sent)
    inspector = desk.inspector()
    inspector.post(f"/desk/cases/{code}/identity", {"why": "cần gọi lại hỏi rõ"})
    inspector.post(f"/desk/cases/{code}/mute", {"why": "gọi phá rối", "days": "7"})
    with desk.tools.database.begin() as session:
        for call in session.scalars(select(Call)).all():
            told = {"kind": "status", "payload": {}, "received_at": desk.now, "dedupe_key": call.provider_sid}
            session.add(CallEvent(call_id=call.id, call_sid=call.provider_sid, **told))
    assert _counted(desk, viewer("inspector")) == [1, 1, 1, 1]
    assert _counted(desk, viewer("chief_inspector")) == [2, 2, 1, 1]
    assert _counted(desk, viewer("unit_officer", unit=UNIT)) == [1, 1, 0, 0]
    assert _counted(desk, viewer("custodian")) == [0, 0, 0, 1]
    assert _counted(desk, viewer("operator")) == [0, 0, 0, 0]


def _counted(desk: Desk, who: Viewer) -> list[int | None]:
    with desk.tools.database.begin() as session:
        stand_behind_wall(session, who)
        tables = (Call, CallEvent, MutedCaller, IdentityRequest)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]
