"""Every word of a case that may leave the house, and whether it does: the rules' marks and people's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.rules import marks, wording
from casebook.rules.marks import NOTHING, Marks
from casebook.rules.understanding.shapes import Suggestion
from casebook.service import hearing, redactions
from casebook.service.hearing import Understand
from casebook.service.redactions import Spoken
from config.crypto import KeyRing
from transcription import service as transcripts

NEVER_LEAVES = frozenset({"contact"})
"""Answers of which no word leaves the house."""


@dataclass(frozen=True, slots=True)
class Part:
    """One recorded answer: its words, the places that the rules hide, and those that are hidden now."""

    spoken: Spoken
    title: str
    revision: int
    automatic: frozenset[int]
    hidden: frozenset[int]

    @property
    def corrected(self) -> bool:
        """Whether a person hides or shows something that the rules do not."""
        return self.automatic != self.hidden


def parts_of(session: Session, case: Case, keys: KeyRing, understand: Understand) -> list[Part]:
    """Give the answers of a case that may leave the house, as far as they were heard."""
    parts, _, suggestion = hearing.understood_by_rule(session, case, keys, understand)
    marked = redactions.marks_of(session, case.id)
    return [
        _part(session, part, _by_rule(suggestion, part.question, first), marked.get(part.recording_id, NOTHING))
        for part, first in _with_first_place(parts)
        if part.words and part.question not in NEVER_LEAVES
    ]


def _part(session: Session, part: Spoken, automatic: frozenset[int], marked: Marks) -> Part:
    latest = transcripts.latest(session, part.recording_id)
    here = frozenset(place for place in automatic if 0 <= place < len(part.words))
    return Part(
        spoken=part,
        title=wording.QUESTIONS.get(part.question, part.question),
        revision=latest.revision if latest else 0,
        automatic=here,
        hidden=marks.hidden_places(part.words, here, marked),
    )


def part_of(parts: Iterable[Part], recording_id: UUID) -> Part | None:
    """Find the part that is one recording's."""
    return next((part for part in parts if part.spoken.recording_id == recording_id), None)


def _with_first_place(parts: Iterable[Spoken]) -> list[tuple[Spoken, int]]:
    """Pair each part with the place of its first word among all words of its question."""
    first: dict[str, int] = {}
    found = []
    for part in parts:
        found.append((part, first.get(part.question, 0)))
        first[part.question] = found[-1][1] + len(part.words)
    return found


def _by_rule(suggestion: Suggestion, question: str, first: int) -> frozenset[int]:
    spans = (redaction.span for redaction in suggestion.redactions if redaction.span.question == question)
    return frozenset(place - first for span in spans for place in range(span.first, span.last + 1))
