"""RTP packets of a telephone call, and what their arrival tells about the line.

Source: RFC 3550 (header §5.1, sequence numbers and jitter appendices A.1, A.3 and A.8).
"""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass, field

FRAME_SECONDS = 0.02
"""How much sound one packet carries."""
FRAME = 160
"""Samples, and bytes, of one packet."""
LARGEST = 1500
"""Bytes of the longest datagram that is looked at."""
_HEADER = struct.Struct("!BBHII")
_VERSION = 2
_SEQUENCE, _TIMESTAMP = 1 << 16, 1 << 32


@dataclass(frozen=True, slots=True)
class Packet:
    """One RTP packet; `timestamp` in samples."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False


def parse(datagram: bytes) -> Packet | None:
    """Read a datagram; None if it is no RTP packet with a payload."""
    if not _HEADER.size < len(datagram) <= LARGEST or datagram[0] >> 6 != _VERSION:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(datagram)
    start = _HEADER.size + 4 * (first & 15)
    if first & 0x10:
        if len(datagram) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(datagram[start + 2 : start + 4], "big")
    end = len(datagram) - (datagram[-1] if first & 0x20 else 0)
    if start >= end:
        return None
    return Packet(second & 0x7F, sequence, timestamp, ssrc, datagram[start:end], bool(second & 0x80))


def ahead(newer: int, older: int, size: int = _SEQUENCE) -> int:
    """How far `newer` is ahead of `older` on a counter that wraps at `size`; negative if behind."""
    half = size // 2
    return (newer - older + half) % size - half


def later(newer: int, older: int) -> int:
    """How many samples the timestamp `newer` is after `older`; negative if before."""
    return ahead(newer, older, _TIMESTAMP)


@dataclass(slots=True)
class Sender:
    """Numbers the packets of one stream; begins anywhere, as RFC 3550 asks."""

    payload_type: int
    ssrc: int = field(default_factory=lambda: secrets.randbits(32))
    sequence: int = field(default_factory=lambda: secrets.randbits(16))
    timestamp: int = field(default_factory=lambda: secrets.randbits(32))
    sent: int = 0

    def packet(self, payload: bytes, marker: bool = False) -> bytes:
        """The next packet of sound; time goes on by its length."""
        data = self._build(self.payload_type, self.timestamp, payload, marker)
        self.timestamp = (self.timestamp + len(payload)) % _TIMESTAMP
        return data

    def event(self, payload_type: int, timestamp: int, payload: bytes, marker: bool) -> bytes:
        """A packet that carries no sound and stands at `timestamp`."""
        return self._build(payload_type, timestamp, payload, marker)

    def skip(self, samples: int) -> None:
        """Let time go on without a packet of sound."""
        self.timestamp = (self.timestamp + samples) % _TIMESTAMP

    def _build(self, payload_type: int, timestamp: int, payload: bytes, marker: bool) -> bytes:
        header = _HEADER.pack(0x80, (marker << 7) | payload_type, self.sequence, timestamp, self.ssrc)
        self.sequence = (self.sequence + 1) % _SEQUENCE
        self.sent += 1
        return header + payload


@dataclass(slots=True)
class Reception:
    """What arrived of one stream, and how evenly."""

    received: int = 0
    _first: int = 0
    _highest: int = 0
    _ssrc: int | None = None
    _before: int = 0
    _transit: float | None = None
    _jitter: float = 0.0

    def note(self, packet: Packet, arrived: float, rate: int = 8000) -> None:
        """Take note of `packet`, which `arrived` at that time (seconds on any steady clock)."""
        if packet.ssrc != self._ssrc:
            self._begin(packet)
        self.received += 1
        step = ahead(packet.sequence, self._highest % _SEQUENCE)
        if step > 0:
            self._highest += step
        transit = arrived * rate - packet.timestamp
        if self._transit is not None:
            self._jitter += (min(abs(transit - self._transit), rate) - self._jitter) / 16
        self._transit = transit

    @property
    def expected(self) -> int:
        """Packets that the sender sent, as far as is known."""
        return self._before + (self._highest - self._first + 1 if self._ssrc is not None else 0)

    @property
    def lost(self) -> int:
        """Packets that never came."""
        return max(0, self.expected - self.received)

    @property
    def jitter_ms(self) -> float:
        """Interarrival jitter of RFC 3550 in milliseconds."""
        return self._jitter / 8

    def _begin(self, packet: Packet) -> None:
        """A new source begins; what the old one sent still counts."""
        self._before = self.expected
        self._ssrc = packet.ssrc
        self._first = self._highest = packet.sequence
        self._transit = None
