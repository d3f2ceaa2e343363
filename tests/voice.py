"""A voice made of arithmetic: enough like speech for a voice detector, though it says nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transcription.ports import SAMPLE_RATE, Samples

_VOWELS = np.array([[730, 1090, 2440], [270, 2290, 3010], [530, 1840, 2480], [570, 840, 2410], [300, 870, 2240]])
"""First three formants in Hz of a, i, e, o, u."""

_STEP = SAMPLE_RATE // 4
"""Samples in a syllable."""


def babble(seconds: float, seed: int = 5) -> Samples:
    """A low voice gliding from vowel to vowel, four syllables a second, its pitch falling in each phrase."""
    rng = np.random.default_rng(seed)
    count = int(seconds * SAMPLE_RATE)
    sound = _voiced(_pitch(count, rng), _formants(count, rng), rng) * _swell(count)
    return np.asarray(0.3 * sound / np.abs(sound).max(), dtype=np.float32)


def silence(seconds: float) -> Samples:
    """Nothing at all."""
    return np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32)


def noise(seconds: float, level: float = 0.05, seed: int = 1) -> Samples:
    """White noise at `level` (root mean square)."""
    return np.random.default_rng(seed).normal(0, level, int(seconds * SAMPLE_RATE)).astype(np.float32)


def tone(seconds: float, hertz: float = 440.0) -> Samples:
    """A steady tone, as of a busy line."""
    moments = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (0.3 * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def _pitch(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Hz at each sample: 150 falling to 95 every second and a half, up and down on each syllable."""
    moments = np.arange(count) / SAMPLE_RATE
    fall = 150 - 55 * (moments % 1.5) / 1.5
    places = np.arange(0, count + _STEP, _STEP)
    return np.asarray(fall + np.interp(np.arange(count), places, rng.normal(0, 12, len(places))))


def _formants(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Three formants in Hz at each sample, gliding between vowels."""
    places = np.arange(0, count + _STEP, _STEP)
    vowels = _VOWELS[rng.integers(len(_VOWELS), size=len(places))]
    return np.stack([np.interp(np.arange(count), places, vowels[:, n]) for n in range(3)])


def _voiced(pitch: NDArray[np.float64], formants: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Harmonics of the pitch, loud near the formants, with some breath."""
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    sound = 0.01 * rng.normal(size=len(pitch))
    for harmonic in range(1, 36):
        hertz = harmonic * pitch
        near = sum(np.exp(-(((hertz - peak) / (80 + 40 * n)) ** 2)) / (n + 1) for n, peak in enumerate(formants))
        sound += (near + 0.3 / harmonic**2) * np.sin(harmonic * phase)
    return np.asarray(sound)


def _swell(count: int) -> NDArray[np.float64]:
    """Loudness: rising and falling with each syllable."""
    return np.asarray(np.sin(np.pi * (np.arange(count) % _STEP) / _STEP) ** 0.5)
