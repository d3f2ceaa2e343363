"""Who may call, how many at once and how fast: beyond that, calls are refused politely."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from config.errors import SettingsError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
BUSY, OVERLOADED = 486, 503
"""SIP statuses: all lines are taken; too many calls in too short a time."""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read addresses and networks ("203.0.113.7", "10.0.0.0/8"); raises SettingsError."""
    try:
        return tuple(ipaddress.ip_network(text, strict=False) for text in texts)
    except ValueError as error:
        raise SettingsError(f"HOTLINE_GATEWAY_ALLOW: {error}") from error


@dataclass(slots=True)
class AllowList:
    """The addresses that may speak SIP to us without a password."""

    allowed: tuple[Network, ...]

    def admits(self, host: str) -> bool:
        """Whether `host` (an address) is on the list."""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self.allowed)

    def add(self, host: str) -> None:
        """Put `host` (an address) on the list."""
        self.allowed = (*self.allowed, ipaddress.ip_network(host))


@dataclass(slots=True)
class Bucket:
    """A token bucket: `rate` a second, at most `burst` at once."""

    rate: float
    burst: float
    now: Callable[[], float] = time.monotonic
    _tokens: float = -1.0
    _last: float = 0.0

    def take(self) -> bool:
        """Take a token; false if there is none."""
        now = self.now()
        self._tokens = (
            self.burst if self._tokens < 0 else min(self.burst, self._tokens + (now - self._last) * self.rate)
        )
        self._last = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@dataclass(slots=True)
class Admission:
    """Counts the calls: at most `calls` at once and `rate` new ones a second, with a short burst of twice that."""

    calls: int
    rate: float
    now: Callable[[], float] = time.monotonic
    draining: bool = False
    refused: dict[int, int] = field(default_factory=lambda: {BUSY: 0, OVERLOADED: 0})
    _at_once: int = 0
    _bucket: Bucket = field(init=False)

    def __post_init__(self) -> None:
        self._bucket = Bucket(self.rate, max(1.0, 2 * self.rate), self.now)

    @property
    def at_once(self) -> int:
        """How many calls there are."""
        return self._at_once

    def ask(self) -> int | None:
        """Whether one more call may come in: None if so, else the SIP status to refuse it with."""
        verdict = self._verdict()
        if verdict is not None:
            self.refused[verdict] += 1
        return verdict

    def enter(self) -> None:
        """A call begins."""
        self._at_once += 1

    def leave(self) -> None:
        """A call is over."""
        self._at_once -= 1

    def _verdict(self) -> int | None:
        if self.draining:
            return OVERLOADED
        if self._at_once >= self.calls:
            return BUSY
        return None if self._bucket.take() else OVERLOADED
