"""The emergency key as the desk sees it: a case that rings for whoever needs somebody beside 115."""

from __future__ import annotations

from sqlalchemy import select

from casebook.models import Case, CaseEvent
from casebook.queries import alarms
from casebook.rules.policy import Role, Viewer
from config.database.engine import Database
from tests.integration.ivr.conftest import Carrier

INSPECTOR = Viewer("thanhtra@soyte.example", frozenset({Role.INSPECTOR}))


def ringing(database: Database) -> list[str]:
    with database.begin() as session:
        return alarms.ringing(session, INSPECTOR)


def told(database: Database) -> list[dict[str, bool]]:
    with database.begin() as session:
        return list(session.scalars(select(CaseEvent.data).where(CaseEvent.kind == "emergency_key")))


def report(carrier: Carrier) -> None:
    carrier.call()
    carrier.press("1")
    carrier.press("4")
    for _ in range(2):
        carrier.speak()
    carrier.press("1")
    carrier.speak()


def test_who_told_something_and_then_presses_the_emergency_key_makes_the_case_ring(
    carrier: Carrier, loaded: Database
) -> None:
    report(carrier)
    assert ringing(loaded) == []
    carrier.press("9")
    with loaded.begin() as session:
        case = session.scalars(select(Case)).one()
    assert case.emergency
    assert ringing(loaded) == [case.code]
    carrier.dialled_ended("completed")
    carrier.hang_up()
    assert told(loaded) == [{"unreached": False}]


def test_who_reaches_nobody_by_the_emergency_key_has_a_case_that_rings(carrier: Carrier, loaded: Database) -> None:
    carrier.call()
    carrier.press("9")
    assert ringing(loaded) == [], "115 is being called: nobody is kept waiting for us"
    carrier.dialled_ended("no-answer")
    carrier.hang_up()
    with loaded.begin() as session:
        case = session.scalars(select(Case)).one()
    assert case.caller_sealed is not None
    assert case.intake_ended_at is not None
    assert ringing(loaded) == [case.code]
    assert told(loaded) == [{"unreached": True}]


def test_the_case_says_both_that_the_key_was_pressed_and_that_nobody_answered(
    carrier: Carrier, loaded: Database
) -> None:
    report(carrier)
    carrier.press("9")
    carrier.dialled_ended("busy")
    carrier.hang_up()
    assert told(loaded) == [{"unreached": False}, {"unreached": True}]
    assert len(ringing(loaded)) == 1
