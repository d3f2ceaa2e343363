"""Importing from the carrier's lists what never reached us."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Never

import pytest
from sqlalchemy import select

from casebook.models import Case
from config.database.engine import Database
from ivr.adapters.listed import ListedInMemory
from ivr.models import Call, Reconciliation
from ivr.ports import ListedCall, ListedRecording, ProviderAway
from ivr.reconcile import FIRST_LOOK, OVERLAP, Reconciler, reconcile_step
from ivr.tools import IvrTools
from recordings.models import Recording
from tests.integration.ivr.conftest import CALLER, SECRET, Carrier, MovingClock

Row = Callable[[], Call]
LATER = timedelta(minutes=11)


def listed(sid: str, status: str = "completed", dialled: str = "+84967771010") -> ListedCall:
    return ListedCall(sid, dialled, CALLER, status, "inbound", 33 if status == "completed" else None)


def media(sid: str, call: str) -> ListedRecording:
    return ListedRecording(sid, call, "completed", f"https://api.example/{sid}")


@pytest.fixture
def lists() -> ListedInMemory:
    return ListedInMemory()


@pytest.fixture
def reconciler(tools: IvrTools, lists: ListedInMemory) -> Reconciler:
    return Reconciler(tools, lists)


def cases(database: Database) -> list[Case]:
    with database.begin() as session:
        return list(session.scalars(select(Case)))


def test_a_call_that_never_reached_us_is_imported_once_with_its_recording(
    reconciler: Reconciler,
    lists: ListedInMemory,
    loaded: Database,
    now: datetime,
    moving_clock: MovingClock,
    call_row: Row,
) -> None:
    lists.calls.append((now, listed("CA-lost", dialled=SECRET)))
    lists.recordings.append((now, media("RE-lost", "CA-lost")))
    assert reconciler.run().imported == 2
    moving_clock.now += LATER
    assert reconciler.run().imported == 0
    (case,) = cases(loaded)
    assert (case.line, case.orphan) == ("ve_benh_moi_tien", False)
    assert case.intake_ended_at is not None
    assert (call_row().duration_s, call_row().outcome) == (33, "reported")


def test_a_recording_whose_callback_was_lost_in_a_hang_up_answers_the_question_it_was_for(
    carrier: Carrier, reconciler: Reconciler, lists: ListedInMemory, loaded: Database, now: datetime
) -> None:
    carrier.call()
    carrier.press("1")
    carrier.press("0")
    carrier.hang_up()
    lists.calls.append((now, listed(carrier.sid)))
    lists.recordings.append((now, media("RE-lost", carrier.sid)))
    assert reconciler.run().imported == 1
    with loaded.begin() as session:
        assert session.scalars(select(Recording)).one().purpose == "facility"
    assert cases(loaded)[0].intake_ended_at is not None


def test_a_callback_that_says_nothing_was_recorded_may_be_lost_too(
    carrier: Carrier,
    reconciler: Reconciler,
    lists: ListedInMemory,
    loaded: Database,
    now: datetime,
    moving_clock: MovingClock,
) -> None:
    carrier.call()
    carrier.press("1")
    carrier.press("0")
    carrier.hang_up()
    lists.calls.append((now, listed(carrier.sid)))
    reconciler.run()
    assert cases(loaded)[0].intake_ended_at is None, "the carrier may still be working on a recording"
    moving_clock.now += LATER
    reconciler.run()
    assert cases(loaded)[0].intake_ended_at is not None


def test_what_reached_us_is_not_imported_again(
    carrier: Carrier, reconciler: Reconciler, lists: ListedInMemory, now: datetime
) -> None:
    carrier.call()
    carrier.hang_up()
    lists.calls.append((now, listed(carrier.sid)))
    found = reconciler.run()
    assert (found.calls, found.imported) == (1, 0)


def test_our_own_outgoing_legs_are_no_calls_to_a_hotline(
    reconciler: Reconciler, lists: ListedInMemory, loaded: Database, now: datetime
) -> None:
    lists.calls.append((now, ListedCall("CA-leg", "sip:x", CALLER, "completed", "outbound-dial", 9)))
    assert reconciler.run().calls == 0


def test_a_call_that_is_still_going_on_is_left_alone(
    carrier: Carrier, reconciler: Reconciler, lists: ListedInMemory, now: datetime, call_row: Row
) -> None:
    carrier.call()
    lists.calls.append((now, listed(carrier.sid, "in-progress")))
    reconciler.run()
    assert call_row().ended_at is None
    carrier.press("1")


def test_each_run_looks_back_to_the_last_good_one_and_a_failed_one_does_not_count(
    tools: IvrTools, moving_clock: MovingClock, loaded: Database, now: datetime
) -> None:
    class Away(ListedInMemory):
        def recordings_since(self, moment: datetime) -> Never:
            raise ProviderAway

    assert Reconciler(tools, ListedInMemory()).run().since == now - FIRST_LOOK
    moving_clock.now += timedelta(hours=9)
    with pytest.raises(ProviderAway):
        Reconciler(tools, Away()).run()
    moving_clock.now += timedelta(hours=9)
    assert Reconciler(tools, ListedInMemory()).run().since == now - OVERLAP
    with loaded.begin() as session:
        assert len(list(session.scalars(select(Reconciliation)))) == 2


def test_the_step_for_the_worker_runs_it(reconciler: Reconciler, loaded: Database) -> None:
    reconcile_step(reconciler).run()
    with loaded.begin() as session:
        assert session.scalars(select(Reconciliation)).one().finished_at is not None
