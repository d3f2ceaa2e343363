"""What every leg with a line of ours can do, and the means that such legs share."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiosipua.sdp import SdpMessage

from config.errors import HotlineError
from ivr.gateway.leg import DialStatus, Ear, HungUp, Leg, Quality
from ivr.gateway.line import Line, LineTake, Terms
from ivr.gateway.media_clock import MediaClock
from ivr.gateway.sip.endpoint import SipEndpoint
from ivr.gateway.sip.offer import NoCommonGround, answer_to, terms_of
from ivr.gateway.sip.trunk import Trunk
from ivr.gateway.sound import Line8k

log = logging.getLogger(__name__)

DEAD_SECONDS = 60.0
"""A line that sends no sound for so long, and is not held, has lost its other side."""
_MOST_KEYS = 64
"""Keys that wait to be asked for; more are a fault or an attack."""
Ring = Callable[[str, str, float], Awaitable[Leg | DialStatus]]
"""Rings a target in the name of a caller for some seconds."""


class NoPort(HotlineError):
    """Every port for sound is taken."""


@dataclass(slots=True)
class Ports:
    """The UDP ports for sound at `host`, even ones as RTP wants, used in turn."""

    host: str
    free: deque[int]

    async def open(self, line: Line) -> int:
        """Give `line` a socket; gives its port. Raises NoPort."""
        loop = asyncio.get_running_loop()
        for _ in range(len(self.free)):
            port = self.free.popleft()
            try:
                await loop.create_datagram_endpoint(lambda: line, local_addr=(self.host, port))
            except OSError:
                self.free.append(port)  # Another program has it.
                continue
            return port
        raise NoPort

    def release(self, port: int) -> None:
        """Take back a port; it is used again last, when late packets are over."""
        self.free.append(port)


@dataclass(slots=True)
class Plant:
    """What the legs of this backend share. `host` is told to the other side, "" for the one that reaches it."""

    clock: MediaClock
    ports: Ports
    host: str = ""
    trunk: Trunk | None = None
    trusts: Callable[[str], bool] = lambda _host: False
    """Whether the one at an address is believed about who calls."""
    endpoint: SipEndpoint = field(init=False)
    ring: Ring = field(init=False)

    def told_host(self, other: str) -> str:
        """The address that the other side, at `other`, is to send its sound to."""
        return self.host or address_towards(other)


class LineLeg:
    """A leg whose sound is a line of ours."""

    def __init__(self, plant: Plant, caller: str, called: str) -> None:
        self.caller, self.called = caller, called
        self.keys: asyncio.Queue[str] = asyncio.Queue(_MOST_KEYS)
        self.gone = asyncio.Event()
        self.line: Line | None = None
        self._plant = plant
        self._came = time.monotonic()
        self._port = 0
        self._tick = 0

    # What the endpoint tells

    def ended(self) -> None:
        """The other side is gone."""
        self.gone.set()
        self._close()

    def renegotiated(self, offer: SdpMessage) -> SdpMessage:
        """Agree to new terms: hold, another codec, another address. Raises NoCommonGround."""
        if self.line is None:
            raise NoCommonGround("the call is not answered yet")
        host = self._plant.told_host(self.line.terms.remote[0])
        terms, answer = answer_to(offer, host, self._port, str(int(time.time())))
        self.line.agree(terms)
        self.line.last_packet = time.monotonic()
        return answer

    def answered_late(self, answer: SdpMessage) -> None:
        """Take the terms that came with the ACK, after an INVITE without any."""
        try:
            if self.line and self.line.terms.remote[1] == 0:
                self.line.agree(terms_of(answer))
        except NoCommonGround as error:
            log.info("The call has no sound: %s", error)

    def pressed(self, key: str) -> None:
        """Take a key."""
        if not self.keys.full():
            self.keys.put_nowait(key)

    # What the interpreter asks

    async def play(self, sound: Line8k) -> None:
        """Play `sound` to its end; cancelling cuts it off."""
        line = self._there()
        done = asyncio.get_running_loop().create_future()
        line.start(sound.payload(line.terms.law), done)
        try:
            await done
        finally:
            line.stop(done)
        self._there()

    async def record(self, ear: Ear | None) -> LineTake:
        """Begin to record; `ear` hears along."""
        return self._there().record(ear)

    async def send_keys(self, keys: str) -> None:
        """Press keys towards the other side."""
        await self._there().press(keys)

    async def bridge(self, other: Leg) -> None:
        """Let the two hear each other until cancelled."""
        if not isinstance(other, LineLeg):
            raise TypeError("legs of two backends cannot be bridged")
        mine, theirs = self._there(), other._there()
        mine.bridge(theirs)
        theirs.bridge(mine)
        try:
            await asyncio.Event().wait()
        finally:
            mine.part()
            theirs.part()

    async def dial(self, target: str, caller_id: str, timeout: float) -> Leg | DialStatus:
        """Ring `target`, a number through the trunk or a SIP address, for at most `timeout` seconds."""
        return await self._plant.ring(target, caller_id, timeout)

    async def hang_up(self) -> None:
        """End the call, if it has not ended."""
        raise NotImplementedError

    async def answer(self) -> None:
        """Take the call."""
        raise NotImplementedError

    async def reject(self, status: int) -> None:
        """Refuse the call."""
        raise NotImplementedError

    def quality(self) -> Quality:
        """How the call went so far."""
        if self.line is None:
            return Quality()
        reception, first = self.line.reception, self.line.first_sound
        return Quality(
            received=reception.received,
            lost=reception.lost,
            late=self.line.buffer.late,
            jitter_ms=reception.jitter_ms,
            setup_ms=None if first is None else round((first - self._came) * 1000),
            codec=self.line.terms.law.name,
        )

    def is_dead(self, now: float) -> bool:
        """Whether the other side has been silent as only a lost one is."""
        return self.line is not None and self.line.terms.sends and now - self.line.last_packet > DEAD_SECONDS

    async def _open(self, terms: Terms) -> int:
        """Give the leg a socket; gives its port."""
        line = Line(terms, self.pressed)
        self._port = await self._plant.ports.open(line)
        self.line = line
        return self._port

    def _start_ticking(self) -> None:
        if self.line and not self._tick:
            self._tick = self._plant.clock.add(self.line.tick)

    def _close(self) -> None:
        if self._tick:
            self._plant.clock.remove(self._tick)
            self._tick = 0
        if self.line and self._port:
            self.line.close()
            self._plant.ports.release(self._port)
            self._port = 0

    def _there(self) -> Line:
        if self.gone.is_set() or self.line is None:
            raise HungUp
        return self.line


def address_towards(other: str) -> str:
    """The address of this machine from which packets go to `other`."""
    family = socket.AF_INET6 if ":" in other else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        # Connecting a UDP socket sends nothing; it only asks the routes.
        probe.connect((other, 9))
        return str(probe.getsockname()[0])
