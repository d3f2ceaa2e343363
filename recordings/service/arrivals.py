"""What the provider's callbacks and people say about recordings, written down; nothing here is slow."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from config.errors import PermanentError
from config.told import Told
from recordings.models import Recording, RecordingState


class UnknownRecording(PermanentError):
    """Không có bản ghi với mã này."""


def expect(
    session: Session,
    *,
    provider_sid: str | None,
    call_sid: str,
    purpose: str,
    source_url: str | None,
    now: datetime,
) -> Recording:
    """Write down that the provider has a recording, once however often and late it says so.

    What is known stays; what was missing is filled in; one that was called absent is expected after all.
    """
    recording = _enter(session, provider_sid, call_sid, purpose, RecordingState.EXPECTED, source_url, now)
    if recording.state is RecordingState.ABSENT:
        recording.state = RecordingState.EXPECTED
    if recording.source_url is None:
        recording.source_url = source_url
    return recording


def mark_absent(session: Session, *, provider_sid: str | None, call_sid: str, purpose: str, now: datetime) -> Recording:
    """Write down that nothing was recorded, unless the provider already told us where the recording is."""
    recording = (None if provider_sid else _absent(session, call_sid, purpose)) or _enter(
        session, provider_sid, call_sid, purpose, RecordingState.ABSENT, None, now
    )
    if recording.state is RecordingState.EXPECTED and recording.source_url is None:
        recording.state = RecordingState.ABSENT
    return recording


def retry(session: Session, recording_id: UUID) -> bool:
    """Have a failed recording expected again, from the first attempt; False if it had not failed."""
    recording = locked(session, recording_id)
    if recording.state is not RecordingState.FAILED:
        return False
    recording.state = RecordingState.EXPECTED
    recording.attempts = 0
    return True


def retain(session: Session, recording_id: UUID, until: datetime | None) -> None:
    """Keep the recording until `until` (its line's policy), or without end when None."""
    locked(session, recording_id).retain_until = until


def hold(session: Session, recording_id: UUID, *, legal_hold: bool) -> None:
    """Set or lift the legal hold, during which a recording cannot be deleted."""
    locked(session, recording_id).legal_hold = legal_hold


def locked(session: Session, recording_id: UUID) -> Recording:
    """Give the recording, locked until the transaction ends; raises UnknownRecording."""
    recording = session.get(Recording, recording_id, with_for_update=True, populate_existing=True)
    if recording is None:
        raise UnknownRecording(Told("Không có bản ghi %(id)s.", id=recording_id))
    return recording


def _enter(
    session: Session,
    provider_sid: str | None,
    call_sid: str,
    purpose: str,
    state: RecordingState,
    source_url: str | None,
    now: datetime,
) -> Recording:
    """Insert the recording unless its `provider_sid` is there already; give it, locked, either way."""
    new_id = uuid4()
    session.execute(
        insert(Recording)
        .values(
            id=new_id,
            provider_sid=provider_sid,
            call_sid=call_sid,
            purpose=purpose,
            state=state,
            source_url=source_url,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Recording.provider_sid])
    )
    same = Recording.provider_sid == provider_sid if provider_sid else Recording.id == new_id
    statement = select(Recording).where(same).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def _absent(session: Session, call_sid: str, purpose: str) -> Recording | None:
    """Find the absence of this answer that was written down before, for callbacks without a recording's id."""
    return session.scalars(
        select(Recording)
        .where(Recording.call_sid == call_sid, Recording.purpose == purpose)
        .where(Recording.state == RecordingState.ABSENT)
        .limit(1)
    ).first()
