"""Where a channel hands over: a recording has been announced, the emergency key was pressed, a call has ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import CaseEvent
from casebook.service import cases, events, hearing
from config.jobs.queue import defer
from recordings.models import Recording, RecordingState

COLLECT = "collect"
STRUCTURE = "structure"
FORGET_PROVIDER_COPY = "forget_provider_copy"

EMERGENCY_KEY = "emergency_key"
"""The event of a caller who pressed the emergency key."""


def recording_arrived(session: Session, recording: Recording, case_id: UUID, question: str, now: datetime) -> None:
    """Tie an announced recording to its case and have it collected, in this transaction; safe to repeat."""
    cases.add_recording(session, case_id, recording.id, question, now)
    if recording.state is RecordingState.ABSENT:
        defer_structure(session, case_id)
    elif recording.state is RecordingState.EXPECTED and recording.attempts == 0:
        defer(session, COLLECT, queueing_lock=f"collect:{recording.id}", recording_id=str(recording.id))


def intake_ended(session: Session, case_id: UUID, now: datetime) -> None:
    """The call is over: nothing more will be said in it; safe to repeat."""
    case = cases.get(session, case_id, lock=True)
    if case.intake_ended_at is not None:
        return
    case.intake_ended_at = now
    events.record(session, case_id, "call_ended", now=now)
    defer_structure(session, case_id)


def emergency_pressed(session: Session, case_id: UUID, now: datetime, *, unreached: bool = False) -> None:
    """The caller pressed the emergency key: the case rings, whatever was said; `unreached` if nobody answered there.

    Safe to repeat.
    """
    case = cases.get(session, case_id, lock=True)
    told = select(CaseEvent.data).where(CaseEvent.case_id == case_id, CaseEvent.kind == EMERGENCY_KEY)
    if any(data["unreached"] or not unreached for data in session.scalars(told)):
        return
    case.emergency = True
    events.record(session, case_id, EMERGENCY_KEY, now=now, unreached=unreached)
    defer_structure(session, case_id)


def defer_structure(session: Session, case_id: UUID) -> None:
    """Queue the understanding of a case."""
    defer(session, STRUCTURE, lock=f"case:{case_id}", queueing_lock=f"structure:{case_id}", case_id=str(case_id))


def next_structure(session: Session, recording_id: UUID) -> None:
    """Queue the understanding of the cases that a recording belongs to."""
    for case_id in hearing.cases_of_recording(session, recording_id):
        defer_structure(session, case_id)
