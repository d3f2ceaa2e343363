"""Keys on the line as telephone events. Source: RFC 4733."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

KEYS = "0123456789*#"
"""The keys of a telephone, in the order of their event codes; A to D are on no citizen's phone."""
_EVENT = struct.Struct("!BBH")
_END = 0x80
_VOLUME = 10
"""dBm0 below zero of the keys we send."""
_STEP = 160
"""Samples between two packets of one key."""
_STEPS = 6
"""Packets before the end: a key of 120 ms, well over the 40 ms that every receiver knows."""


@dataclass(slots=True)
class KeyListener:
    """Tells keys from the packets of telephone events: each key once, at its first packet."""

    _current: tuple[int, int] | None = None

    def hear(self, payload: bytes, timestamp: int) -> str | None:
        """Give the key that begins with this packet; None while a key goes on, or for no key.

        A packet of a key whose beginning was lost counts as its beginning.
        """
        if len(payload) < _EVENT.size:
            return None
        event = payload[0]
        if (event, timestamp) == self._current:
            return None
        self._current = (event, timestamp)
        return KEYS[event] if event < len(KEYS) else None


def key_payloads(key: str) -> Iterator[bytes]:
    """The payloads of `key`, one each 20 ms, the end said three times. Raises ValueError for no key."""
    event = KEYS.index(key)
    for step in range(1, _STEPS + 1):
        yield _EVENT.pack(event, _VOLUME, step * _STEP)
    for _ in range(3):
        yield _EVENT.pack(event, _END | _VOLUME, _STEPS * _STEP)
