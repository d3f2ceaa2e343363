"""`<Dial>`: somebody else is rung and the two are let talk."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ivr.carrier.twiml import Dial
from ivr.gateway.leg import DialStatus, HungUp, Leg
from ivr.gateway.sound import RINGING
from ivr.gateway.waiting import forget_keys, while_there

_STAR = "*"


@dataclass(slots=True)
class Connector:
    """Connects the caller on `leg` as `verb` asks."""

    leg: Leg
    verb: Dial

    async def connect(self) -> tuple[DialStatus, int]:
        """Ring and let talk; gives how it ended and the seconds talked. Raises HungUp if the caller goes first."""
        status = DialStatus.FAILED
        for number in self.verb.numbers:
            outcome = await while_there(self.leg, self._ring(number))
            if not isinstance(outcome, DialStatus):
                return DialStatus.COMPLETED, await self._talk(outcome)
            status = outcome
        return status, 0

    async def _ring(self, number: str) -> Leg | DialStatus:
        """Ring one number; the caller hears the ringing tone meanwhile."""
        tone = asyncio.ensure_future(self._sound_ringing())
        try:
            caller_id = self.verb.caller_id or self.leg.caller
            return await self.leg.dial(number, caller_id, self.verb.timeout)
        finally:
            tone.cancel()
            await asyncio.wait([tone])

    async def _sound_ringing(self) -> None:
        try:
            while True:
                await self.leg.play(RINGING)
        except HungUp:
            return

    async def _talk(self, other: Leg) -> int:
        """Bridge the two until one goes, the time is up or the caller presses the star; gives the seconds."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        forget_keys(self.leg)
        parts = [
            asyncio.ensure_future(part)
            for part in (self.leg.bridge(other), self.leg.gone.wait(), other.gone.wait(), self._pass_keys(other))
        ]
        try:
            await asyncio.wait(parts, timeout=self.verb.time_limit, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for part in parts:
                part.cancel()
            await asyncio.wait(parts)
            await other.hang_up()
        return round(loop.time() - began)

    async def _pass_keys(self, other: Leg) -> None:
        """Press what the caller presses; ends at the star that ends the talk."""
        while True:
            key = await self.leg.keys.get()
            if key == _STAR and self.verb.hangup_on_star:
                return
            await other.send_keys(key)
