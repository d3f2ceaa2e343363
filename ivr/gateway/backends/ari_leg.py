"""A leg that is a channel of Asterisk. What is heard, played and recorded passes through Asterisk alone."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ivr.adapters.sound import NotSoundError
from ivr.gateway.backends.ari_client import APP, AriClient, AriError
from ivr.gateway.g711 import Pcm
from ivr.gateway.leg import DialStatus, Ear, HungUp, Leg, Quality
from ivr.gateway.sound import Line8k, read_sound, wav_of

log = logging.getLogger(__name__)

BEFORE_HANGUP = 0.3
"""Seconds between the last sound and hanging up: Asterisk has not sent its end yet when it says it has."""
_FINISH_SECONDS = 5.0
_TALK_DETECT = "300,256"
"""Milliseconds of silence that end talking, and loudness that is talk (TALK_DETECT's two arguments)."""
_REASONS = {486: "busy", 603: "rejected", 503: "congestion"}
CAUSES = {17: DialStatus.BUSY, 18: DialStatus.NO_ANSWER, 19: DialStatus.NO_ANSWER}
"""How ringing ended, by Q.850 cause."""


@dataclass(slots=True)
class Board:
    """What the legs of one Asterisk share: whoever waits for a playback, a recording or an answer, by its name."""

    client: AriClient
    background: Callable[[Coroutine[Any, Any, Any]], object]
    legs: dict[str, AriLeg] = field(default_factory=dict)
    playing: dict[str, asyncio.Event] = field(default_factory=dict)
    recording: dict[str, asyncio.Event] = field(default_factory=dict)
    ringing: dict[str, asyncio.Future[AriLeg | DialStatus]] = field(default_factory=dict)

    def file(self, sound: Line8k) -> str:
        """Put `sound` where Asterisk can read it; gives its name there, without the suffix."""
        wav = wav_of(sound.samples)
        path = Path(self.client.options.sounds) / hashlib.sha256(wav).hexdigest()[:32]
        if not path.with_suffix(".wav").exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{uuid.uuid4().hex}")
            draft.write_bytes(wav)
            draft.replace(path.with_suffix(".wav"))
        return str(path)


@dataclass(slots=True)
class AriTake:
    """A recording that Asterisk makes."""

    leg: AriLeg
    name: str
    over: asyncio.Event
    heard: bool = False
    talking: bool = False
    spoken: float = field(default_factory=time.monotonic)

    async def silence(self, seconds: float) -> None:
        """Wait until nothing was said for so long."""
        while self.talking or time.monotonic() < self.spoken + seconds:
            await asyncio.sleep(0.1)

    def talk(self, begins: bool) -> None:
        """The caller begins or ends to talk."""
        self.heard = True
        self.talking = begins
        self.spoken = time.monotonic()

    async def stop(self) -> Pcm:
        """End the recording and fetch all of it."""
        client = self.leg.board.client
        try:
            if not self.over.is_set():
                await client.ask("POST", f"recordings/live/{self.name}/stop")
            async with asyncio.timeout(_FINISH_SECONDS):
                await self.over.wait()
        except (AriError, TimeoutError) as error:
            # After a hang-up Asterisk ends it by itself; what is stored is fetched all the same.
            log.info("A recording ended by itself: %s", error)
        self.leg.take = None
        self.leg.board.recording.pop(self.name, None)
        try:
            samples = read_sound(await client.stored(self.name)).samples
            await client.ask("DELETE", f"recordings/stored/{self.name}")
        except (AriError, NotSoundError) as error:
            log.error("A recording could not be fetched from Asterisk: %s", error)
            return np.zeros(0, np.int16)
        return samples


class AriLeg:
    """One channel."""

    def __init__(self, board: Board, channel: str, caller: str, called: str) -> None:
        self.board = board
        self.channel = channel
        self.caller, self.called = caller, called
        self.keys: asyncio.Queue[str] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.take: AriTake | None = None
        self._came = time.monotonic()
        self._first_sound: float | None = None
        self._quality = Quality()
        board.legs[channel] = self

    async def answer(self) -> None:
        """Take the call."""
        await self._ask("POST", "answer")
        await self._ask("POST", "variable", variable="TALK_DETECT(set)", value=_TALK_DETECT)

    async def reject(self, status: int) -> None:
        """Refuse the call."""
        await self._end(reason=_REASONS.get(status, "failure"))

    async def hang_up(self) -> None:
        """End the call, if it has not ended."""
        if self.gone.is_set():
            return
        await asyncio.sleep(BEFORE_HANGUP)
        await self.measure()
        await self._end()

    async def play(self, sound: Line8k) -> None:
        """Play `sound` to its end; cancelling cuts it off."""
        name, board = uuid.uuid4().hex, self.board
        done = board.playing[name] = asyncio.Event()
        file = await asyncio.to_thread(board.file, sound)
        try:
            await self._ask("POST", f"play/{name}", media=f"sound:{file}")
            self._first_sound = self._first_sound or time.monotonic()
            await done.wait()
        except asyncio.CancelledError:
            board.background(self._quietly(board.client.ask("DELETE", f"playbacks/{name}")))
            raise
        finally:
            board.playing.pop(name, None)

    async def record(self, ear: Ear | None) -> AriTake:
        """Begin to record. `ear` hears nothing: Asterisk gives the sound when it is whole."""
        del ear
        name = f"{APP}-{uuid.uuid4().hex}"
        take = AriTake(self, name, asyncio.Event())
        self.board.recording[name] = take.over
        self.take = take
        options = {"format": "wav", "ifExists": "overwrite", "beep": "false", "terminateOn": "none"}
        await self._ask("POST", "record", name=name, **options)
        return take

    async def send_keys(self, keys: str) -> None:
        """Press keys towards the other side."""
        pauses = {"before": str(500 * (len(keys) - len(keys.lstrip("w"))))}
        await self._ask("POST", "dtmf", dtmf=keys.replace("w", ""), **pauses)

    async def dial(self, target: str, caller_id: str, timeout: float) -> Leg | DialStatus:
        """Ring `target` through Asterisk's trunk."""
        trunk, channel = self.board.client.options.trunk, uuid.uuid4().hex
        endpoint = f"PJSIP/{trunk}/{target}" if target.startswith("sip:") else f"PJSIP/{_national(target)}@{trunk}"
        answered: asyncio.Future[AriLeg | DialStatus] = asyncio.get_running_loop().create_future()
        self.board.ringing[channel] = answered
        params = {"app": APP, "appArgs": "dialed", "channelId": channel, "callerId": caller_id}
        try:
            await self.board.client.ask("POST", "channels", endpoint=endpoint, timeout=str(round(timeout)), **params)
            return await answered
        except AriError as error:
            log.warning("Nobody could be rung: %s", error)
            return DialStatus.FAILED
        except asyncio.CancelledError:
            self.board.background(self._quietly(self.board.client.ask("DELETE", f"channels/{channel}")))
            raise
        finally:
            self.board.ringing.pop(channel, None)

    async def bridge(self, other: Leg) -> None:
        """Let the two hear each other until cancelled."""
        if not isinstance(other, AriLeg):
            raise TypeError("legs of two backends cannot be bridged")
        client = self.board.client
        bridge = (await client.ask("POST", "bridges", type="mixing"))["id"]
        try:
            for channel in (self.channel, other.channel):
                await client.ask("POST", f"bridges/{bridge}/addChannel", channel=channel)
            await asyncio.Event().wait()
        except AriError as error:
            raise HungUp from error
        finally:
            self.board.background(self._quietly(client.ask("DELETE", f"bridges/{bridge}")))

    def quality(self) -> Quality:
        """How the call went, as Asterisk counted it."""
        return self._quality

    def over(self) -> None:
        """The channel is gone."""
        self.gone.set()
        self.board.legs.pop(self.channel, None)

    async def measure(self) -> None:
        """Ask how the line was, while the channel is still there."""
        try:
            told = await self.board.client.ask("GET", f"channels/{self.channel}/rtp_statistics")
        except AriError:
            return
        setup = None if self._first_sound is None else round((self._first_sound - self._came) * 1000)
        self._quality = Quality(
            received=int(told.get("rxcount", 0)),
            lost=int(told.get("rxploss", 0)),
            jitter_ms=1000 * float(told.get("rxjitter", 0.0)),
            setup_ms=setup,
        )

    async def _end(self, **params: str) -> None:
        if not self.gone.is_set():
            await self._quietly(self.board.client.ask("DELETE", f"channels/{self.channel}", **params))
            self.over()

    async def _ask(self, method: str, what: str, **params: str) -> Any:
        """A request about this channel; one that fails because it is gone is a hang-up."""
        if self.gone.is_set():
            raise HungUp
        try:
            return await self.board.client.ask(method, f"channels/{self.channel}/{what}", **params)
        except AriError as error:
            log.info("The channel did not do it: %s", error)
            raise HungUp from error

    async def _quietly(self, request: Awaitable[Any]) -> None:
        """Make a request that may come too late."""
        try:
            await request
        except AriError as error:
            log.debug("Too late: %s", error)


def _national(number: str) -> str:
    """A number as Vietnamese trunks want it."""
    return "0" + number[3:] if number.startswith("+84") else number
