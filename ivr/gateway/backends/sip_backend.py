"""The SIP backend put together: clock, ports, endpoint, trunk."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from aiosipua import IncomingCall

from config.errors import HotlineError
from config.told import Told
from ivr.gateway.backends.aio import InboundLeg, ring
from ivr.gateway.backends.line_leg import LineLeg, Plant, Ports, address_towards
from ivr.gateway.leg import Leg
from ivr.gateway.limits import Admission, AllowList, networks
from ivr.gateway.line import Address
from ivr.gateway.media_clock import MediaClock
from ivr.gateway.sip.digest import Gatekeeper
from ivr.gateway.sip.endpoint import Doors, SipEndpoint
from ivr.gateway.sip.transport import ReliableTransport
from ivr.gateway.sip.trunk import Trunk, keep_registered

log = logging.getLogger(__name__)

_SWEEP_SECONDS = 5.0
_NAME_SECONDS = 30.0
_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, bound only where the operator says so
_PROBE = "192.0.2.1"
"""An address that is nobody's (RFC 5737), to ask the routes for our own."""


class SipPortBusy(HotlineError):
    """Cổng SIP đã có chương trình khác dùng."""


@dataclass(frozen=True, slots=True)
class SipOptions:
    """How the SIP side is set: `bind` for signalling, `ports` for sound, `public_host` told to the others.

    `allow` are addresses and networks that need no password, `passwords` by user name what others are asked for;
    `trunk` is where calls go out, and where we register if `register`.
    """

    bind: Address = ("127.0.0.1", 5060)
    public_host: str = ""
    ports: range = range(20000, 22000, 2)
    allow: tuple[str, ...] = ("127.0.0.0/8", "::1")
    passwords: Mapping[str, str] = field(default_factory=dict)
    trunk: Trunk | None = None
    register: bool = True


class SipBackend:
    """Takes calls by SIP; `on_leg` is given each one that was let in."""

    def __init__(self, options: SipOptions, admission: Admission, on_leg: Callable[[Leg], None]) -> None:
        self.clock = MediaClock()
        self._options = options
        self._on_leg = on_leg
        host = options.bind[0]
        self._plant = Plant(self.clock, Ports(host, deque(options.ports)), options.public_host, options.trunk)
        self._allow = AllowList(networks(options.allow))
        self.transport = ReliableTransport(options.bind, self._allow, strangers=bool(options.passwords))
        doors = Doors(self._allow, Gatekeeper(options.passwords), admission)
        self.endpoint = SipEndpoint(self.transport, doors, self._came, self._advertised())
        self._plant.endpoint = self.endpoint
        self._plant.trusts = self._allow.admits
        self._plant.ring = partial(ring, self._plant)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def address(self) -> Address:
        """Where SIP is spoken."""
        return self.transport.local_addr

    async def start(self) -> None:
        """Open the socket, and register with the trunk. Raises SipPortBusy."""
        try:
            await self.endpoint.start()
        except OSError as error:
            host, port = self._options.bind
            text = "Không mở được cổng SIP %(at)s (UDP): %(error)s."
            raise SipPortBusy(Told(text, at=f"{host}:{port}", error=error.strerror)) from error
        self._tasks = [asyncio.create_task(self.clock.run()), asyncio.create_task(self._sweep())]
        if self._options.trunk:
            self._tasks.append(asyncio.create_task(self._reach_trunk(self._options.trunk)))

    async def stop(self) -> None:
        """Unregister and close the socket."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.endpoint.stop()

    def _came(self, call: IncomingCall) -> InboundLeg:
        leg = InboundLeg(self._plant, call)
        self._on_leg(leg)
        return leg

    def _advertised(self) -> Address | None:
        """What Contact and Via say, where the socket's own address says nothing."""
        host, port = self._options.bind
        if self._options.public_host:
            return self._options.public_host, port
        return (address_towards(_PROBE), port) if host in _ANYWHERE else None

    async def _reach_trunk(self, trunk: Trunk) -> None:
        """Find the trunk, let its calls in, and keep us registered there."""
        address = await self._found(trunk)
        self._allow.add(address[0])
        if self._options.register:
            contact = self._options.public_host or address_towards(address[0])
            await keep_registered(trunk, self.endpoint.uac, address, (contact, self.address[1]))

    async def _found(self, trunk: Trunk) -> Address:
        """The trunk's address; asked for again until the name is known."""
        while True:
            try:
                found = await asyncio.get_running_loop().getaddrinfo(*trunk.address)
            except OSError as error:
                log.warning("The trunk's name is not known now: %s", error)
                await asyncio.sleep(_NAME_SECONDS)
            else:
                return str(found[0][4][0]), int(found[0][4][1])

    async def _sweep(self) -> None:
        """End the calls whose other side is lost: their BYE will never come."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            now = time.monotonic()
            for party in list(self.endpoint.parties.values()):
                if isinstance(party, LineLeg) and party.is_dead(now):
                    log.info("A call without sound for long is ended")
                    await party.hang_up()
