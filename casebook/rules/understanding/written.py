"""An answer as the matchers of numbers and dates read it: written pieces that know their word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from transcription.ports import Word
from transcription.rules.text import words_of

from .shapes import QUESTIONS, Heard, WordSpan


@dataclass(frozen=True, slots=True)
class Written:
    """One answer: its question, its words as heard, the pieces they are read as, and each piece's word."""

    question: str
    raw: tuple[str, ...]
    pieces: tuple[str, ...]
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> WordSpan:
        """The words behind pieces[start:end]."""
        first, last = self.origin[start], self.origin[max(start, end - 1)]
        return WordSpan(self.question, first, last, " ".join(self.raw[first : last + 1]))


def written(answers: Mapping[str, Sequence[Word]], most_words: int = 6_000) -> tuple[Written, ...]:
    """All answers in the order in which they are asked, each cut at `most_words`."""
    questions = [q for q in QUESTIONS if answers.get(q)] + sorted(
        q for q in set(answers) - set(QUESTIONS) if answers[q]
    )
    return tuple(_written(question, answers[question][:most_words]) for question in questions)


def _written(question: str, words: Sequence[Word]) -> Written:
    pieces = [(piece, index) for index, word in enumerate(words) for piece in words_of(word.text)]
    return Written(
        question,
        tuple(word.text for word in words),
        tuple(piece for piece, _ in pieces),
        tuple(index for _, index in pieces),
    )


def heard_text(line: str, called_at: datetime, **answers: str) -> Heard:
    """A call from plain text, for trying rules out: each answer's words evenly timed and fully sure."""
    return Heard(line, called_at, None, {question: _plain_words(text) for question, text in answers.items()})


def _plain_words(text: str) -> tuple[Word, ...]:
    return tuple(Word(word, 0.4 * i, 0.4 * i + 0.35, 1.0) for i, word in enumerate(text.split()))
