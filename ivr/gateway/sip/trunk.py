"""The agency's number at its carrier: registration, and how calls go out through it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from aiosipua.auth import SipDigestAuth
from aiosipua.registration import Registration
from aiosipua.uac import SipUAC

from config.errors import SettingsError

log = logging.getLogger(__name__)

RETRY_SECONDS = (10.0, 30.0, 60.0, 300.0)
"""Pauses after a registration that failed, the last for ever: a carrier comes back at night too."""
EXPIRES_SECONDS = 300


@dataclass(frozen=True, slots=True, repr=False)
class Trunk:
    """Where calls go out and who we are there; `domain` may differ from the host the packets go to."""

    user: str
    password: str
    host: str
    port: int
    domain: str

    @property
    def uri(self) -> str:
        """Our address of record."""
        return f"sip:{self.user}@{self.domain}"

    @property
    def address(self) -> tuple[str, int]:
        """Where packets go."""
        return self.host, self.port

    @property
    def auth(self) -> SipDigestAuth | None:
        """What challenges are answered with, None without a password."""
        return SipDigestAuth(self.user, self.password) if self.password else None

    def number_uri(self, number: str) -> str:
        """The address of a number behind the trunk, written as Vietnamese carriers want it: 0… at home."""
        national = "0" + number[3:] if number.startswith("+84") else number
        return f"sip:{national}@{self.domain}"


def read_trunk(text: str) -> Trunk:
    """Read `sip://user:password@host[:port][/domain]`; raises SettingsError, without showing it."""
    parts = urlsplit(text)
    try:
        port = parts.port or 5060
    except ValueError:
        port = 0
    if parts.scheme != "sip" or not parts.hostname or not parts.username or not port:
        raise SettingsError("HOTLINE_GATEWAY_TRUNK phải có dạng sip://user:password@host[:port][/domain]")
    domain = parts.path.strip("/") or parts.hostname
    return Trunk(unquote(parts.username), unquote(parts.password or ""), parts.hostname, port, domain)


async def keep_registered(trunk: Trunk, uac: SipUAC, address: tuple[str, int], contact: tuple[str, int]) -> None:
    """Keep us registered with the trunk at `address` (resolved) until cancelled, which unregisters."""
    registration = Registration(
        uac,
        trunk.uri,
        address,
        expires=EXPIRES_SECONDS,
        auth=trunk.auth,
        contact_uri=f"sip:{trunk.user}@{contact[0]}:{contact[1]}",
    )
    lost = asyncio.Event()
    registration.on_failed = lambda _registration, status, reason: _lose(lost, f"{status} {reason}")
    registration.on_expired = lambda _registration: _lose(lost, "expired")
    registration.on_registered = lambda _registration: log.info("Registered with the trunk")
    failures = 0
    try:
        while True:
            lost.clear()
            registration.register()
            await lost.wait()
            await asyncio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
            failures += 1
    finally:
        registration.unregister()


def _lose(lost: asyncio.Event, why: str) -> None:
    log.warning("Not registered with the trunk: %s", why)
    lost.set()
