"""Deletes recordings of ours: when their time is over, or when a person decides so."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from config.errors import PermanentError
from recordings.models import Recording, RecordingState
from recordings.service.arrivals import locked
from recordings.service.tools import RecordingTools, alone_with

OVER = "Hết thời hạn lưu giữ."
"""Why retention deletes."""

OnDeleted = Callable[[Session, Recording], None]
"""Told of each deletion in the transaction that writes it down, so that the case's event goes with it."""


class OnLegalHold(PermanentError):
    """Bản ghi đang được giữ theo yêu cầu pháp lý, không được xóa."""


def no_one_to_tell(session: Session, recording: Recording) -> None:
    """Tell nobody of a deletion."""


def apply_retention(tools: RecordingTools, on_deleted: OnDeleted = no_one_to_tell, *, limit: int = 1000) -> list[UUID]:
    """Delete ours of at most `limit` recordings whose time is over, and finish what a crash left half deleted.

    Gives those deleted now. May run twice at once. Raises the store's errors; the next run goes on from there.
    """
    return [due for due in _due(tools, limit) if _still_due(due, tools) and delete(due, OVER, tools, on_deleted)]


def delete(recording_id: UUID, why: str, tools: RecordingTools, on_deleted: OnDeleted = no_one_to_tell) -> bool:
    """Delete our copy, except the bytes that another recording shares; False if it was deleted before.

    Raises OnLegalHold, UnknownRecording or the store's errors; running it again after those is safe.
    """
    with tools.db.begin() as session:
        key = locked(session, recording_id).store_key
    if key is None:
        return _mark_deleted(recording_id, why, tools, on_deleted)
    with alone_with(tools.db, key):
        first = _mark_deleted(recording_id, why, tools, on_deleted)
        # Written down first: a crash from here on leaves bytes that the next run still knows of.
        _delete_unclaimed(key, tools)
        with tools.db.begin() as session:
            locked(session, recording_id).store_key = None
    return first


def drop_unclaimed(key: str, tools: RecordingTools) -> None:
    """Delete the bytes under `key` if no recording claims them; raises the store's errors."""
    with alone_with(tools.db, key):
        _delete_unclaimed(key, tools)


def _due(tools: RecordingTools, limit: int) -> list[UUID]:
    """Find the recordings to delete, the oldest first."""
    over = and_(
        Recording.state.in_([RecordingState.KEPT, RecordingState.FAILED]),
        Recording.retain_until <= tools.clock(),
        Recording.legal_hold.is_(False),
    )
    half_deleted = Recording.state == RecordingState.DELETED
    with tools.db.begin() as session:
        return list(
            session.scalars(
                select(Recording.id)
                .where(Recording.store_key.is_not(None), or_(over, half_deleted))
                .order_by(Recording.retain_until)
                .limit(limit)
            )
        )


def _still_due(recording_id: UUID, tools: RecordingTools) -> bool:
    """Look again just before deleting: a legal hold may have come in between."""
    with tools.db.begin() as session:
        recording = locked(session, recording_id)
        until = recording.retain_until
        over = not recording.legal_hold and until is not None and until <= tools.clock()
        return over or recording.state is RecordingState.DELETED


def _mark_deleted(recording_id: UUID, why: str, tools: RecordingTools, on_deleted: OnDeleted) -> bool:
    """Write down that it is deleted and tell; False if that was written before."""
    with tools.db.begin() as session:
        recording = locked(session, recording_id)
        if recording.state is RecordingState.DELETED:
            return False
        if recording.legal_hold:
            raise OnLegalHold
        recording.state = RecordingState.DELETED
        recording.deleted_at = tools.clock()
        recording.deleted_why = why
        recording.waveform = None
        on_deleted(session, recording)
        return True


def _delete_unclaimed(key: str, tools: RecordingTools) -> None:
    """Delete the bytes under `key` if no recording claims them; to be called alone with the key."""
    with tools.db.begin() as session:
        claims = select(Recording.id).where(Recording.store_key == key, Recording.state != RecordingState.DELETED)
        claimed = session.scalar(claims.limit(1)) is not None
    if not claimed:
        tools.store.delete(key)
