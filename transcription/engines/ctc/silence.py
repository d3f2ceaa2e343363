"""Long silences taken out before the model hears them, and times put back where they were.

Only sound nobody can hear is taken out, and only the middle of a long silence: the model's memory then
holds silence on both sides of the cut, and no word is near it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque

import numpy as np

from transcription.ports import SAMPLE_RATE, Samples

BLOCK = 1600
"""Samples judged together: 100 ms."""

QUIET = 5e-4
"""Root mean square below which a block is silence: -66 dBFS, the idle noise of a telephone line."""

_KEPT_AFTER = 15
"""Blocks of silence kept after sound: 1.5 s."""

_KEPT_BEFORE = 6
"""Blocks of silence kept before sound: 0.6 s."""


class SilenceGate:
    """Lets one stream of sound through without its long silences, in whole blocks."""

    def __init__(self) -> None:
        self._waiting = np.zeros(0, np.float32)
        self._held: deque[Samples] = deque(maxlen=_KEPT_BEFORE)
        self._quiet_blocks = _KEPT_AFTER
        self._passed = 0
        self._cuts: list[tuple[int, int]] = [(0, 0)]
        self._seen = 0

    @property
    def anything(self) -> bool:
        """Whether any sound has come through."""
        return self._passed > 0

    def push(self, samples: Samples) -> Samples:
        """Take the next samples; give those that are not the middle of a long silence."""
        self._waiting = np.concatenate((self._waiting, samples))
        count = len(self._waiting) // BLOCK
        whole, self._waiting = self._waiting[: count * BLOCK], self._waiting[count * BLOCK :]
        blocks = whole.reshape(count, BLOCK)
        loudness = np.sqrt(np.mean(np.square(blocks), axis=1))
        passed = [part for block, rms in zip(blocks, loudness, strict=True) for part in self._judge(block, rms)]
        return np.concatenate(passed) if passed else np.zeros(0, np.float32)

    def finish(self) -> Samples:
        """Give the last samples, too few for a block, unless they follow a long silence."""
        rest, self._waiting = self._waiting, np.zeros(0, np.float32)
        return rest if self._quiet_blocks < _KEPT_AFTER else rest[:0]

    def original(self, seconds: float) -> float:
        """When sound that came through at `seconds` was heard in the stream."""
        place = bisect_right(self._cuts, seconds * SAMPLE_RATE, key=lambda cut: cut[0]) - 1
        return seconds + self._cuts[max(0, place)][1] / SAMPLE_RATE

    def _judge(self, block: Samples, rms: float) -> list[Samples]:
        self._seen += BLOCK
        if rms >= QUIET:
            self._quiet_blocks = 0
            passed = [*self._held, block]
            self._held.clear()
        elif self._quiet_blocks < _KEPT_AFTER:
            self._quiet_blocks += 1
            passed = [block]
        else:
            self._held.append(block)
            return []
        self._note(len(passed) * BLOCK)
        return passed

    def _note(self, length: int) -> None:
        """Remember by how much sound passed now was moved forward, if that has changed."""
        shift = self._seen - length - self._passed
        if shift != self._cuts[-1][1]:
            self._cuts.append((self._passed, shift))
        self._passed += length
