"""Reads the outline of a WAV file, to notice one that was cut short.

Source: Microsoft's RIFF specification: `RIFF`, size, `WAVE`, then chunks of a four-letter id, a little-endian
32-bit size and the body, padded to an even length.
"""

from __future__ import annotations

from collections.abc import Iterator

UNKNOWN_SIZES = frozenset({0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF})
"""Data sizes that writers of live streams leave because they do not know better."""


SAMPLE_RATES = range(4_000, 192_001)
"""Hz; a header that says otherwise lies, and resampling from its rate would cost minutes."""


def is_wav(data: bytes) -> bool:
    """Whether `data` begins as a WAV file does."""
    return data[:4] == b"RIFF" and data[8:12] == b"WAVE"


def missing_bytes(data: bytes) -> int:
    """How many bytes of sound the header of the WAV file `data` promises that are not there.

    A file without any sound data lacks at least one byte. Sizes that mean "unknown" promise nothing.
    """
    for name, start, size in _chunks(data):
        if name == b"data":
            return 0 if size in UNKNOWN_SIZES else max(0, start + size - len(data))
    return 1


def sample_rate(data: bytes) -> int:
    """Give the samples per second (Hz) that the WAV file `data` declares; 0 if it does not say."""
    for name, start, size in _chunks(data):
        if name == b"fmt " and size >= 8:
            return int.from_bytes(data[start + 4 : start + 8], "little")
    return 0


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Go through the chunks: id, where the body starts, its promised size."""
    place = 12
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        yield data[place : place + 4], place + 8, size
        place += 8 + size + size % 2
