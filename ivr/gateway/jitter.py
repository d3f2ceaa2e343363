"""Puts the packets of a call back in order and says how much sound is missing between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ivr.gateway.rtp import Packet, ahead, later

DEPTH = 5
"""Packets (100 ms) that may wait for a missing one before it is given up."""
_RESTART = 1000
"""A jump of so many sequence numbers is a new beginning, not a loss."""
LONGEST_GAP = 10 * 8000
"""Samples; a longer hole in the timestamps is a clock that was set anew."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The `payload` of one packet, and how many samples are missing before it; `lost`: not merely silent."""

    payload: bytes
    gap: int = 0
    lost: bool = False


@dataclass(slots=True)
class JitterBuffer:
    """Orders one stream. What carries no sound (keys) takes its place in the order too."""

    depth: int = DEPTH
    late: int = 0
    _waiting: dict[int, tuple[Packet, bool]] = field(default_factory=dict)
    _next: int | None = None
    _ssrc: int | None = None
    _expected: int | None = None

    def push(self, packet: Packet, is_sound: bool = True) -> list[Sound]:
        """Take a packet; gives the sound that is in order now, often that of this packet alone."""
        out: list[Sound] = []
        if packet.ssrc != self._ssrc or self._next is None or abs(ahead(packet.sequence, self._next)) > _RESTART:
            out += self.flush()
            self._next, self._ssrc, self._expected = packet.sequence, packet.ssrc, None
        if ahead(packet.sequence, self._next) < 0:
            self.late += 1
            return out
        self._waiting[packet.sequence] = (packet, is_sound)
        out += self._in_order()
        if len(self._waiting) > self.depth:
            self._give_up()
            out += self._in_order(lost=True)
        return out

    def flush(self) -> list[Sound]:
        """Give what still waits, in order: nothing more will come before it."""
        out: list[Sound] = []
        while self._waiting:
            self._give_up()
            out += self._in_order(lost=True)
        return out

    def _give_up(self) -> None:
        """Go on with the first packet that is there."""
        start = self._next or 0
        self._next = min(self._waiting, key=lambda sequence: ahead(sequence, start))

    def _in_order(self, lost: bool = False) -> list[Sound]:
        out = []
        while self._next is not None and self._next in self._waiting:
            packet, is_sound = self._waiting.pop(self._next)
            self._next = (self._next + 1) % 65536
            if is_sound:
                out.append(self._sound(packet, lost))
                lost = False
        return out

    def _sound(self, packet: Packet, lost: bool) -> Sound:
        gap = 0 if self._expected is None else later(packet.timestamp, self._expected)
        self._expected = (packet.timestamp + len(packet.payload)) % (1 << 32)
        return Sound(packet.payload, gap if 0 < gap <= LONGEST_GAP else 0, lost)
