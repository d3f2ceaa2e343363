"""Looks after kept recordings: proves them readable, frees the provider of its copy, rotates keys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from config.crypto import Tampered
from config.errors import PermanentError, TemporaryError
from recordings.models import Recording, RecordingState
from recordings.ports import NotInStore, ProviderMedia
from recordings.rules.keys import sealing_context
from recordings.service.arrivals import locked
from recordings.service.reading import NotTheOriginal, original_bytes
from recordings.service.tools import RecordingTools, alone_with


class NotProven(PermanentError):
    """Chưa chứng minh được bản của ta đọc lại được, nên chưa xóa bản ở nhà cung cấp."""


class CopyLost(TemporaryError):
    """Bản của ta hỏng hoặc mất; sẽ tải lại từ nhà cung cấp."""


def prove(recording_id: UUID, tools: RecordingTools) -> datetime:
    """Read the recording back from the store, check its hash, and write down when; gives that moment.

    If our copy is gone or broken while the provider still has his, it is expected again and CopyLost is
    raised: collect it. Else raises what `original_bytes` raises.
    """
    recording = _read(recording_id, tools)
    try:
        original_bytes(recording, tools.store, tools.keys)
    except (NotInStore, Tampered, NotTheOriginal) as broken:
        if recording.provider_deleted_at is not None:
            raise
        _start_over(recording_id, str(broken), tools)
        raise CopyLost from broken
    with tools.db.begin() as session:
        proven_at = tools.clock()
        locked(session, recording_id).proven_at = proven_at
        return proven_at


def delete_provider_copy(recording_id: UUID, media: ProviderMedia, tools: RecordingTools) -> bool:
    """Have the provider delete his copy once ours is proven (or deleted); False if there is none to delete.

    Raises NotProven, or what the provider's answer means; running it again is safe.
    """
    recording = _read(recording_id, tools)
    if recording.provider_sid is None or recording.provider_deleted_at is not None:
        return False
    if recording.proven_at is None and recording.state is not RecordingState.DELETED:
        raise NotProven
    media.delete(recording.provider_sid)
    with tools.db.begin() as session:
        locked(session, recording_id).provider_deleted_at = tools.clock()
    return True


def rotate(recording_id: UUID, tools: RecordingTools) -> bool:
    """Seal the stored bytes anew under the first key; False if they are already, or not kept.

    Raises as `original_bytes` does; the old sealed bytes stay until the new ones have replaced them.
    """
    key = _read(recording_id, tools).store_key
    if key is None:
        return False
    with alone_with(tools.db, key):
        recording = _read(recording_id, tools)
        if recording.state is not RecordingState.KEPT or tools.keys.is_current(tools.store.get(key)):
            return False
        data = original_bytes(recording, tools.store, tools.keys)
        tools.store.put(key, tools.keys.seal(data, sealing_context(key)))
    return True


def _read(recording_id: UUID, tools: RecordingTools) -> Recording:
    """Give the recording as it is now."""
    with tools.db.begin() as session:
        return locked(session, recording_id)


def _start_over(recording_id: UUID, why: str, tools: RecordingTools) -> None:
    """Have a kept recording expected again because our copy is of no use."""
    with tools.db.begin() as session:
        recording = locked(session, recording_id)
        if recording.state is RecordingState.KEPT:
            recording.state = RecordingState.EXPECTED
            recording.attempts = 0
            recording.proven_at = None
            recording.failure = why
