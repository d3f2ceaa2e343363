"""A leg without a line: a caller who does what a script says. For tests, and to try TwiML out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ivr.gateway.g711 import RATE, Pcm
from ivr.gateway.leg import DialStatus, Ear, HungUp, Leg, Quality
from ivr.gateway.sound import Line8k, tone

_QUIET = 0.3
"""Seconds without sound after which the script's caller takes a prompt to be over."""
_STEP = 0.05


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class UntilQuiet:
    """Listen until the prompt is over."""


@dataclass(frozen=True, slots=True)
class UntilRecording:
    """Listen until the beep is over."""


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys, one each 0.1 s."""

    keys: str


@dataclass(frozen=True, slots=True)
class Speak:
    """Speak for so many seconds (a tone of 300 Hz)."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HangUp:
    """Hang up."""


Act = Wait | UntilQuiet | UntilRecording | Press | Speak | HangUp


@dataclass
class FakeTake:
    """What the script's caller said since the recording began, with the silences."""

    leg: FakeLeg
    began: float
    heard: bool = False
    spoken: float = 0.0
    pieces: list[tuple[float, Pcm]] = field(default_factory=list)

    async def silence(self, seconds: float) -> None:
        """Wait until nothing was said for so long."""
        loop = asyncio.get_running_loop()
        while self.leg.speaking or loop.time() < self.spoken + seconds:
            await asyncio.sleep(_STEP)

    async def stop(self) -> Pcm:
        """End the recording and give all of it."""
        now = asyncio.get_running_loop().time()
        samples = np.zeros(round((now - self.began) * RATE), np.int16)
        for at, piece in self.pieces:
            start = round((at - self.began) * RATE)
            kept = piece[: max(0, len(samples) - start)]
            samples[start : start + len(kept)] = kept
        self.leg.take = None
        return samples


class FakeLeg:
    """A call whose caller does `acts` in order once it is answered, and then waits.

    `done` is what was done to the leg; `ringing` how ringing somebody ends, after two seconds.
    """

    def __init__(
        self,
        acts: Sequence[Act] = (),
        caller: str = "0912345678",
        called: str = "0967771010",
        ringing: Leg | DialStatus = DialStatus.NO_ANSWER,
    ) -> None:
        self.caller, self.called = caller, called
        self.keys: asyncio.Queue[str] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.done: list[str] = []
        self.take: FakeTake | None = None
        self.speaking = False
        self._acts = acts
        self._ringing = ringing
        self._playing = 0
        self._quiet_since = 0.0
        self._task: asyncio.Task[None] | None = None

    async def answer(self) -> None:
        """Take the call; the caller begins to act."""
        self._there()
        self.done.append("answer")
        self._task = asyncio.get_running_loop().create_task(self._act())

    async def reject(self, status: int) -> None:
        """Refuse the call."""
        self.done.append(f"reject {status}")
        self.gone.set()

    async def hang_up(self) -> None:
        """End the call."""
        if not self.gone.is_set():
            self.done.append("hang up")
            self.gone.set()

    async def play(self, sound: Line8k) -> None:
        """Let the sound's time pass."""
        self._there()
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._playing += 1
        try:
            await asyncio.sleep(sound.seconds)
        finally:
            self._playing -= 1
            self._quiet_since = loop.time()
            self.done.append(f"play {loop.time() - began:.1f}")

    async def record(self, ear: Ear | None) -> FakeTake:
        """Begin to record."""
        self._there()
        now = asyncio.get_running_loop().time()
        self.done.append("record")
        self.take = FakeTake(self, now, spoken=now)
        return self.take

    async def send_keys(self, keys: str) -> None:
        """Note the keys."""
        self.done.append(f"keys {keys}")

    async def dial(self, target: str, caller_id: str, timeout: float) -> Leg | DialStatus:
        """Ring for two seconds, or as long as nobody answers."""
        self.done.append(f"dial {target} as {caller_id}")
        await asyncio.sleep(timeout if self._ringing is DialStatus.NO_ANSWER else 2.0)
        if not isinstance(self._ringing, DialStatus):
            await self._ringing.answer()
        return self._ringing

    async def bridge(self, other: Leg) -> None:
        """Let time pass."""
        self.done.append("bridge")
        await asyncio.Event().wait()

    def quality(self) -> Quality:
        """A line without a fault."""
        return Quality(received=100, codec="PCMA")

    def _there(self) -> None:
        if self.gone.is_set():
            raise HungUp

    async def _act(self) -> None:
        for act in self._acts:
            await self._do(act)

    async def _do(self, act: Act) -> None:
        match act:
            case Wait(seconds):
                await asyncio.sleep(seconds)
            case UntilQuiet():
                await self._until_quiet()
            case UntilRecording():
                while self.take is None:
                    await asyncio.sleep(_STEP)
            case Press(keys):
                for key in keys:
                    self.keys.put_nowait(key)
                    await asyncio.sleep(0.1)
            case Speak(seconds):
                await self._speak(seconds)
            case HangUp():
                self.gone.set()

    async def _until_quiet(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(_STEP)
        while self._playing or loop.time() < self._quiet_since + _QUIET:
            await asyncio.sleep(_STEP)

    async def _speak(self, seconds: float) -> None:
        take, loop = self.take, asyncio.get_running_loop()
        began, self.speaking = loop.time(), True
        if take:
            take.heard = True
            take.pieces.append((began, tone(300, seconds).samples))
        await asyncio.sleep(seconds)
        self.speaking = False
        if take:
            take.spoken = loop.time()
