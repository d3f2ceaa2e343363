"""G.711, the telephone's two codecs, by tables made once: A-law (PCMA) and mu-law (PCMU).

Source: ITU-T Recommendation G.711 (11/88), tables 1 and 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE = 8000
"""Samples a second; one byte each."""

Pcm = NDArray[np.int16]
"""Linear samples at RATE."""


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """One codec: its static RTP payload type, name, tables, and the byte that is silence."""

    payload_type: int
    name: str
    linear: Pcm
    code: NDArray[np.uint8]
    silence: bytes

    def decode(self, payload: bytes) -> Pcm:
        """Turn code bytes into samples."""
        decoded: Pcm = self.linear[np.frombuffer(payload, np.uint8)]
        return decoded

    def encode(self, samples: Pcm) -> bytes:
        """Turn samples into code bytes."""
        return self.code[samples.view(np.uint16)].tobytes()


def _alaw_linear() -> Pcm:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _ulaw_linear() -> Pcm:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _alaw_code() -> NDArray[np.uint8]:
    samples = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    # Negative values are counted from -1, so that both halves have the same decision values.
    magnitude = np.where(samples < 0, -samples - 1, samples)
    exponent = np.maximum(_highest_bit(magnitude) - 7, 0)
    mantissa = np.where(exponent == 0, magnitude >> 4, magnitude >> (exponent + 3)) & 15
    return ((((samples >= 0) << 7) | (exponent << 4) | mantissa) ^ 0x55).astype(np.uint8)


def _ulaw_code() -> NDArray[np.uint8]:
    samples = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.minimum(np.abs(samples), 32635) + 0x84
    exponent = _highest_bit(magnitude) - 7
    mantissa = (magnitude >> (exponent + 3)) & 15
    return (~(((samples < 0) << 7) | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)


def _highest_bit(values: NDArray[np.int32]) -> NDArray[np.int32]:
    """Position of the highest bit set, 0 for 0."""
    return np.frexp(np.maximum(values, 1).astype(np.float64))[1].astype(np.int32) - 1


ALAW: Final = Law(8, "PCMA", _alaw_linear(), _alaw_code(), b"\xd5")
ULAW: Final = Law(0, "PCMU", _ulaw_linear(), _ulaw_code(), b"\xff")
LAWS: Final = {law.payload_type: law for law in (ALAW, ULAW)}
"""By RTP payload type, in the order of preference: Vietnamese trunks speak A-law."""
