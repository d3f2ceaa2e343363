"""The sound that may leave the house: the words of one answer in another voice, silent where something is hidden.

The original never leaves. A copy is made only where an operator allowed it for the house, never of the
confidential line's calls nor of callers who wish to stay unknown, and it is shown to the unit only when an
inspector has heard it and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseFile, CaseRecording
from casebook.rules import marks, stretches, wording
from casebook.rules.file_types import FileKind
from casebook.service import events, files, withholding
from casebook.service.files import CheckedFile
from casebook.service.hearing import Understand
from config.crypto import KeyRing
from config.errors import PermanentError
from config.jobs.queue import defer
from recordings import disguise
from recordings import service as recordings
from recordings.models import Recording, RecordingState
from recordings.ports import Store

DISGUISE = "disguise"
NEVER_LEAVES = frozenset({"contact"})


class MayNotLeave(PermanentError):
    """Âm thanh của phản ánh này không được đưa ra ngoài, kể cả khi đã đổi giọng."""


@dataclass(frozen=True, slots=True)
class Means:
    """What making a copy takes."""

    keys: KeyRing
    store: Store
    understand: Understand


def may_leave(case: Case, question: str, *, allowed: bool) -> bool:
    """Whether an answer's sound may leave in another voice; `allowed` is the house's setting."""
    return allowed and not (case.confidential or case.anonymous or question in NEVER_LEAVES)


def question_of(case: Case, recording_id: UUID) -> str:
    """Say which question a recording of the case answers."""
    return next(link.question for link in case.recordings if link.recording_id == recording_id)


def ask(session: Session, case: Case, link: CaseRecording, *, allowed: bool, now: datetime, actor: str) -> None:
    """Have a copy made; raises MayNotLeave."""
    recording = session.get_one(Recording, link.recording_id)
    if not may_leave(case, link.question, allowed=allowed) or recording.state is not RecordingState.KEPT:
        raise MayNotLeave
    told = {"question": link.question, "recording": str(link.recording_id)}
    events.record(session, case.id, "disguise_asked", now=now, actor=actor, **told)
    lock = f"disguise:{case.id}:{link.recording_id}"
    case_id, recording_id = str(case.id), str(link.recording_id)
    defer(session, DISGUISE, queueing_lock=lock, case_id=case_id, recording_id=recording_id, actor=actor)


def hidden_stretches(session: Session, case: Case, recording: Recording, means: Means) -> list[disguise.Stretch]:
    """Give what of a recording is silenced: hidden words, and what belongs to another case."""
    parts = withholding.parts_of(session, case, means.keys, means.understand)
    part = withholding.part_of(parts, recording.id)
    words = part.spoken.words if part else ()
    hidden = [(words[first].start, words[last].end) for first, last in marks.runs(part.hidden if part else ())]
    link = next(link for link in case.recordings if link.recording_id == recording.id)
    return [*hidden, *stretches.outside(stretches.read(link.stretches), recording.duration_s or 0.0)]


def make(recording: Recording, hidden: list[disguise.Stretch], means: Means, question: str) -> CheckedFile:
    """Make the copy and keep it sealed. Slow: call it in no transaction."""
    data = disguise.disguised(recordings.original_bytes(recording, means.store, means.keys), hidden)
    name = f"{wording.QUESTIONS.get(question, question)} (đã đổi giọng).wav"
    made = CheckedFile(name, data, FileKind.SOUND, files.digest(data))
    files.keep([made], means.store, means.keys)
    return made


def enter(
    session: Session, case: Case, recording_id: UUID, made: CheckedFile, *, keys: KeyRing, now: datetime, actor: str
) -> None:
    """Name a copy in its case, in place of an older one; the unit does not see it yet."""
    withdraw(session, case, recording_id, now=now, actor=actor)
    files.attach(session, case, [made], keys=keys, now=now, actor=actor, recording_id=recording_id)


def withdraw(session: Session, case: Case, recording_id: UUID, *, now: datetime, actor: str) -> None:
    """Take away the copies of a recording: what they hide is no longer what is to be hidden."""
    for row in copies_of(session, case, recording_id):
        row.for_unit = False
        files.remove(session, row, now=now, actor=actor)


def copies_of(session: Session, case: Case, recording_id: UUID) -> list[CaseFile]:
    """List the standing copies of a recording in a case."""
    rows = select(CaseFile).where(
        CaseFile.case_id == case.id, CaseFile.recording_id == recording_id, CaseFile.removed_at.is_(None)
    )
    return list(session.scalars(rows))
