"""Measures sound as it streams by: length, level, silence and the peaks that a player draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK_S = 0.02
"""Seconds; about one syllable has several blocks, so pauses between words are seen."""

SILENCE_DBFS = -50.0
"""A block below this is silence: a quiet telephone line's noise is under it, a whisper is over it."""

FLOOR_DBFS = -96.0
"""The quietest that 16 bits can say; stands for digital silence, which has no level."""

WAVEFORM_POINTS = 800
"""Peaks kept for the player: one per pixel of a wide one."""

FULL_SCALE = 32768.0


class Meter:
    """Takes 16-bit mono samples in pieces of any size, keeping two numbers per 20 ms and no sound."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._block = round(sample_rate * BLOCK_S)
        self._rest: NDArray[np.int16] = np.empty(0, dtype=np.int16)
        self._peaks: list[NDArray[np.float32]] = []
        self._powers: list[NDArray[np.float64]] = []
        self._heard = 0

    def hear(self, samples: NDArray[np.int16]) -> None:
        """Take the next samples."""
        self._heard += samples.size
        samples = np.concatenate([self._rest, samples])
        whole = samples.size - samples.size % self._block
        self._rest = samples[whole:].copy()
        if whole:
            self._measure(samples[:whole].reshape(-1, self._block))

    def finish(self) -> None:
        """Say that the sound is over, so that the last, shorter block counts too."""
        if self._rest.size:
            self._measure(self._rest.reshape(1, -1))
            self._rest = self._rest[:0]

    @property
    def duration_s(self) -> float:
        """Seconds heard."""
        return self._heard / self._rate

    @property
    def level_dbfs(self) -> float:
        """The sound's mean power in dB below full scale; FLOOR_DBFS when there is none."""
        return _decibels(float(np.mean(self._all_powers()))) if self._powers else FLOOR_DBFS

    @property
    def silence_share(self) -> float:
        """Which part (0 to 1) of the sound is quieter than SILENCE_DBFS; 1 when there is none."""
        return float(np.mean(self._all_powers() < 10 ** (SILENCE_DBFS / 10))) if self._powers else 1.0

    def waveform(self, points: int = WAVEFORM_POINTS) -> list[int]:
        """Give at most `points` peaks from 0 to 255, evenly spread; fewer for a very short sound."""
        if not self._peaks:
            return []
        peaks = np.concatenate(self._peaks)
        starts = np.unique(np.linspace(0, peaks.size, min(points, peaks.size), endpoint=False).astype(int))
        return [int(peak) for peak in np.rint(np.maximum.reduceat(peaks, starts) * 255)]

    def _measure(self, blocks: NDArray[np.int16]) -> None:
        scaled = blocks.astype(np.float32) / FULL_SCALE
        self._peaks.append(np.max(np.abs(scaled), axis=1))
        self._powers.append(np.mean(np.square(scaled, dtype=np.float64), axis=1))

    def _all_powers(self) -> NDArray[np.float64]:
        return np.concatenate(self._powers)


def _decibels(power: float) -> float:
    """Give a mean power (1 is full scale) in dBFS, not below FLOOR_DBFS."""
    return max(FLOOR_DBFS, 10 * float(np.log10(power))) if power > 0 else FLOOR_DBFS
