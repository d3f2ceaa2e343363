"""The sound of one call on the wire: its socket, what is played, what is recorded, which keys are pressed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from ivr.gateway import jitter, rtp
from ivr.gateway.dtmf import KeyListener, key_payloads
from ivr.gateway.exchange import SILENCE
from ivr.gateway.g711 import Law, Pcm
from ivr.gateway.leg import Ear
from ivr.gateway.rtp import FRAME

log = logging.getLogger(__name__)

_MOST_QUEUED = 10 * FRAME
"""Bytes of the other side's sound that may wait in a bridge: 200 ms; older sound is dropped."""
_AHEAD = 3 * FRAME
"""Bytes that must wait in a bridge before they flow: 60 ms, so that packets that come unevenly leave no holes."""
_CONCEALED = 1
"""Lost packets in a row that are filled with the sound before them; further ones are silence."""
Address = tuple[str, int]


@dataclass(slots=True)
class Terms:
    """What was agreed on for a call: the codec, the keys' payload type (None: none), where sound is sent."""

    law: Law
    keys: int | None
    remote: Address
    sends: bool = True
    """False while the other side holds the call: it wants to hear nothing."""


@dataclass(slots=True)
class LineTake:
    """A recording of what comes in, as it came: code bytes of one law."""

    law: Law
    ear: Ear | None
    on_stop: Callable[[], None]
    heard: bool = False
    _sound: bytearray = field(default_factory=bytearray)
    _spoken: float = field(default_factory=time.monotonic)

    def feed(self, payload: bytes) -> None:
        """Take the next piece."""
        self._sound += payload
        samples = self.law.decode(payload)
        if self.ear:
            self.ear(samples)
        wide = samples.astype(np.float32)
        if float(wide @ wide) > SILENCE * SILENCE * len(wide):
            self.heard = True
            self._spoken = time.monotonic()

    async def silence(self, seconds: float) -> None:
        """Wait until nothing was said for so long."""
        while (left := self._spoken + seconds - time.monotonic()) > 0:
            await asyncio.sleep(left)

    async def stop(self) -> Pcm:
        """End the recording and give all of it."""
        self.on_stop()
        return self.law.decode(bytes(self._sound))


