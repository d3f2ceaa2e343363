from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.crypto import KeyRing, Tampered
from config.database.engine import Database
from recordings.models import Recording
from transcription.errors import StaleRevision
from transcription.models import Transcript
from transcription.ports import EngineIdentity, Segment, Word
from transcription.service import correct, history, latest, save_heard, segments_of

ENGINE = EngineIdentity("whisper", "whisper-base", "1.2.1")
HEARD = [
    Segment(0.5, 1.5, (Word("tôi", 0.5, 0.9, 0.9), Word("trờ", 1.0, 1.5, 0.3))),
    Segment(3.0, 3.5, (Word("lâu", 3.0, 3.5, 0.6),)),
]
RIGHT = [
    Segment(0.5, 1.5, (Word("tôi", 0.5, 0.9, 0.9), Word("chờ", 1.0, 1.5, 1.0))),
    Segment(3.0, 3.5, (Word("lâu", 3.0, 3.5, 0.6),)),
]


@pytest.fixture
def recording(database: Database, now: datetime) -> UUID:
    with database.begin() as session:
        kept = Recording(call_sid="CA1", purpose="story", created_at=now)
        session.add(kept)
        session.flush()
        return kept.id


@pytest.fixture
def heard(database: Database, recording: UUID, keys: KeyRing, now: datetime) -> UUID:
    with database.begin() as session:
        save_heard(session, recording, HEARD, ENGINE, keys, now)
    return recording


def test_what_was_heard_is_kept_as_the_first_revision(
    database: Database, heard: UUID, keys: KeyRing, now: datetime
) -> None:
    with database.begin() as session:
        kept = latest(session, heard)
        assert kept is not None
        assert (kept.revision, kept.author, kept.created_at) == (1, None, now)
        assert (kept.engine, kept.model, kept.version) == ("whisper", "whisper-base", "1.2.1")
        assert kept.word_count == 3
        assert kept.mean_confidence == pytest.approx(0.6)
        assert segments_of(kept, keys) == HEARD


def test_hearing_twice_keeps_the_first(database: Database, heard: UUID, keys: KeyRing, now: datetime) -> None:
    with database.begin() as session:
        again = save_heard(session, heard, [], ENGINE, keys, now + timedelta(hours=1))
        assert segments_of(again, keys) == HEARD
        assert len(history(session, heard)) == 1


def test_silence_is_a_transcript_too(database: Database, recording: UUID, keys: KeyRing, now: datetime) -> None:
    with database.begin() as session:
        kept = save_heard(session, recording, [], ENGINE, keys, now)
        assert (kept.word_count, kept.mean_confidence, segments_of(kept, keys)) == (0, None, [])


def test_a_correction_is_added_and_nothing_is_overwritten(
    database: Database, heard: UUID, keys: KeyRing, now: datetime
) -> None:
    with database.begin() as session:
        correct(session, heard, RIGHT, "thanh tra An", 1, keys, now)
    with database.begin() as session:
        first, second = history(session, heard)
        assert (second.revision, second.author, second.engine) == (2, "thanh tra An", "whisper")
        assert segments_of(first, keys) == HEARD
        assert segments_of(second, keys) == RIGHT


@pytest.mark.parametrize("based_on", [0, 1, 3])
def test_a_correction_of_another_revision_than_the_latest_is_refused(
    database: Database, heard: UUID, keys: KeyRing, now: datetime, based_on: int
) -> None:
    with database.begin() as session:
        correct(session, heard, RIGHT, "An", 1, keys, now)
    with database.begin() as session:
        with pytest.raises(StaleRevision):
            correct(session, heard, HEARD, "Bình", based_on, keys, now)
        assert len(history(session, heard)) == 2


def test_what_was_never_heard_cannot_be_corrected(
    database: Database, recording: UUID, keys: KeyRing, now: datetime
) -> None:
    with database.begin() as session, pytest.raises(StaleRevision):
        correct(session, recording, RIGHT, "An", 0, keys, now)


def at_once(database: Database, save: Callable[[Session], Transcript]) -> list[object]:
    """What two transactions give that save at the same moment: a revision number or an error's name."""
    ready = Barrier(2)

    def work(_: int) -> object:
        with database.begin() as session:
            session.execute(text("SELECT 1"))
            ready.wait()
            try:
                return save(session).revision
            except StaleRevision:
                return "stale"

    with ThreadPoolExecutor(2) as threads:
        return sorted(threads.map(work, range(2)), key=str)


def test_two_workers_that_hear_at_once_keep_one_transcript(
    database: Database, recording: UUID, keys: KeyRing, now: datetime
) -> None:
    saved = at_once(database, lambda session: save_heard(session, recording, HEARD, ENGINE, keys, now))
    assert saved == [1, 1]
    with database.begin() as session:
        assert len(history(session, recording)) == 1


def test_of_two_people_who_save_at_once_one_is_told(
    database: Database, heard: UUID, keys: KeyRing, now: datetime
) -> None:
    assert at_once(database, lambda session: correct(session, heard, RIGHT, "An", 1, keys, now)) == [2, "stale"]
    with database.begin() as session:
        assert len(history(session, heard)) == 2


def test_words_lie_sealed_in_the_database(database: Database, heard: UUID) -> None:
    with database.begin() as session:
        kept = latest(session, heard)
        assert kept is not None
        assert kept.segments_sealed.startswith(b"LN1")
        assert "trờ".encode() not in kept.segments_sealed


def test_sealed_words_do_not_open_as_another_revision(
    database: Database, heard: UUID, keys: KeyRing, now: datetime
) -> None:
    with database.begin() as session:
        second = correct(session, heard, RIGHT, "An", 1, keys, now)
        second.segments_sealed = history(session, heard)[0].segments_sealed
        with pytest.raises(Tampered):
            segments_of(second, keys)


def test_a_transcript_belongs_to_a_recording(database: Database, keys: KeyRing, now: datetime) -> None:
    with pytest.raises(IntegrityError), database.begin() as session:
        save_heard(session, UUID(int=1), HEARD, ENGINE, keys, now)
