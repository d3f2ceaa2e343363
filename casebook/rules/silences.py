"""Where nobody speaks in a recording, so that whoever listens may skip it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SHORTEST_S = 1.0
"""Pauses up to here belong to speech; skipping them would make it breathless."""

MARGIN_S = 0.2
"""Left standing before and after words: their times are not exact."""

LOUD_SHARE = 0.25
"""Of the loudest peak: what is louder in a pause may be words that the machine did not hear."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch of a recording in which nobody speaks; seconds from its start."""

    start: float
    end: float


def silences(spoken: Sequence[tuple[float, float]], duration_s: float, peaks: Sequence[int]) -> tuple[Silence, ...]:
    """List the long pauses between words (start, end), where the waveform is quiet too.

    `peaks` are evenly spread over the recording. Without words nothing is silence: all of it must be heard.
    """
    if not spoken:
        return ()
    edges = [(0.0, 0.0), *sorted(spoken), (duration_s, duration_s)]
    found, until = [], 0.0
    for before, after in pairwise(edges):
        until = max(until, before[1])
        start = until + (MARGIN_S if until else 0.0)
        end = after[0] - (MARGIN_S if after[0] < duration_s else 0.0)
        if end - start >= SHORTEST_S and _is_quiet(start, end, duration_s, peaks):
            found.append(Silence(round(start, 2), round(end, 2)))
    return tuple(found)


def _is_quiet(start: float, end: float, duration_s: float, peaks: Sequence[int]) -> bool:
    """Whether no peak that lies wholly between `start` and `end` is loud."""
    each = duration_s / len(peaks) if peaks else 0.0
    inside = [peak for at, peak in enumerate(peaks) if start <= at * each and (at + 1) * each <= end]
    return max(inside, default=0) <= LOUD_SHARE * max(peaks, default=0)
