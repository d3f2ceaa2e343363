"""The readable form of a transcript: a view on the verbatim words, which stay as they were heard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from transcription.ports import Word
from transcription.rules.capitals import capitalised, find_capitals
from transcription.rules.dates import DateMatch, find_dates
from transcription.rules.rewriting import Rewrite, find_rewrites, gloss
from transcription.rules.sentences import Mark, find_marks
from transcription.rules.text import clean, words_of

_EDGES = re.compile(r"^[^\w₫%°+]+|[^\w₫%°]+$")
_CLOSING = re.compile(r"([.,?!…])[\"'”’)]*$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or figure as shown, standing for words[first:last], heard from `start` to `end` seconds.

    `gloss` is what the caller's words amount to where they are kept: 17/11/2026 for "hôm thứ ba vừa rồi" (on its last
    token; with a question mark if uncertain).
    """

    text: str
    first: int
    last: int
    start: float
    end: float
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens from one capital to one full stop."""

    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The sentence as one line."""
        return " ".join(token.text for token in self.tokens if token.text)

    @property
    def start(self) -> float:
        """Seconds at which it begins."""
        return self.tokens[0].start

    @property
    def end(self) -> float:
        """Seconds at which it ends."""
        return self.tokens[-1].end


@dataclass(frozen=True, slots=True)
class ReadableText:
    """A transcript as sentences, covering every verbatim word once and in order."""

    sentences: tuple[Sentence, ...]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens in order."""
        return tuple(token for sentence in self.sentences for token in sentence.tokens)

    @property
    def text(self) -> str:
        """The whole text, sentences on one line."""
        return " ".join(sentence.text for sentence in self.sentences)


def readable(words: Sequence[Word], called_on: date, names: Sequence[str] = ()) -> ReadableText:
    """Show `words` as punctuated text with figures and capitals; `names` are places and facilities as spelled.

    No word is added or left out. Words from an engine that punctuates keep their own marks.
    """
    plain = [_plain(word.text) for word in words]
    dates = find_dates(plain, called_on)
    shown = _shown(plain, dates, names)
    whole = [(rewrite.start, rewrite.end) for rewrite in shown.values()] + [(match.start, match.end) for match in dates]
    joined = frozenset(place for start, end in whole for place in range(start, end - 1))
    marks = _own_marks(words) if _is_punctuated(words) else find_marks(plain, _pauses(words), joined)
    glosses = {match.end - 1: gloss(match) for match in dates}
    return ReadableText(tuple(_sentences(words, shown, marks, glosses)))


def _plain(text: str) -> str:
    """A verbatim word as the rules read it; an engine's "word" of several stays one, joined by its spaces."""
    return " ".join(words_of(_EDGES.sub("", clean(text)))) or clean(text).lower()


def _shown(plain: Sequence[str], dates: Sequence[DateMatch], names: Sequence[str]) -> dict[int, Rewrite]:
    """What is shown in place of the words, by the place where it starts; names go before figures."""
    capitals = find_capitals(plain, names)
    taken = {place for rewrite in capitals for place in range(rewrite.start, rewrite.end)}
    figures = [
        rewrite for rewrite in find_rewrites(plain, dates) if taken.isdisjoint(range(rewrite.start, rewrite.end))
    ]
    return {rewrite.start: rewrite for rewrite in (*capitals, *figures)}


def _sentences(
    words: Sequence[Word], shown: dict[int, Rewrite], marks: Sequence[Mark], glosses: dict[int, str]
) -> Iterator[Sentence]:
    tokens: list[Token] = []
    place = 0
    while place < len(words):
        rewrite = shown.get(place)
        last = rewrite.end if rewrite else place + 1
        text = rewrite.text if rewrite else _own_text(words[place].text)
        if not tokens:
            text = capitalised(text)
        meaning = next((glosses[at] for at in range(last - 1, place - 1, -1) if at in glosses), "")
        text += _joining_mark(text, marks[last - 1])
        tokens.append(Token(text, place, last, words[place].start, words[last - 1].end, meaning))
        place = last
        if marks[last - 1] in (".", "?"):
            yield Sentence(tuple(tokens))
            tokens = []
    if tokens:
        yield Sentence(tuple(tokens))


def _joining_mark(text: str, mark: Mark) -> str:
    return "" if mark == "." and text.endswith(".") else mark


def _own_text(text: str) -> str:
    return _CLOSING.sub("", clean(text)) or clean(text)


def _pauses(words: Sequence[Word]) -> list[float]:
    """Seconds of silence after each word; none after the last."""
    gaps = [max(0.0, later.start - word.end) for word, later in pairwise(words)]
    return [*gaps, 0.0][: len(words)]


def _is_punctuated(words: Sequence[Word]) -> bool:
    """Whether the engine wrote its own punctuation."""
    return any(_CLOSING.search(word.text) for word in words)


def _own_marks(words: Sequence[Word]) -> list[Mark]:
    """The engine's own marks; one that ends with none gets its full stop."""
    table: dict[str, Mark] = {".": ".", "…": ".", "!": ".", "?": "?", ",": ","}
    found = (_CLOSING.search(word.text) for word in words)
    marks: list[Mark] = [table[each[1]] if each else "" for each in found]
    if marks and marks[-1] not in (".", "?"):
        marks[-1] = "."
    return marks
