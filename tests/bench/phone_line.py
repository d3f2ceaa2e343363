"""Recordings as they would have come over the telephone."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import numpy as np
import soundfile
from scipy.signal import butter, resample_poly, sosfilt

from transcription.ports import SAMPLE_RATE, Samples

LINE_RATE = 8_000
"""Hz of a telephone line."""

_BAND = butter(6, (300, 3400), "bandpass", fs=SAMPLE_RATE, output="sos")


def untouched(samples: Samples) -> Samples:
    """The recording itself."""
    return samples


def ulaw(samples: Samples) -> Samples:
    """Over a landline or SIP trunk: 300-3400 Hz, 8 kHz, G.711 mu-law."""
    return _over_line(samples, "ULAW")


def gsm(samples: Samples) -> Samples:
    """Over a mobile network of the simplest kind: the same, GSM 06.10 full rate."""
    return _over_line(samples, "GSM610")


CONDITIONS: Mapping[str, Callable[[Samples], Samples]] = {"original": untouched, "ulaw": ulaw, "gsm": gsm}


def _over_line(samples: Samples, codec: str) -> Samples:
    narrow = resample_poly(sosfilt(_BAND, samples), LINE_RATE, SAMPLE_RATE)
    wav = io.BytesIO()
    soundfile.write(wav, np.clip(narrow, -1, 1), LINE_RATE, format="WAV", subtype=codec)
    wav.seek(0)
    line, _ = soundfile.read(wav, dtype="float32")
    return np.asarray(resample_poly(line, SAMPLE_RATE, LINE_RATE), np.float32)
