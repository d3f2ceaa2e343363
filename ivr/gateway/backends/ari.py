"""The backend for agencies that have an Asterisk or FreePBX: it takes the calls, we hold the conversations."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import ClientSession

from ivr.gateway.backends.ari_client import APP, AriClient, AriError, AriOptions, Event
from ivr.gateway.backends.ari_leg import CAUSES, AriLeg, Board
from ivr.gateway.leg import DialStatus, Leg
from ivr.gateway.limits import Admission

log = logging.getLogger(__name__)

_DIALLED = "dialed"
"""The argument by which we know the channels that we made ourselves."""


class AriBackend:
    """Takes the calls that Asterisk's dialplan sends to our application; `on_leg` is given each."""

    def __init__(
        self, http: ClientSession, options: AriOptions, admission: Admission, on_leg: Callable[[Leg], None]
    ) -> None:
        self._admission = admission
        self._on_leg = on_leg
        self._tasks: set[asyncio.Task[Any]] = set()
        self.client = AriClient(http, options, self._event, self._reconnected)
        self.board = Board(self.client, self._background)
        self._handlers: dict[str, Callable[[Event], None]] = {
            "StasisStart": self._came,
            "StasisEnd": self._gone,
            "ChannelDestroyed": self._gone,
            "ChannelHangupRequest": self._going,
            "ChannelDtmfReceived": self._key,
            "ChannelTalkingStarted": lambda event: self._talk(event, True),
            "ChannelTalkingFinished": lambda event: self._talk(event, False),
            "PlaybackFinished": lambda event: _set(self.board.playing, event["playback"]["id"]),
            "RecordingFinished": lambda event: _set(self.board.recording, event["recording"]["name"]),
            "RecordingFailed": lambda event: _set(self.board.recording, event["recording"]["name"]),
        }

    async def start(self) -> None:
        """Connect, now or as soon as Asterisk is there."""
        self._background(self.client.listen())

    async def stop(self) -> None:
        """Disconnect."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _background(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("Something about Asterisk failed", exc_info=error)

    def _event(self, event: Event) -> None:
        handler = self._handlers.get(event.get("type", ""))
        if handler:
            handler(event)

    def _came(self, event: Event) -> None:
        channel = event["channel"]
        if _DIALLED in event.get("args", ()):
            leg = AriLeg(self.board, channel["id"], "", channel["caller"]["number"])
            waiting = self.board.ringing.get(channel["id"])
            if waiting and not waiting.done():
                waiting.set_result(leg)
            return
        self._let_in(channel)

    def _let_in(self, channel: Event) -> None:
        leg = AriLeg(self.board, channel["id"], channel["caller"]["number"], channel["dialplan"]["exten"])
        refused = self._admission.ask()
        if refused is not None:
            self._background(leg.reject(refused))
            return
        if channel.get("state") != "Up":
            self._background(self._ring(leg))
        self._on_leg(leg)

    async def _ring(self, leg: AriLeg) -> None:
        try:
            await self.client.ask("POST", f"channels/{leg.channel}/ring")
        except AriError as error:
            log.debug("Too late to ring: %s", error)

    def _gone(self, event: Event) -> None:
        channel = event["channel"]["id"]
        leg = self.board.legs.get(channel)
        if leg:
            leg.over()
        waiting = self.board.ringing.get(channel)
        if waiting and not waiting.done() and event["type"] == "ChannelDestroyed":
            waiting.set_result(CAUSES.get(event.get("cause", 0), DialStatus.FAILED))

    def _going(self, event: Event) -> None:
        leg = self.board.legs.get(event["channel"]["id"])
        if leg:
            self._background(leg.measure())

    def _key(self, event: Event) -> None:
        leg = self.board.legs.get(event["channel"]["id"])
        if leg:
            leg.keys.put_nowait(event["digit"])

    def _talk(self, event: Event, begins: bool) -> None:
        leg = self.board.legs.get(event["channel"]["id"])
        if leg and leg.take:
            leg.take.talk(begins)

    def _reconnected(self) -> None:
        self._background(self._sweep())

    async def _sweep(self) -> None:
        """After a connection: what ended meanwhile has ended, and what came meanwhile is let in."""
        try:
            there = set((await self.client.ask("GET", f"applications/{APP}"))["channel_ids"])
            for channel in set(self.board.legs) - there:
                self.board.legs[channel].over()
            for channel in there - set(self.board.legs):
                self._let_in(await self.client.ask("GET", f"channels/{channel}"))
        except AriError as error:
            log.warning("The calls in Asterisk could not be looked over: %s", error)


def _set(waiting: dict[str, asyncio.Event], name: str) -> None:
    event = waiting.get(name)
    if event:
        event.set()
