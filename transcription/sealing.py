"""Segments as the sealed bytes the database keeps, and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from uuid import UUID

from config.crypto import KeyRing
from transcription.ports import Segment, Word


def seal_segments(segments: Sequence[Segment], recording_id: UUID, revision: int, keys: KeyRing) -> bytes:
    """The segments compressed and sealed, openable only as this revision of this recording."""
    plain = [
        [segment.start, segment.end, [[word.text, word.start, word.end, word.confidence] for word in segment.words]]
        for segment in segments
    ]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return keys.seal(zlib.compress(text.encode()), sealing_context(recording_id, revision))


def open_segments(sealed: bytes, recording_id: UUID, revision: int, keys: KeyRing) -> list[Segment]:
    """The segments that were sealed. Raises UnknownKey or Tampered."""
    text = zlib.decompress(keys.open(sealed, sealing_context(recording_id, revision)))
    return [Segment(start, end, tuple(Word(*word) for word in words)) for start, end, words in json.loads(text)]


def sealing_context(recording_id: UUID, revision: int) -> str:
    """Tell what the words of a revision are bound to."""
    return f"transcript:{recording_id}:{revision}"
