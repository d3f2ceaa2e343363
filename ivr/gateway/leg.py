"""One side of a telephone call, as the interpreter of TwiML needs it, whichever way it is connected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from config.errors import HotlineError
from ivr.gateway.g711 import Pcm
from ivr.gateway.sound import Line8k

Ear = Callable[[Pcm], None]
"""Is given what is being recorded, as it comes; must not block."""


class HungUp(HotlineError):
    """The other side of the call is gone."""


class DialStatus(StrEnum):
    """How ringing somebody ended, in Twilio's words."""

    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Quality:
    """How the call went on the wire: packets, jitter in ms, seconds from the call's arrival to our first sound."""

    received: int = 0
    lost: int = 0
    late: int = 0
    jitter_ms: float = 0.0
    setup_ms: int | None = None
    codec: str = ""


class Take(Protocol):
    """A recording in the making."""

    @property
    def heard(self) -> bool:
        """Whether anything louder than the line's silence came so far."""
        ...

    async def silence(self, seconds: float) -> None:
        """Wait until nothing was said for so long."""
        ...

    async def stop(self) -> Pcm:
        """End the recording and give all of it, also after the caller hung up."""
        ...


class Leg(Protocol):
    """A call on the line. Everything but `stop` of a take raises HungUp once the other side is gone."""

    caller: str
    called: str
    keys: asyncio.Queue[str]
    gone: asyncio.Event
    """Set when the other side hung up, or never got through."""

    async def answer(self) -> None:
        """Take the call."""
        ...

    async def reject(self, status: int) -> None:
        """Refuse a call that was not answered, with a SIP status."""
        ...

    async def hang_up(self) -> None:
        """End the call, if it has not ended."""
        ...

    async def play(self, sound: Line8k) -> None:
        """Play `sound` to its end; cancelling cuts it off."""
        ...

    async def record(self, ear: Ear | None) -> Take:
        """Begin to record; `ear` hears along."""
        ...

    async def send_keys(self, keys: str) -> None:
        """Press keys towards the other side; `w` waits half a second."""
        ...

    async def dial(self, target: str, caller_id: str, timeout: float) -> Leg | DialStatus:
        """Ring `target`, a number or SIP address; gives the other leg once it answers, else why it did not.

        Cancelling gives up ringing.
        """
        ...

    async def bridge(self, other: Leg) -> None:
        """Let this leg and `other` hear each other; cancelling parts them."""
        ...

    def quality(self) -> Quality:
        """How the call went so far."""
        ...
