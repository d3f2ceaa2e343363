"""Inspectors' notes to colleagues; they never leave the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseNote
from casebook.service import events
from config.crypto import KeyRing
from config.errors import PermanentError


class NoSuchNote(PermanentError):
    """Không có ghi chú này."""


class AnothersNote(PermanentError):
    """Chỉ người viết mới gỡ hoặc lấy lại được ghi chú của mình."""


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note as the page shows it; a removed one has no text."""

    id: UUID
    author: str
    at: datetime
    text: str
    removed_at: datetime | None


def context(note_id: UUID) -> str:
    """What a note's sealed text is bound to."""
    return f"note:{note_id}"


def add(session: Session, case: Case, text: str, *, keys: KeyRing, now: datetime, actor: str) -> CaseNote:
    """Write a note; the timeline says that there is one, not what it says."""
    note_id = uuid4()
    sealed = keys.seal(text.encode(), context(note_id))
    note = CaseNote(id=note_id, case_id=case.id, author=actor, at=now, text_sealed=sealed)
    session.add(note)
    events.record(session, case.id, "note_added", now=now, actor=actor, note=str(note_id))
    return note


def notes_of(session: Session, case: Case, keys: KeyRing) -> list[ShownNote]:
    """List a case's notes, newest first."""
    rows = select(CaseNote).where(CaseNote.case_id == case.id).order_by(CaseNote.at.desc(), CaseNote.id)
    return [_shown(note, keys) for note in session.scalars(rows)]


def _shown(note: CaseNote, keys: KeyRing) -> ShownNote:
    text = "" if note.removed_at else keys.open(note.text_sealed, context(note.id)).decode()
    return ShownNote(note.id, note.author, note.at, text, note.removed_at)


def remove(session: Session, case: Case, note_id: UUID, *, now: datetime, actor: str) -> None:
    """Take one's own note away; raises NoSuchNote or AnothersNote."""
    note = _own(session, case, note_id, actor)
    if note.removed_at is None:
        note.removed_at = now
        events.record(session, case.id, "note_removed", now=now, actor=actor, note=str(note_id))


def restore(session: Session, case: Case, note_id: UUID, *, now: datetime, actor: str) -> None:
    """Put one's own removed note back; raises NoSuchNote or AnothersNote."""
    note = _own(session, case, note_id, actor)
    if note.removed_at is not None:
        note.removed_at = None
        events.record(session, case.id, "note_restored", now=now, actor=actor, note=str(note_id))


def _own(session: Session, case: Case, note_id: UUID, actor: str) -> CaseNote:
    note = session.get(CaseNote, note_id, with_for_update=True)
    if note is None or note.case_id != case.id:
        raise NoSuchNote
    if note.author != actor:
        raise AnothersNote
    return note