class Line(asyncio.DatagramProtocol):
    """Sends and receives one call's RTP. `tick` is called by the media clock each 20 ms."""

    def __init__(self, terms: Terms, on_key: Callable[[str], None]) -> None:
        self.terms = terms
        self.reception = rtp.Reception()
        self.buffer = jitter.JitterBuffer()
        self.last_packet = time.monotonic()
        self.first_sound: float | None = None
        self._on_key = on_key
        self._transport: asyncio.DatagramTransport | None = None
        self._sender = rtp.Sender(terms.law.payload_type)
        self._listener = KeyListener()
        self._latched: tuple[Address, int] | None = None
        self._playing: tuple[bytes, int, asyncio.Future[None]] | None = None
        self._keys: Iterator[tuple[int, bytes, bool]] | None = None
        self._keys_sent: asyncio.Future[None] | None = None
        self._take: LineTake | None = None
        self._other: Line | None = None
        self._queued = bytearray()
        self._flowing = False
        self._before = b""

    # Socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the socket."""
        # Python 3.11's datagram transports are no subclass of DatagramTransport.
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Take a packet of the call; whatever else comes is dropped."""
        packet = rtp.parse(data)
        if packet is None or not self._from_the_other_side(packet, addr):
            return
        self.last_packet = time.monotonic()
        if packet.payload_type == self.terms.keys:
            self.reception.note(packet, self.last_packet)
            key = self._listener.hear(packet.payload, packet.timestamp)
            if key:
                self._on_key(key)
            self._take_in(self.buffer.push(packet, is_sound=False))
        elif packet.payload_type == self.terms.law.payload_type:
            self.reception.note(packet, self.last_packet)
            self._take_in(self.buffer.push(packet))

    def error_received(self, exc: Exception) -> None:
        """Ignore that the other side's port is closed: its BYE will come, or its silence will tell."""

    def close(self) -> None:
        """Close the socket and end what is playing."""
        if self._transport:
            self._transport.close()
            self._transport = None
        self.part()
        self._end_playing()

    def agree(self, terms: Terms) -> None:
        """Go on under new terms; the other side may have moved."""
        if terms.remote != self.terms.remote:
            self._latched = None
        self.terms = terms
        self._sender.payload_type = terms.law.payload_type

    def _from_the_other_side(self, packet: rtp.Packet, addr: Address) -> bool:
        """Symmetric RTP: sound comes from where the first packet came from, unless its source moves."""
        if self._latched is None or packet.ssrc == self._latched[1]:
            self._latched = (addr, packet.ssrc)
            return True
        if addr == self._latched[0]:
            self._latched = (addr, packet.ssrc)
            return True
        return False

    # Hearing

    def record(self, ear: Ear | None) -> LineTake:
        """Begin to record what comes in."""
        self._take_in(self.buffer.flush())
        take = LineTake(self.terms.law, ear, self._end_take)
        self._take = take
        return take

    def _end_take(self) -> None:
        self._take_in(self.buffer.flush())
        self._take = None

    def _take_in(self, sounds: list[jitter.Sound]) -> None:
        for sound in sounds:
            if self._take:
                if sound.gap:
                    self._take.feed(self._filling(sound))
                self._take.feed(sound.payload)
            if self._other:
                self._other.queue(self.terms.law, sound.payload)
            self._before = sound.payload

    def _filling(self, sound: jitter.Sound) -> bytes:
        """Something for what is missing: the sound before it once, then silence."""
        repeated = self._before * _CONCEALED if sound.lost else b""
        return (repeated[: sound.gap] + self.terms.law.silence * sound.gap)[: sound.gap]

    # Speaking

    def tick(self) -> None:
        """Send the packet that is due."""
        if self._transport is None or not self.terms.sends:
            self._sender.skip(FRAME)
            return
        payload, marker = self._due()
        if self._keys is not None:
            self._send_key()
            return
        self._send(self._sender.packet(payload, marker))

    def start(self, payload: bytes, done: asyncio.Future[None]) -> None:
        """Play `payload` (whole packets) from the next tick on; `done` is set at its end."""
        self._end_playing()
        self._playing = (payload, 0, done)

    def stop(self, done: asyncio.Future[None]) -> None:
        """Play no more of what `done` stands for."""
        if self._playing and self._playing[2] is done:
            self._playing = None

    async def press(self, keys: str) -> None:
        """Send keys; a character that is no key is a pause of half a second."""
        if self.terms.keys is None or self._transport is None:
            log.warning("The other side takes no keys")
            return
        self._keys_sent = asyncio.get_running_loop().create_future()
        self._keys = self._key_packets(keys, self.terms.keys)
        await self._keys_sent

    def bridge(self, other: Line) -> None:
        """Send the other line what is heard here."""
        self._other = other

    def part(self) -> None:
        """End the bridge."""
        self._other = None
        self._queued.clear()

    def queue(self, law: Law, payload: bytes) -> None:
        """Have the sound of the other side of a bridge sent."""
        mine = self.terms.law
        self._queued += payload if law is mine else mine.encode(law.decode(payload))
        if len(self._queued) > _MOST_QUEUED:
            del self._queued[: len(self._queued) - _MOST_QUEUED // 2]

    def _due(self) -> tuple[bytes, bool]:
        """The sound of this tick, and whether a stretch of sound begins with it."""
        if self._playing is None:
            return self._from_bridge(), False
        payload, start, done = self._playing
        if self.first_sound is None:
            self.first_sound = time.monotonic()
        end = start + FRAME
        self._playing = (payload, end, done)
        if end >= len(payload):
            self._end_playing()
        return payload[start:end], start == 0

    def _from_bridge(self) -> bytes:
        """The other side's sound of this tick, silence while there is none."""
        self._flowing = len(self._queued) >= (FRAME if self._flowing else _AHEAD)
        if not self._flowing:
            return self.terms.law.silence * FRAME
        payload = bytes(self._queued[:FRAME])
        del self._queued[:FRAME]
        return payload

    def _end_playing(self) -> None:
        if self._playing:
            done = self._playing[2]
            self._playing = None
            if not done.done():
                done.set_result(None)

    def _key_packets(self, keys: str, payload_type: int) -> Iterator[tuple[int, bytes, bool]]:
        for key in keys:
            timestamp = self._sender.timestamp
            payloads = list(key_payloads(key)) if key in "0123456789*#" else [b""] * 25
            for number, payload in enumerate(payloads):
                yield timestamp, payload, number == 0
            yield from ((timestamp, b"", False) for _ in range(3))

    def _send_key(self) -> None:
        assert self._keys is not None
        due = next(self._keys, None)
        self._sender.skip(FRAME)
        if due is None:
            self._keys = None
            if self._keys_sent and not self._keys_sent.done():
                self._keys_sent.set_result(None)
        elif due[1] and self.terms.keys is not None:
            self._send(self._sender.event(self.terms.keys, *due))

    def _send(self, datagram: bytes) -> None:
        if self._transport:
            self._transport.sendto(datagram, self._latched[0] if self._latched else self.terms.remote)
