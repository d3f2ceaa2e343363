"""The one clock that all calls' sound goes by: a tick each 20 ms, on absolute deadlines."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ivr.gateway.rtp import FRAME_SECONDS

log = logging.getLogger(__name__)

Tick = Callable[[], None]
_HOPELESS = 10
"""Periods of lateness after which the missed ticks are not made up for, but skipped."""


@dataclass(slots=True)
class Pace:
    """How punctual the clock was, in seconds, since it was last asked."""

    ticks: int = 0
    worst: float = 0.0
    skipped: int = 0


@dataclass(slots=True)
class MediaClock:
    """Calls every member once a period; a late tick does not move the next ones."""

    period: float = FRAME_SECONDS
    now: Callable[[], float] = time.monotonic
    pace: Pace = field(default_factory=Pace)
    _members: dict[int, Tick] = field(default_factory=dict)
    _busy: asyncio.Event = field(default_factory=asyncio.Event)
    _last: int = 0

    def add(self, tick: Tick) -> int:
        """Have `tick` called each period; gives the number to remove it by."""
        self._last += 1
        self._members[self._last] = tick
        self._busy.set()
        return self._last

    def remove(self, number: int) -> None:
        """Call this member no more."""
        self._members.pop(number, None)
        if not self._members:
            self._busy.clear()

    async def run(self) -> None:
        """Tick until cancelled; with no members the clock rests."""
        while True:
            await self._busy.wait()
            deadline = self.now()
            while self._members:
                deadline = await self._reach(deadline + self.period)
                self._tick()

    async def _reach(self, deadline: float) -> float:
        """Wait for `deadline`; gives it, or the present if it is hopelessly past."""
        await asyncio.sleep(max(0.0, deadline - self.now()))
        late = self.now() - deadline
        self.pace.worst = max(self.pace.worst, late)
        if late < _HOPELESS * self.period:
            return deadline
        self.pace.skipped += int(late / self.period)
        log.warning("The sound of all calls was %.0f ms late: something held up the gateway", 1000 * late)
        return self.now()

    def _tick(self) -> None:
        self.pace.ticks += 1
        for number, tick in list(self._members.items()):
            try:
                tick()
            except Exception:  # one call's fault must not silence the others
                log.exception("A call's sound failed and is stopped")
                self.remove(number)
