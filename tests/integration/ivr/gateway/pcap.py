"""Capture files of RTP for sipp to play."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from tests.integration.ivr.gateway.phone import Pcm, encoded

_SSRC = 0x1234


class Capture:
    """RTP packets, 20 ms apart."""

    def __init__(self, sequence: int, timestamp: int) -> None:
        self._out = bytearray(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        self._at = 1.0
        self.sequence = sequence
        self.timestamp = timestamp

    def sound(self, samples: Pcm, codec: int = 8) -> Capture:
        payload = encoded(samples, codec)
        for start in range(0, len(payload) - 159, 160):
            self._packet(codec, payload[start : start + 160])
            self.timestamp += 160
        return self

    def key(self, event: int) -> Capture:
        for step in range(1, 12):
            end = 0x80 if step > 8 else 0
            self._packet(101 | (0x80 if step == 1 else 0), struct.pack("!BBH", event, end | 10, min(step, 8) * 160))
        return self

    def write(self, path: Path) -> None:
        path.write_bytes(self._out)

    def _packet(self, kind: int, payload: bytes) -> None:
        rtp = struct.pack("!BBHII", 0x80, kind, self.sequence % 65536, self.timestamp, _SSRC) + payload
        udp = struct.pack("!HHHH", 6000, 6002, 8 + len(rtp), 0) + rtp
        local = b"\x7f\0\0\1"
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, local, local) + udp
        frame = bytes(12) + b"\x08\0" + ip
        self._out += struct.pack("<IIII", int(self._at), int(self._at % 1 * 1e6), len(frame), len(frame)) + frame
        self.sequence += 1
        self._at += 0.02


def call_files(directory: Path, story: Pcm) -> None:
    """What `caller.xml` plays: a key, the story, the hash."""
    Capture(100, 1000).key(1).write(directory / "key-1.pcap")
    Capture(120, 40000).sound(np.ascontiguousarray(story)).write(directory / "story.pcap")
    Capture(900, 120000).key(11).write(directory / "key-hash.pcap")
