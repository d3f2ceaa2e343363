"""What a person hid or showed beyond the marking by rule, told by time in the recording.

By time and not by the place of words: a corrected transcript moves words to other places, but leaves them at
their moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from casebook.rules.understanding.shapes import Redaction, WordSpan
from transcription.ports import Word

BY_HAND = "by_hand"
"""The kind of a redaction that a person made."""

Stretch = tuple[float, float]
"""From one moment of a recording to another, in seconds."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Stretches of a recording whose words are hidden, or shown after all, whatever the rules say."""

    hidden: tuple[Stretch, ...] = ()
    shown: tuple[Stretch, ...] = ()


NOTHING = Marks()


def read(hidden: Sequence[Any], shown: Sequence[Any]) -> Marks:
    """Read marks as a row keeps them."""
    return Marks(_stretches(hidden), _stretches(shown))


def _stretches(stored: Sequence[Any]) -> tuple[Stretch, ...]:
    return tuple((float(start), float(end)) for start, end in stored)


def made(words: Sequence[Word], automatic: frozenset[int], wanted: frozenset[int]) -> Marks:
    """Give the marks after which exactly the words at `wanted` are hidden, where the rules hide `automatic`."""
    return Marks(_around(words, wanted - automatic), _around(words, automatic - wanted))


def _around(words: Sequence[Word], places: Iterable[int]) -> tuple[Stretch, ...]:
    return tuple((words[first].start, words[last].end) for first, last in runs(places))


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Join neighbouring places into first and last, inclusive."""
    found: list[tuple[int, int]] = []
    for place in sorted(places):
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def hidden_places(words: Sequence[Word], automatic: frozenset[int], marks: Marks) -> frozenset[int]:
    """Give the places of the words that stay in the house: the rules' and the person's, without what they show."""
    hidden = {place for place, word in enumerate(words) if _within(marks.hidden, word)}
    shown = {place for place, word in enumerate(words) if _within(marks.shown, word)}
    return frozenset((automatic - shown) | hidden)


def _within(stretches: tuple[Stretch, ...], word: Word) -> bool:
    # By its middle: a retimed word may begin a little earlier or end a little later than before.
    middle = (word.start + word.end) / 2
    return any(start <= middle <= end for start, end in stretches)


def redactions(
    question: str, words: Sequence[Word], automatic: Sequence[Redaction], marks: Sequence[Marks]
) -> list[Redaction]:
    """Give an answer's redactions after the person's marks; `marks[n]` are those of the recording of word n."""
    by_rule = {place: redaction.kind for redaction in automatic for place in _places(redaction.span)}
    kinds = {
        place: kind
        for place, word in enumerate(words)
        if (kind := _kind(word, by_rule.get(place), marks[place])) is not None
    }
    spans = [span for kind in sorted(set(kinds.values())) for span in _of_kind(kinds, kind)]
    return [
        Redaction(kind, WordSpan(question, first, last, " ".join(word.text for word in words[first : last + 1])))
        for first, last, kind in sorted(spans)
    ]


def _kind(word: Word, by_rule: str | None, marks: Marks) -> str | None:
    if _within(marks.hidden, word):
        return by_rule or BY_HAND
    return None if by_rule is None or _within(marks.shown, word) else by_rule


def _of_kind(kinds: dict[int, str], kind: str) -> list[tuple[int, int, str]]:
    return [(first, last, kind) for first, last in runs(place for place, other in kinds.items() if other == kind)]


def _places(span: WordSpan) -> range:
    return range(span.first, span.last + 1)
