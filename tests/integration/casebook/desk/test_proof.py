"""What was written down cannot be changed or taken away unseen."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from casebook.service import proof
from casebook.service.proof import Broken

from .conftest import Desk


@pytest.fixture
def codes(desk: Desk) -> list[str]:
    """Three cases whose events were sealed into the desk's chain the day after."""
    placed = [desk.place(), desk.place(), desk.place()]
    desk.inspector()
    desk.later(days=1)
    with desk.tools.database.begin() as session:
        assert proof.seal(session, desk.now)
    return placed


def tampered(desk: Desk, table: str, statement: str, **values: object) -> None:
    """Do what only the database's owner can do: change what is only added to."""
    with desk.tools.database.begin() as session:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER append_only"))
        session.execute(text(statement), values)
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER append_only"))


def proven(desk: Desk) -> proof.Proof:
    with desk.tools.database.begin() as session:
        return proof.prove(session)


def last_event_of(code: str) -> str:
    return f"(SELECT max(case_events.id) FROM case_events JOIN cases ON cases.id = case_id WHERE code = '{code}')"


def test_chains_that_nobody_touched_hold(desk: Desk, codes: list[str]) -> None:
    found = proven(desk)
    assert found.broken is None
    assert (found.cases, found.seals) == (3, 1)
    assert found.case_events == sum(len(desk.events(code)) for code in codes)
    assert found.desk_events == len(desk.desk_kinds())


@pytest.mark.parametrize(
    ("statement", "number", "why"),
    [
        ("UPDATE case_events SET actor = 'ai đó' WHERE number = 2 AND case_id = :case", 2, "nội dung đã bị sửa"),
        ("UPDATE case_events SET data = '{}' WHERE number = 1 AND case_id = :case", 1, "nội dung đã bị sửa"),
        ("UPDATE case_events SET at = at - interval '1 s' WHERE number = 1 AND case_id = :case", 1, "nội dung"),
        ("DELETE FROM case_events WHERE number = 2 AND case_id = :case", 2, "mất một sự kiện"),
        ("DELETE FROM case_events WHERE case_id = :case", 1, "mất mọi sự kiện"),
    ],
)
def test_the_first_changed_or_missing_event_of_a_case_is_named(
    desk: Desk, codes: list[str], statement: str, number: int, why: str
) -> None:
    tampered(desk, "case_events", statement, case=desk.case(codes[1]).id)
    broken = proven(desk).broken
    assert broken is not None
    assert (broken.code, broken.number) == (codes[1], number)
    assert why in broken.why


def test_the_end_of_a_case_cannot_be_cut_off_either(desk: Desk, codes: list[str]) -> None:
    tampered(desk, "case_events", f"DELETE FROM case_events WHERE id = {last_event_of(codes[0])}")
    broken = proven(desk).broken
    assert broken is not None
    assert broken.code == ""
    assert "niêm phong" in broken.why


def test_a_changed_log_in_breaks_the_desks_chain(desk: Desk, codes: list[str]) -> None:
    tampered(desk, "desk_events", "UPDATE desk_events SET actor = 'ai đó' WHERE number = 2")
    assert proven(desk).broken == Broken("", 2, "nội dung đã bị sửa")


def test_what_is_written_after_the_seal_holds_until_the_next(desk: Desk, codes: list[str]) -> None:
    desk.place(hours_ago=0.5)
    assert proven(desk).broken is None
    with desk.tools.database.begin() as session:
        assert not proof.seal(session, desk.now), "an hour must pass before an event is settled"
    desk.later(hours=2)
    with desk.tools.database.begin() as session:
        assert proof.seal(session, desk.now)
    found = proven(desk)
    assert (found.seals, found.broken) == (2, None)


def test_nothing_new_is_not_sealed_again(desk: Desk, codes: list[str]) -> None:
    with desk.tools.database.begin() as session:
        assert not proof.seal(session, desk.now)
