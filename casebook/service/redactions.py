"""What a person hides or shows of an answer before it leaves the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseRedaction
from casebook.rules import marks
from casebook.rules.marks import NOTHING, Marks
from casebook.rules.understanding.shapes import Redaction, Suggestion
from casebook.service import events
from config.errors import PermanentError
from transcription.ports import Word


class NothingToUndo(PermanentError):
    """Phần này chưa có lần sửa che nào để hoàn tác."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of one recording that belong to a case, and the question they answer."""

    recording_id: UUID
    question: str
    words: tuple[Word, ...]


def marks_of(session: Session, case_id: UUID) -> dict[UUID, Marks]:
    """Give what people marked in a case, by recording; the last marking of each counts."""
    rows = select(CaseRedaction).where(CaseRedaction.case_id == case_id).order_by(CaseRedaction.made_at)
    return {row.recording_id: marks.read(row.hidden, row.shown) for row in session.scalars(rows)}


def with_marks(suggestion: Suggestion, spoken: Iterable[Spoken], marked: Mapping[UUID, Marks]) -> Suggestion:
    """Let what people marked stand above what the rules hide."""
    if not marked:
        return suggestion
    words: dict[str, list[Word]] = {}
    of_word: dict[str, list[Marks]] = {}
    for part in spoken:
        words.setdefault(part.question, []).extend(part.words)
        of_word.setdefault(part.question, []).extend([marked.get(part.recording_id, NOTHING)] * len(part.words))
    found: list[Redaction] = []
    for question, said in words.items():
        automatic = [r for r in suggestion.redactions if r.span.question == question]
        found.extend(marks.redactions(question, said, automatic, of_word[question]))
    return replace(suggestion, redactions=tuple(found))


def mark(
    session: Session, case: Case, part: Spoken, new: Marks, *, revision: int, now: datetime, actor: str
) -> CaseRedaction:
    """Write down what a person hides and shows in one answer, and that they did."""
    row = CaseRedaction(
        case_id=case.id,
        recording_id=part.recording_id,
        revision=revision,
        hidden=[list(stretch) for stretch in new.hidden],
        shown=[list(stretch) for stretch in new.shown],
        made_by=actor,
        made_at=now,
    )
    session.add(row)
    told = {"question": part.question, "hidden": len(new.hidden), "shown": len(new.shown)}
    events.record(session, case.id, "redaction_changed", now=now, actor=actor, **told)
    return row


def before_last(session: Session, case: Case, recording_id: UUID) -> Marks:
    """Give the marks that stood before the last marking of a recording; raises NothingToUndo."""
    rows = (
        select(CaseRedaction)
        .where(CaseRedaction.case_id == case.id, CaseRedaction.recording_id == recording_id)
        .order_by(CaseRedaction.made_at.desc())
        .limit(2)
    )
    last = session.scalars(rows).all()
    if not last:
        raise NothingToUndo
    return marks.read(last[1].hidden, last[1].shown) if len(last) == 2 else NOTHING
