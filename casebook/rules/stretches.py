"""Which parts of a recording belong to a case, where one call held two matters.

Parts are told by time, not by the place of words: a corrected transcript moves words to other places, but
leaves them at their moment in the recording. Words that a person adds in a pause stand with what was said before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from transcription.ports import Word

Stretch = tuple[float, float | None]
"""From a moment on, up to but without another (None: to the end); in seconds."""

Stretches = tuple[Stretch, ...]

WHOLE: Stretches = ((0.0, None),)


def read(stored: Sequence[Any] | None) -> Stretches:
    """Read what a `CaseRecording` keeps; null stands for the whole recording."""
    return WHOLE if stored is None else tuple((start, end) for start, end in stored)


def written(stretches: Stretches) -> list[Any] | None:
    """Write stretches as a `CaseRecording` keeps them."""
    return None if stretches == WHOLE else [list(stretch) for stretch in stretches]


def holds(stretches: Stretches, at: float) -> bool:
    """Whether a moment (s) lies in one of the stretches."""
    return any(start <= at and (end is None or at < end) for start, end in stretches)


def own(stretches: Stretches, words: Iterable[Word]) -> list[Word]:
    """Give the words within the stretches, by their middle: a retimed word begins a little earlier or later."""
    return [word for word in words if holds(stretches, (word.start + word.end) / 2)]


def pieces(cuts: Iterable[float]) -> Stretches:
    """Cut a recording at these moments; the first piece begins with the recording, the last ends with it."""
    starts = [0.0, *cuts]
    return tuple(zip(starts, [*starts[1:], None], strict=True))


def joined(chosen: Iterable[Stretch]) -> Stretches:
    """Join pieces in order where one ends as the next begins."""
    found: list[Stretch] = []
    for start, end in chosen:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def together(parts: Iterable[Stretch]) -> Stretches:
    """Give what is in any of the parts, which may lie in any order and over each other."""
    found: list[Stretch] = []
    for start, end in sorted(parts, key=lambda part: part[0]):
        last = found[-1][1] if found else 0.0
        if found and (last is None or start <= last):
            found[-1] = (found[-1][0], None if last is None or end is None else max(last, end))
        else:
            found.append((start, end))
    return tuple(found)


def within(inner: Stretches, outer: Stretches) -> Stretches:
    """Give what both have."""
    both = ((max(a, c), _earlier(b, d)) for a, b in inner for c, d in outer)
    return joined(sorted((start, end) for start, end in both if end is None or start < end))


def outside(stretches: Stretches, end: float) -> list[tuple[float, float]]:
    """Give what of a recording that ends at `end` (s) is in none of the stretches."""
    found, at = [], 0.0
    for start, stop in sorted(stretches):
        if at < start:
            found.append((at, start))
        at = max(at, end if stop is None else stop)
    return [*found, (at, end)] if at < end else found


def audible(peaks: Sequence[int], duration_s: float, stretches: Stretches) -> tuple[int, ...]:
    """Give the peaks of a waveform, evenly spread over `duration_s`, with nothing outside the stretches."""
    each = duration_s / len(peaks) if peaks else 0.0
    return tuple(peak if holds(stretches, (at + 0.5) * each) else 0 for at, peak in enumerate(peaks))


def _earlier(one: float | None, other: float | None) -> float | None:
    return min((end for end in (one, other) if end is not None), default=None)
