"""A voice that says the same words and is not the caller's: what may leave the house in place of a recording.

The resonances of the vocal tract, by which people and machines know a speaker, are moved by the McAdams
coefficient (Patino et al., "Speaker Anonymisation Using the McAdams Coefficient", Interspeech 2021), and the pitch
is shifted; both by amounts drawn anew for each copy and kept nowhere, so that nobody can turn them back. Tones
stay tones: Vietnamese needs them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from recordings import audio
from recordings.audio import SAMPLE_RATE

Sound = NDArray[np.float32]
Stretch = tuple[float, float]
"""From one moment to another, in seconds."""

FRAME = 320
"""Samples of one frame: 20 ms, in which a voice hardly changes."""

HOP = FRAME // 2
ORDER = 20
MARGIN_S = 0.12
"""Silence reaches so far beyond a hidden word: words run into each other, and their times are heard, not known."""

RESONANCES = ((0.85, 0.91),)
PITCHES = ((0.82, 0.89), (1.13, 1.21))
"""Ranges to draw from: far enough from 1 to be another voice, near enough to be understood (tests.bench.disguise)."""

BLOCK = 2000
"""Frames worked on at once: about a minute's work in 60 MB."""


def disguised(data: bytes, hidden: Iterable[Stretch]) -> bytes:
    """Give a recording's words in another voice, as WAV (16 kHz, mono), with silence over the `hidden` stretches.

    Raises as `recordings.audio.inspect` does.
    """
    stretches = list(hidden)
    quiet = silenced(audio.samples(data), stretches)
    shifted = audio.pitched(audio.to_wav(quiet), _drawn(PITCHES))
    # Silenced again: shifting the pitch smears a little over the edges.
    return audio.to_wav(silenced(reshaped(shifted, _drawn(RESONANCES)), stretches))


def silenced(samples: Sound, hidden: Iterable[Stretch]) -> Sound:
    """Put digital silence over stretches and MARGIN_S on both sides."""
    quiet = samples.copy()
    for start, end in hidden:
        first = max(0, int((start - MARGIN_S) * SAMPLE_RATE))
        quiet[first : int((end + MARGIN_S) * SAMPLE_RATE)] = 0
    return quiet


def reshaped(samples: Sound, coefficient: float) -> Sound:
    """Move the resonances of a voice: each pole's angle to the power of `coefficient` (1 leaves them)."""
    window = np.hanning(FRAME + 1)[:-1]
    padded = np.concatenate([np.zeros(HOP), samples.astype(np.float64), np.zeros(2 * FRAME)])
    count = (padded.size - FRAME) // HOP + 1
    made = np.zeros(padded.size)
    for start in range(0, count, BLOCK):
        places = np.arange(start, min(start + BLOCK, count)) * HOP
        frames = padded[places[:, None] + np.arange(FRAME)] * window
        for place, frame in zip(places, _moved(frames, coefficient), strict=True):
            made[place : place + FRAME] += frame
    return _as_loud(made[HOP : HOP + samples.size], samples)


def _moved(frames: NDArray[np.float64], coefficient: float) -> NDArray[np.float64]:
    """Take each frame apart into tract and excitation, and put it together with another tract."""
    tract = _prediction(frames)
    return _synthesis(_excitation(frames, tract), _other_tract(tract, coefficient))


def _prediction(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear prediction coefficients of frames (Levinson-Durbin on their autocorrelation), 1 first."""
    spectrum = np.abs(np.fft.rfft(frames, 2 * FRAME, axis=1)) ** 2
    correlation = np.fft.irfft(spectrum, axis=1)[:, : ORDER + 1]
    # A little white noise keeps silence and pure tones from dividing by zero.
    error = correlation[:, 0] * (1 + 1e-4) + 1e-9
    found = np.zeros_like(correlation)
    found[:, 0] = 1
    for order in range(1, ORDER + 1):
        reflection = -(found[:, :order] * correlation[:, order:0:-1]).sum(axis=1) / error
        found[:, 1 : order + 1] += reflection[:, None] * found[:, order - 1 :: -1][:, :order]
        error *= 1 - reflection**2
    return found


def _other_tract(tract: NDArray[np.float64], coefficient: float) -> NDArray[np.float64]:
    """Move the poles of tracts; real poles have no resonance and stay."""
    companion = np.zeros((tract.shape[0], ORDER, ORDER))
    companion[:, 0] = -tract[:, 1:]
    companion[:, np.arange(1, ORDER), np.arange(ORDER - 1)] = 1
    poles = np.linalg.eigvals(companion)
    angles = np.angle(poles)
    complex_ones = np.abs(poles.imag) > 1e-9
    moved = np.sign(angles) * np.minimum(np.abs(angles) ** coefficient, np.pi * 0.98)
    turned = np.where(complex_ones, np.abs(poles) * np.exp(1j * moved), poles)
    made = np.ones((tract.shape[0], 1), dtype=complex)
    for number in range(ORDER):
        pole = turned[:, number : number + 1]
        made = np.concatenate([made, np.zeros_like(pole)], axis=1) - np.concatenate(
            [np.zeros_like(pole), made * pole], axis=1
        )
    return made.real


def _excitation(frames: NDArray[np.float64], tract: NDArray[np.float64]) -> NDArray[np.float64]:
    """What remains of frames when the tract is taken out of them."""
    padded = np.concatenate([np.zeros((frames.shape[0], ORDER)), frames], axis=1)
    shifted = (padded[:, ORDER - lag : ORDER - lag + FRAME] * tract[:, lag : lag + 1] for lag in range(ORDER + 1))
    return np.asarray(sum(shifted))


def _synthesis(excitation: NDArray[np.float64], tract: NDArray[np.float64]) -> NDArray[np.float64]:
    """Send excitations through tracts, all frames at once."""
    made = np.zeros((excitation.shape[0], ORDER + FRAME))
    backwards = tract[:, :0:-1]
    for place in range(FRAME):
        past = made[:, place : place + ORDER]
        made[:, place + ORDER] = excitation[:, place] - (past * backwards).sum(axis=1)
    return made[:, ORDER:]


def _as_loud(made: NDArray[np.float64], like: Sound) -> Sound:
    """Bring a sound to the loudness of another without clipping."""
    wanted, has = float(np.sqrt(np.mean(like.astype(np.float64) ** 2))), float(np.sqrt(np.mean(made**2)))
    level = wanted / has if has > 0 else 1.0
    peak = float(np.max(np.abs(made), initial=0.0)) * level
    return (made * level / max(1.0, peak)).astype(np.float32)


def _drawn(ranges: tuple[tuple[float, float], ...]) -> float:
    low, high = secrets.choice(ranges)
    return low + (high - low) * secrets.randbelow(10_000) / 10_000
