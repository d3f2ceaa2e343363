"""Hears messages while they are said, in a process of its own, so that the sound of calls never waits for it.

Nothing here is needed for a call: where the process is busy, slow or dead, the recording is heard later as
every other.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import queue
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from itertools import count
from multiprocessing.queues import Queue
from typing import Any, cast

import numpy as np
from scipy import signal

from ivr.gateway.g711 import Pcm
from ivr.gateway.leg import Ear
from transcription import choice
from transcription.choice import EngineChoice
from transcription.ports import EngineIdentity, Samples, Segment, SpeechStream, StreamingEngine

log = logging.getLogger(__name__)

BATCH = 4000
"""Samples (half a second) that are sent to the process at once."""
BEHIND = 400
"""Batches that may wait for the process; a stream that would add more is given up."""
FINISH_SECONDS = 30.0
"""How long the words of a finished message are waited for."""
_NICE = 10
"""The process gives way to the calls."""
_TAPS = 63

Heard = tuple[list[Segment], EngineIdentity]
Keep = Callable[[str, list[Segment], EngineIdentity], Awaitable[None]]
"""Stores what was heard with the recording of that SID."""


class Doubler:
    """Makes 8 kHz 16 kHz, piece by piece, without a seam between them."""

    def __init__(self) -> None:
        self._taps = 2 * signal.firwin(_TAPS, 0.5)
        self._state = np.zeros(_TAPS - 1)

    def __call__(self, samples: Pcm) -> Samples:
        """Give the next piece at 16 kHz, in [-1, 1], a millisecond or two late."""
        spread = np.zeros(2 * len(samples))
        spread[::2] = samples / 32768
        wide, self._state = signal.lfilter(self._taps, 1.0, spread, zi=self._state)
        return np.asarray(np.clip(wide, -1.0, 1.0), np.float32)


def hear(chosen: EngineChoice, phrases: tuple[str, ...], threads: int, inbox: Queue[Any], outbox: Queue[Any]) -> None:
    """The process: hear streams, told by messages (stream, what, samples), until told to end by None."""
    os.nice(_NICE)
    engine = choice.load(chosen, threads)
    expect = getattr(engine, "expect", None)
    if expect is not None:
        expect(phrases)
    streaming = callable(getattr(engine, "stream", None))
    outbox.put((0, streaming))
    if streaming:
        _serve(cast(StreamingEngine, engine), inbox, outbox)


def _serve(engine: StreamingEngine, inbox: Queue[Any], outbox: Queue[Any]) -> None:
    streams: dict[int, tuple[SpeechStream, Doubler]] = {}
    while (message := inbox.get()) is not None:
        number, what, samples = message
        if what == "sound":
            stream, doubled = streams.setdefault(number, (engine.stream(), Doubler()))
            stream.accept(doubled(samples))
        elif what == "forget":
            streams.pop(number, None)
        elif what == "finish":
            found = streams.pop(number, None)
            outbox.put((number, (found[0].finish() if found else [], engine.identity)))


class LiveHearing:
    """Hears up to `streams` messages at once with the engine `chosen`, telling `keep` what was said.

    Use as an async context manager.
    """

    def __init__(
        self, chosen: EngineChoice, keep: Keep, streams: int = 2, phrases: tuple[str, ...] = (), threads: int = 1
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self.keep = keep
        self.ready = asyncio.Event()
        self._free = streams
        self._inbox: Queue[Any] = context.Queue(BEHIND)
        self._outbox: Queue[Any] = context.Queue()
        arguments = (chosen, phrases, threads, self._inbox, self._outbox)
        self._process = context.Process(target=hear, args=arguments, daemon=True, name="gateway-hearing")
        self._reader = threading.Thread(target=self._read, daemon=True, name="gateway-heard")
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Heard]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __aenter__(self) -> LiveHearing:
        self._loop = asyncio.get_running_loop()
        self._process.start()
        self._reader.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._process.terminate()
        await asyncio.to_thread(self._process.join, 5)
        self._outbox.put(None)
        await asyncio.to_thread(self._reader.join, 5)
        for channel in (self._inbox, self._outbox):
            channel.close()
            channel.cancel_join_thread()

    def listen(self) -> LiveMessage | None:
        """Begin a message; None while no ear is free, or the engine is not there."""
        if self._free <= 0 or not self.ready.is_set() or not self._process.is_alive():
            return None
        self._free -= 1
        return LiveMessage(self, next(self._numbers))

    def release(self) -> None:
        """A message needs its ear no more."""
        self._free += 1

    def tell(self, number: int, what: str, samples: Pcm | None = None) -> bool:
        """Tell the process; false if it is too far behind."""
        try:
            self._inbox.put_nowait((number, what, samples))
        except (queue.Full, ValueError):  # ValueError: the gateway stops.
            return False
        return True

    async def words(self, number: int) -> Heard:
        """Wait for what was heard; raises TimeoutError."""
        future: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            if not self.tell(number, "finish"):
                raise TimeoutError
            return await asyncio.wait_for(future, FINISH_SECONDS)
        finally:
            self._waiting.pop(number, None)

    def _read(self) -> None:
        """Take what the process heard, in a thread of its own."""
        while (message := self._outbox.get()) is not None:
            if self._loop is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._take, *message)

    def _take(self, number: int, what: Any) -> None:
        if number == 0:
            if what:
                self.ready.set()
            else:
                log.info("The speech engine does not hear live; messages are heard after the call")
            return
        future = self._waiting.get(number)
        if future and not future.done():
            future.set_result(what)


@dataclass(slots=True)
class LiveMessage:
    """One message being heard."""

    hearing: LiveHearing
    number: int
    _batch: list[Pcm] = field(default_factory=list)
    _waiting: int = 0
    _lost: bool = False
    _released: bool = False

    def ear(self) -> Ear:
        """Where the sound goes."""
        return self._listen

    def forget(self) -> None:
        """Nobody wants to know."""
        self.hearing.tell(self.number, "forget")
        self._release()

    async def hand_over(self, recording_sid: str, lead: float) -> None:
        """Have what was heard stored; `lead` seconds were cut off the recording's beginning."""
        self._send()
        try:
            if self._lost:
                log.warning("A message was not heard live: the engine is too far behind")
                return
            segments, identity = await self.hearing.words(self.number)
            await self.hearing.keep(recording_sid, [_earlier(segment, lead) for segment in segments], identity)
        except TimeoutError:
            log.warning("A message was not heard live in time")
        finally:
            self._release()

    def _listen(self, samples: Pcm) -> None:
        self._batch.append(samples)
        self._waiting += len(samples)
        if self._waiting >= BATCH:
            self._send()

    def _send(self) -> None:
        if self._batch and not self._lost:
            self._lost = not self.hearing.tell(self.number, "sound", np.concatenate(self._batch))
        self._batch, self._waiting = [], 0

    def _release(self) -> None:
        if not self._released:
            self._released = True
            self.hearing.release()


def _earlier(segment: Segment, seconds: float) -> Segment:
    """The segment as it lies in a recording whose first `seconds` were cut off."""
    words = tuple(
        replace(word, start=max(0.0, word.start - seconds), end=max(0.0, word.end - seconds)) for word in segment.words
    )
    return Segment(max(0.0, segment.start - seconds), max(0.0, segment.end - seconds), words)
