"""Sound as the telephone carries it: 8 kHz mono WAV, plain or mu-law, in and out of arrays."""

from __future__ import annotations

import io
import math
from typing import Literal

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from config.errors import PermanentError

PHONE_RATE = 8000
"""Hz; what a telephone line carries."""

Encoding = Literal["PCM_16", "ULAW"]


class NotSoundError(PermanentError):
    """The file is not audio that can be read."""


def phone_wav(source: bytes, rate: int = PHONE_RATE, encoding: Encoding = "PCM_16", longest: float = math.inf) -> bytes:
    """Turn any audio file libsndfile reads (WAV, FLAC, OGG, MP3) into mono WAV at `rate` Hz.

    What comes after `longest` seconds is left out.

    Raises NotSoundError if `source` is not audio.
    """
    samples, found = _read(source)
    if len(samples) > longest * found:
        samples = samples[: round(longest * found)]
    sink = io.BytesIO()
    soundfile.write(sink, _resample(samples, found, rate), rate, subtype=encoding, format="WAV")
    return sink.getvalue()


def seconds(sound: bytes) -> float:
    """How long a sound file plays, in seconds; raises NotSoundError."""
    samples, rate = _read(sound)
    return float(len(samples) / rate)


def quiet_wav(duration: float, rate: int = PHONE_RATE) -> bytes:
    """Give `duration` seconds of silence as WAV."""
    sink = io.BytesIO()
    soundfile.write(sink, np.zeros(round(duration * rate), np.int16), rate, subtype="PCM_16", format="WAV")
    return sink.getvalue()


def _read(source: bytes) -> tuple[NDArray[np.float32], int]:
    try:
        samples, rate = soundfile.read(io.BytesIO(source), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise NotSoundError(f"not a sound file: {error}") from error
    mono: NDArray[np.float32] = samples.mean(axis=1)
    return mono, int(rate)


def _resample(samples: NDArray[np.float32], found: int, wanted: int) -> NDArray[np.float32]:
    if found == wanted:
        return samples
    resampled: NDArray[np.float32] = soxr.resample(samples, found, wanted)
    return np.clip(resampled, -1.0, 1.0).astype(np.float32)
