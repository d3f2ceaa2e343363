"""`<Record>`: a message taken on a leg, kept before anybody is told of it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from ivr.carrier.ledger import HeldRecording, new_sid
from ivr.carrier.twiml import Record
from ivr.gateway.exchange import Exchange, Hearing, without_silence
from ivr.gateway.g711 import RATE, Pcm
from ivr.gateway.leg import Leg, Take
from ivr.gateway.sound import BEEP
from ivr.gateway.waiting import forget_keys, while_there

log = logging.getLogger(__name__)

HANG_UP = "hangup"
"""What the action is told as Digits when the caller hung up in the middle."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was taken: `ended_by` is the key, HANG_UP, or "" after silence or at its limit."""

    recording: HeldRecording
    ended_by: str
    hearing: Hearing | None = None
    lead: float = 0.0
    """Seconds of silence cut off before it."""


async def take_message(leg: Leg, exchange: Exchange, call_sid: str, verb: Record) -> Message:
    """Record what the caller says as `verb` asks; raises HungUp if they go before the recording begins."""
    if verb.play_beep:
        await while_there(leg, leg.play(BEEP))
    forget_keys(leg)
    hearing = exchange.live.listen() if exchange.live else None
    made = exchange.clock()
    take = await while_there(leg, leg.record(hearing.ear() if hearing else None))
    ended_by = await _until_over(leg, take, verb)
    samples = await take.stop()
    # A key that ends it says that it was meant; otherwise a message without a sound is none.
    absent = not len(samples) or (not take.heard and ended_by in ("", HANG_UP))
    samples, lead = _cut(samples[:0] if absent else samples, verb)
    status = "completed" if len(samples) else "absent"
    recording = HeldRecording(new_sid("RE"), call_sid, b"", len(samples) / RATE, made, status=status)
    recording = await exchange.keep_recording(recording, samples)
    return Message(recording, ended_by, hearing, lead)


def _cut(samples: Pcm, verb: Record) -> tuple[Pcm, float]:
    samples, lead = without_silence(samples) if verb.trim else (samples, 0.0)
    return samples[: verb.max_length * RATE], lead


async def _until_over(leg: Leg, take: Take, verb: Record) -> str:
    """Wait for the end of the message; gives what ended it."""
    over = asyncio.ensure_future(_silence_or_limit(take, verb))
    gone = asyncio.ensure_future(leg.gone.wait())
    key = asyncio.ensure_future(leg.keys.get())
    try:
        while True:
            await asyncio.wait({over, gone, key}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                return HANG_UP
            if not key.done():
                return ""
            if key.result() in verb.finish_on_key:
                return key.result()
            key = asyncio.ensure_future(leg.keys.get())
    finally:
        for task in (over, gone, key):
            task.cancel()


async def _silence_or_limit(take: Take, verb: Record) -> None:
    try:
        async with asyncio.timeout(verb.max_length):
            await take.silence(verb.timeout)
    except TimeoutError:
        log.info("A message reached its limit of %d s", verb.max_length)
