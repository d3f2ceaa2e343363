"""A slow automatic gain that brings speech of any loudness to one level, as the sound comes in.

Telephone speech comes far softer than the recordings the model learnt from; levelling it takes points off
the error rate. The gain looks a few seconds back and ahead, so the output lags behind the input.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transcription.ports import Samples

BLOCK = 1600
"""Samples measured together: 100 ms."""

_REACH = 30
"""Blocks looked at on each side to judge how loud the speech is: 3 s."""

_LOUDER_QUARTER = 0.75
"""Level of the louder quarter of the blocks: speech, not the gaps in it."""

_SMOOTHING = 5
"""Blocks on each side the gain is averaged over, so that it does not pump."""

_NO_SOUND = 1e-10
"""Added to the energy so that silence has a logarithm and a gain."""

Gains = NDArray[np.float64]


class LevelControl:
    """Brings one stream of sound towards the root mean square `target`, at most `most_gain` times louder."""

    def __init__(self, target: float, most_gain: float) -> None:
        self._target = target
        self._most_gain = most_gain
        self._energies: list[float] = []
        self._gains: list[float] = []
        self._smooth: list[float] = []
        self._waiting = np.zeros(0, np.float32)
        self._emitted = 0

    def push(self, samples: Samples) -> Samples:
        """Take the next samples; give those whose gain is settled, in order."""
        self._waiting = np.concatenate((self._waiting, samples))
        self._measure()
        self._settle(len(self._energies) - _REACH, ahead=_SMOOTHING)
        return self._emit(len(self._smooth) - 1)

    def finish(self) -> Samples:
        """Give the samples still held back."""
        self._settle(len(self._energies), ahead=0)
        levelled = self._emit(len(self._smooth))
        rest, self._waiting = self._waiting, np.zeros(0, np.float32)
        last = self._smooth[-1] if self._smooth else 1.0
        return np.concatenate((levelled, _scaled(rest, np.full(len(rest), last))))

    def _measure(self) -> None:
        first = (len(self._energies) - self._emitted) * BLOCK
        whole = (len(self._waiting) - first) // BLOCK * BLOCK
        blocks = self._waiting[first : first + whole].reshape(-1, BLOCK)
        self._energies += np.mean(np.square(blocks, dtype=np.float64), axis=1).tolist()

    def _settle(self, known: int, ahead: int) -> None:
        """Fix the gains of the first `known` blocks, and smooth those with `ahead` more after them."""
        self._gains += [self._gain(block) for block in range(len(self._gains), known)]
        for block in range(len(self._smooth), len(self._gains) - ahead):
            nearby = self._gains[max(0, block - _SMOOTHING) : block + _SMOOTHING + 1]
            self._smooth.append(sum(nearby) / len(nearby))

    def _gain(self, block: int) -> float:
        nearby = sorted(self._energies[max(0, block - _REACH) : block + _REACH + 1])
        loud = nearby[int(_LOUDER_QUARTER * (len(nearby) - 1))]
        return float(min(self._target / (loud + _NO_SOUND) ** 0.5, self._most_gain))

    def _emit(self, until: int) -> Samples:
        count = until - self._emitted
        if count <= 0:
            return np.zeros(0, np.float32)
        sound, self._waiting = self._waiting[: count * BLOCK], self._waiting[count * BLOCK :]
        levelled = _scaled(sound, self._curve(self._emitted, until))
        self._emitted = until
        return levelled

    def _curve(self, first: int, until: int) -> Gains:
        """The gain of every sample of these blocks: straight lines between the blocks' middles."""
        nearby = range(max(0, first - 1), min(len(self._smooth), until + 1))
        middles = [(block - first + 0.5) * BLOCK for block in nearby]
        return np.interp(np.arange((until - first) * BLOCK), middles, [self._smooth[block] for block in nearby])


def _scaled(samples: Samples, gains: Gains) -> Samples:
    return np.clip(samples * gains, -1.0, 1.0).astype(np.float32)
