"""What all conversations of a gateway share: the account, the hotline, the voice, the shelf."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from config.clock import Clock, system_clock
from ivr.carrier import parameters
from ivr.carrier.ledger import Account, CarriedCall, HeldRecording
from ivr.carrier.twiml import Record
from ivr.carrier.webhook import Webhook
from ivr.gateway.g711 import RATE, Pcm
from ivr.gateway.leg import Ear, Quality
from ivr.gateway.prompts import Prompts
from ivr.gateway.shelf import Shelf
from ivr.gateway.sound import wav_of
from ivr.gateway.webhooks import HotlineClient
from ivr.rules.facts import QUALITY_PREFIX

log = logging.getLogger(__name__)

SILENCE = 10 ** (-45 / 20) * 32768
"""Root mean square of 20 ms of sound that nobody speaks in: -45 dBFS."""
_KEPT_AROUND = 0.2
"""Seconds of silence left at either end when silence is cut off."""


class Hearing(Protocol):
    """A message that is being understood while it is said."""

    def ear(self) -> Ear:
        """Where the sound goes."""
        ...

    def forget(self) -> None:
        """Nothing was said, or nobody wants to know."""
        ...

    async def hand_over(self, recording_sid: str, lead: float) -> None:
        """Have what was heard stored with the recording, of which the first `lead` seconds were cut off."""
        ...


class LiveEar(Protocol):
    """Understands messages while they are said, as many at once as the machine can."""

    def listen(self) -> Hearing | None:
        """Begin a message; None if there is no ear free for it."""
        ...


@dataclass(slots=True)
class Exchange:
    """One gateway's means. `longest_call` in seconds."""

    account: Account
    client: HotlineClient
    prompts: Prompts
    shelf: Shelf
    media_url: Callable[[str], str]
    workers: Executor
    live: LiveEar | None = None
    clock: Clock = system_clock
    longest_call: float = 7200.0
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def background(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do `work` beside the calls; it outlives its call, and the gateway waits for it when it stops."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("Work beside a call failed", exc_info=error)

    async def keep_call(self, call: CarriedCall) -> None:
        """Write the call down; a full disk does not keep anybody from talking."""
        await self._blocking(lambda: self.shelf.keep_call(call))

    async def keep_recording(self, recording: HeldRecording, samples: Pcm) -> HeldRecording:
        """Write the recording with its sound down; gives it as it stands then, `failed` if the disk refused it."""

        def keep() -> None:
            self.shelf.keep_recording(replace(recording, content=wav_of(samples) if len(samples) else b""))

        return recording if await self._blocking(keep) else replace(recording, status="failed")

    async def tell_recording(self, verb: Record, recording: HeldRecording) -> bool:
        """Make the recording's status callback, if `verb` wants one; true once the hotline took it."""
        if verb.callback is None or recording.status not in verb.callback_events:
            return False
        url = self.media_url(recording.sid)
        told = parameters.recording_status(self.account, recording, url, recording.status)
        return await self.client.tell(Webhook(verb.callback, told, verb.callback_method))

    async def tell_end(self, call: CarriedCall, quality: Quality) -> bool:
        """Make the call's final status callback, which also tells how the line was."""
        told = parameters.ended(self.account, call, self.clock())
        return await self.client.tell(Webhook(self.client.address("/voice/status"), told | quality_parameters(quality)))

    async def _blocking(self, work: Callable[[], None]) -> bool:
        """Do `work` off the loop; false, with a line in the log, if the disk refused it."""
        try:
            await asyncio.get_running_loop().run_in_executor(self.workers, work)
        except (OSError, sqlite3.Error):
            log.exception("The gateway's shelf could not be written")
            return False
        return True


def quality_parameters(quality: Quality) -> dict[str, str]:
    """How the line was, as parameters of a callback."""
    told = {
        "Received": str(quality.received),
        "Lost": str(quality.lost),
        "Late": str(quality.late),
        "Jitter": f"{quality.jitter_ms:.1f}",
        "Codec": quality.codec,
        "Setup": "" if quality.setup_ms is None else str(quality.setup_ms),
    }
    return {QUALITY_PREFIX + name: value for name, value in told.items() if value}


def without_silence(samples: Pcm) -> tuple[Pcm, float]:
    """Cut the silence off both ends of a recording; also gives the seconds cut off its beginning."""
    step = RATE // 50
    steps = len(samples) // step
    blocks = samples[: steps * step].reshape(steps, step).astype(np.float32)
    loud = np.flatnonzero(np.sqrt(np.mean(blocks**2, axis=1)) > SILENCE)
    if not len(loud):
        return samples[:0], 0.0
    around = round(_KEPT_AROUND * RATE)
    first, last = max(0, int(loud[0]) * step - around), (int(loud[-1]) + 1) * step + around
    return samples[first:last], first / RATE
