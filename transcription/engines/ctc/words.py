"""From places of pieces to words with times and confidences, and from words to segments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transcription.engines.ctc.acoustic import FRAME
from transcription.engines.ctc.align import Place
from transcription.engines.ctc.calibration import confidence
from transcription.engines.ctc.vocabulary import Vocabulary
from transcription.ports import Segment, Word

START_LATE = 0.30
"""Seconds the model reports a word's start late, by comparison with Whisper's times."""

END_LATE = 0.12
"""Seconds the model reports a word's end late."""

LIKE_TONES = frozenset("aăâeêioôơuưy")
"""What the model makes of pressed keys, busy tones and beeps, each by itself and never quite sure."""

_APART = 0.25
"""Seconds between such a vowel and the nearest word for it to stand by itself."""

_SURE = 0.85
"""Confidence from which it is taken for a person's voice all the same."""

SHORTEST = 0.06
"""Seconds a word lasts at least."""


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as the model places it: the frames `first` to `last` of the stream, its mean probability."""

    text: str
    first: int
    last: int
    probability: float


def heard_words(places: Sequence[Place], vocabulary: Vocabulary, base: int) -> list[HeardWord]:
    """The words these pieces make; `base` is the stream's frame that the places count from."""
    groups: list[list[Place]] = []
    for place in places:
        if vocabulary.begins[place.token] or not groups:
            groups.append([])
        groups[-1].append(place)
    words = (_word(group, vocabulary, base) for group in groups)
    return [word for word in words if word.text]


def _word(group: Sequence[Place], vocabulary: Vocabulary, base: int) -> HeardWord:
    frames = [place.last - place.first + 1 for place in group]
    weighted = sum(place.probability * count for place, count in zip(group, frames, strict=True))
    text = vocabulary.text(place.token for place in group)
    return HeardWord(text, base + group[0].first, base + group[-1].last, weighted / sum(frames))


def timed(words: Iterable[HeardWord], lead: float, length: float) -> list[Word]:
    """The words with corrected times in seconds: `lead` of silence came first, the sound is `length` long.

    No word begins before the one before it has ended.
    """
    out: list[Word] = []
    for word in words:
        free = out[-1].end if out else 0.0
        start = min(max(word.first * FRAME - lead - START_LATE, free), max(length - SHORTEST, free))
        end = min(max((word.last + 1) * FRAME - lead - END_LATE, start + SHORTEST), length)
        out.append(Word(word.text, start, end, confidence(word.probability)))
    return out


def without_tones(words: Sequence[Word]) -> list[Word]:
    """The words without the bare vowels heard in beeps: unsure ones that no other word is near."""
    said = [word for word in words if word.text not in LIKE_TONES or word.confidence >= _SURE]
    starts, ends = [word.start for word in said], [word.end for word in said]

    def has_company(word: Word) -> bool:
        after = bisect_left(starts, word.start)
        return (after > 0 and word.start - ends[after - 1] < _APART) or (
            after < len(said) and starts[after] - word.end < _APART
        )

    kept = {id(word) for word in said}
    return [word for word in words if id(word) in kept or has_company(word)]


def segmented(words: Sequence[Word], pause: float) -> list[Segment]:
    """The words in segments, parted wherever nothing is said for `pause` seconds or more."""
    if not words:
        return []
    cuts = [place for place, (one, two) in enumerate(pairwise(words), 1) if two.start - one.end >= pause]
    bounds = [0, *cuts, len(words)]
    groups = [tuple(words[first:last]) for first, last in pairwise(bounds)]
    return [Segment(group[0].start, group[-1].end, group) for group in groups]
