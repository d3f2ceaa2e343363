"""Brings a recording home: fetched, checked to be whole sound, sealed, stored, written down."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from config.errors import HotlineError, PermanentError, TemporaryError
from recordings.audio import AudioFacts, inspect
from recordings.models import Recording, RecordingState
from recordings.ports import NotThereYet, StoreFull, StoreReadOnly, StoreUnavailable
from recordings.rules.keys import content_key, sealing_context
from recordings.rules.retry import MEDIA_WAITS, STORE_WAITS, wait_before_next
from recordings.service.arrivals import locked
from recordings.service.removal import drop_unclaimed
from recordings.service.tools import RecordingTools, alone_with

SETTLED = frozenset({RecordingState.KEPT, RecordingState.ABSENT, RecordingState.DELETED})
"""States in which there is nothing to collect."""

_STORE_ERRORS = (StoreFull, StoreReadOnly, StoreUnavailable)


@dataclass(frozen=True, slots=True)
class CollectOutcome:
    """Where the recording stands after an attempt.

    `failure` says what went wrong; `retry_after_s` when to collect again (seconds), None if not by itself.
    """

    recording_id: UUID
    state: RecordingState
    failure: str | None = None
    retry_after_s: float | None = None


def collect(recording_id: UUID, tools: RecordingTools) -> CollectOutcome:
    """Try once to bring the recording home; whatever is interrupted may be run again, by two at once too.

    What is wrong with the media or the store is an outcome, written down on the recording; an unknown
    recording or a lost database is raised (UnknownRecording, DatabaseAway).
    """
    claimed = _claim(recording_id, tools)
    if claimed.state in SETTLED:
        return CollectOutcome(recording_id, claimed.state)
    try:
        # No transaction is open from here on: the network and the decoder may take minutes.
        data = _fetch(claimed, tools)
        facts = inspect(data, max_duration_s=tools.limits.max_duration_s)
        return _store(recording_id, data, facts, tools)
    except (TemporaryError, PermanentError) as error:
        return _write_failure(recording_id, error, tools)


def _claim(recording_id: UUID, tools: RecordingTools) -> Recording:
    """Count the attempt and say that it is being collected, unless there is nothing to collect."""
    with tools.db.begin() as session:
        recording = locked(session, recording_id)
        if recording.state not in SETTLED:
            recording.state = RecordingState.COLLECTING
            recording.attempts += 1
        return recording


def _fetch(recording: Recording, tools: RecordingTools) -> bytes:
    """Download the recording; without an address there is nothing to download yet."""
    if not recording.source_url:
        raise NotThereYet("Nhà cung cấp chưa cho biết địa chỉ của bản ghi.")
    return tools.fetcher.fetch(recording.source_url)


def _store(recording_id: UUID, data: bytes, facts: AudioFacts, tools: RecordingTools) -> CollectOutcome:
    """Seal and store the original bytes, write down what is kept, and drop what nobody claims."""
    key = content_key(data)
    sealed = tools.keys.seal(data, sealing_context(key))
    with alone_with(tools.db, key):
        tools.store.put(key, sealed)
        outcome, unused = _write_kept(recording_id, key, len(data), facts, tools)
    if unused:
        drop_unclaimed(unused, tools)
    return outcome


def _write_kept(
    recording_id: UUID, key: str, size_bytes: int, facts: AudioFacts, tools: RecordingTools
) -> tuple[CollectOutcome, str | None]:
    """Write down what is kept; gives the outcome, and a store key that this recording has no use for.

    If another worker was faster, or a person deleted the recording meanwhile, that stands.
    """
    with tools.db.begin() as session:
        recording = locked(session, recording_id)
        before = recording.store_key
        if recording.state in SETTLED:
            return CollectOutcome(recording_id, recording.state), key if key != before else None
        recording.state = RecordingState.KEPT
        recording.failure = None
        recording.sha256 = recording.store_key = key
        recording.size_bytes = size_bytes
        recording.kept_at = tools.clock()
        _copy_facts(facts, recording)
        return CollectOutcome(recording_id, recording.state), before if key != before else None


def _copy_facts(facts: AudioFacts, recording: Recording) -> None:
    """Write down what the sound is."""
    recording.content_type = facts.content_type
    recording.channels = facts.channels
    recording.sample_rate = facts.sample_rate
    recording.duration_s = facts.duration_s
    recording.level_dbfs = facts.level_dbfs
    recording.silence_share = facts.silence_share
    recording.waveform = facts.waveform


def _write_failure(recording_id: UUID, error: HotlineError, tools: RecordingTools) -> CollectOutcome:
    """Write down why it did not work, and whether and when it is tried again."""
    with tools.db.begin() as session:
        recording = locked(session, recording_id)
        if recording.state in SETTLED:
            return CollectOutcome(recording_id, recording.state)
        wait = _wait(error, recording.attempts)
        recording.state = RecordingState.FAILED if wait is None else RecordingState.EXPECTED
        recording.failure = str(error)
        return CollectOutcome(recording_id, recording.state, recording.failure, wait)


def _wait(error: HotlineError, attempts: int) -> float | None:
    """Seconds until the next attempt after `error`; None if a person has to look first."""
    if isinstance(error, PermanentError):
        return None
    return wait_before_next(attempts, STORE_WAITS if isinstance(error, _STORE_ERRORS) else MEDIA_WAITS)
