"""Transcripts as the rest of the hotline uses them: saved once, corrected by adding, never overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarResult, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.crypto import KeyRing
from transcription.errors import StaleRevision
from transcription.models import Transcript
from transcription.ports import EngineIdentity, Segment
from transcription.sealing import open_segments, seal_segments

FIRST = 1
"""The engine's revision."""


def save_heard(
    session: Session,
    recording_id: UUID,
    segments: Sequence[Segment],
    identity: EngineIdentity,
    keys: KeyRing,
    now: datetime,
) -> Transcript:
    """Keep what an engine heard as revision 1; a recording that has one already keeps it unchanged."""
    if already := _engines(session, recording_id).one_or_none():
        return already
    heard = _revision(recording_id, FIRST, segments, identity, keys, now)
    # Another worker may have been quicker: then its row is there to be read.
    return _added(session, heard) or _engines(session, recording_id).one()


def correct(
    session: Session,
    recording_id: UUID,
    segments: Sequence[Segment],
    author: str,
    based_on_revision: int,
    keys: KeyRing,
    now: datetime,
) -> Transcript:
    """Add a person's correction after the revision they were looking at.

    Raises StaleRevision if that is not the latest, or another correction is saved at the same moment.
    """
    current = latest(session, recording_id)
    if current is None or current.revision != based_on_revision:
        raise StaleRevision
    identity = EngineIdentity(current.engine, current.model, current.version)
    correction = _revision(recording_id, current.revision + 1, segments, identity, keys, now)
    correction.author = author
    added = _added(session, correction)
    if added is None:
        raise StaleRevision
    return added


def history(session: Session, recording_id: UUID) -> list[Transcript]:
    """Every revision of the recording's transcript, the engine's first."""
    revisions = select(Transcript).where(Transcript.recording_id == recording_id)
    return list(session.scalars(revisions.order_by(Transcript.revision)))


def latest(session: Session, recording_id: UUID) -> Transcript | None:
    """The newest revision, or None while nothing was heard yet."""
    revisions = select(Transcript).where(Transcript.recording_id == recording_id)
    return session.scalars(revisions.order_by(Transcript.revision.desc()).limit(1)).first()


def segments_of(transcript: Transcript, keys: KeyRing) -> list[Segment]:
    """The words of one revision. Raises UnknownKey or Tampered."""
    return open_segments(transcript.segments_sealed, transcript.recording_id, transcript.revision, keys)


def _revision(
    recording_id: UUID,
    revision: int,
    segments: Sequence[Segment],
    identity: EngineIdentity,
    keys: KeyRing,
    now: datetime,
) -> Transcript:
    sureness = [word.confidence for segment in segments for word in segment.words]
    return Transcript(
        recording_id=recording_id,
        revision=revision,
        engine=identity.engine,
        model=identity.model,
        version=identity.version,
        created_at=now,
        segments_sealed=seal_segments(segments, recording_id, revision, keys),
        word_count=len(sureness),
        mean_confidence=sum(sureness) / len(sureness) if sureness else None,
    )


def _added(session: Session, transcript: Transcript) -> Transcript | None:
    """The row once it is in, or None when another transaction took its revision number first."""
    try:
        with session.begin_nested():
            session.add(transcript)
    except IntegrityError as error:
        if "uq_transcripts" not in str(error.orig):
            raise
        return None
    return transcript


def _engines(session: Session, recording_id: UUID) -> ScalarResult[Transcript]:
    wanted = Transcript.recording_id == recording_id, Transcript.revision == FIRST
    return session.scalars(select(Transcript).where(*wanted))
