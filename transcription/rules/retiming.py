"""New text on old times: what happens when a person corrects a segment while listening."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from transcription.ports import Segment, Word
from transcription.rules.text import clean, nfc

CERTAIN = 1.0
"""The confidence of a word that a person wrote."""


def retimed(segment: Segment, text: str) -> Segment:
    """The segment saying `text`: unchanged words keep times and confidence, new ones share the room between.

    Changed words are as sure as a person is. The segment's start and end stay.
    """
    old, new = segment.words, clean(text).split()
    matcher = SequenceMatcher(None, [nfc(word.text) for word in old], new, autojunk=False)
    words: list[Word] = []
    for kind, old_first, old_last, new_first, new_last in matcher.get_opcodes():
        if kind == "equal":
            words += old[old_first:old_last]
        else:
            start, end = _room(segment, old_first, old_last)
            words += _spread(new[new_first:new_last], start, end)
    return Segment(segment.start, segment.end, tuple(words))


def _room(segment: Segment, first: int, last: int) -> tuple[float, float]:
    """The time that the words `first` to `last` had; between two words, the pause between them."""
    old = segment.words
    if first < last:
        return old[first].start, old[last - 1].end
    start = old[first - 1].end if first else segment.start
    end = old[first].start if first < len(old) else segment.end
    return start, max(start, end)


def _spread(texts: Sequence[str], start: float, end: float) -> list[Word]:
    """The words one after another from `start` to `end`, long ones longer."""
    letters = sum(map(len, texts))
    words: list[Word] = []
    for text in texts:
        until = min(start + (end - start) * len(text) / letters, end)
        letters -= len(text)
        words.append(Word(text, round(start, 3), round(until, 3), CERTAIN))
        start = until
    return words
