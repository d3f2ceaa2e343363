"""Codecs, packets, keys, order and pace: what a call is made of."""

from __future__ import annotations

import asyncio
import io
import random

import numpy as np
import pytest
import soundfile

from ivr.gateway import rtp
from ivr.gateway.dtmf import KEYS, KeyListener, key_payloads
from ivr.gateway.g711 import ALAW, ULAW, Law
from ivr.gateway.jitter import JitterBuffer
from ivr.gateway.media_clock import MediaClock
from ivr.gateway.rtp import Packet, Reception, Sender
from ivr.gateway.sound import RINGING, read_sound, tone
from tests.unit.ivr.gateway.virtual_time import run

EVERY = np.arange(-32768, 32768).astype(np.int16)


@pytest.mark.parametrize(
    ("law", "samples", "codes"),
    [
        (ALAW, [0, 8, -8, 32767, -32768, 1024], "d5d555aa2ae5"),
        (ULAW, [0, 32767, -32768, 132, -132], "ff8000ef6f"),
    ],
)
def test_samples_become_the_codes_of_the_recommendation(law: Law, samples: list[int], codes: str) -> None:
    assert law.encode(np.array(samples, np.int16)).hex() == codes


@pytest.mark.parametrize(("law", "subtype"), [(ALAW, "ALAW"), (ULAW, "ULAW")])
def test_every_code_means_what_libsndfile_takes_it_for(law: Law, subtype: str) -> None:
    codes = bytes(range(256))
    theirs, _ = soundfile.read(
        io.BytesIO(codes), format="RAW", subtype=subtype, samplerate=8000, channels=1, dtype="int16"
    )
    assert np.array_equal(law.decode(codes), theirs)


@pytest.mark.parametrize("law", [ALAW, ULAW])
def test_every_sample_comes_back_as_nearly_as_its_loudness_allows(law: Law) -> None:
    wanted = EVERY.astype(np.int64)
    error = np.abs(law.decode(law.encode(EVERY)) - wanted)
    # Sixteen steps to each doubling of loudness: at most a thirty-second part is lost, and never more than 8 at rest.
    assert (error <= 8 + np.abs(wanted) / 30).all()


def test_silence_is_silent() -> None:
    assert np.abs(ALAW.decode(ALAW.silence)).max() <= 8
    assert ULAW.decode(ULAW.silence) == 0


def test_sound_is_filled_up_to_whole_packets() -> None:
    assert len(tone(440, 0.05).payload(ALAW)) == 480
    assert RINGING.seconds == 5.0
    assert len(read_sound(tone(440, 0.5).wav()).samples) == 4000


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\x80",
        bytes(12),
        b"\x00" * 40,
        b"\x80" + bytes(11),
        b"\x9f" + bytes(30),
        b"\xa0" + bytes(11) + b"\xff" * 9,
        b"\x90" + bytes(13),
        b"\x80" * 1600,
    ],
)
def test_what_is_no_packet_is_none(datagram: bytes) -> None:
    assert rtp.parse(datagram) is None


def test_garbage_never_breaks_the_reader() -> None:
    chance = random.Random(1)
    for _ in range(3000):
        rtp.parse(chance.randbytes(chance.randrange(60)))


def test_a_packet_is_read_as_it_was_written() -> None:
    sender = Sender(8, ssrc=7, sequence=65535, timestamp=2**32 - 160)
    first, second = rtp.parse(sender.packet(b"a" * 160, marker=True)), rtp.parse(sender.packet(b"b" * 160))
    assert first == Packet(8, 65535, 2**32 - 160, 7, b"a" * 160, True)
    assert second == Packet(8, 0, 0, 7, b"b" * 160)


def packet(number: int, ssrc: int = 1, start: int = 65533) -> Packet:
    return Packet(8, (start + number) % 65536, (number * 160 - 320) % 2**32, ssrc, bytes([number % 256]) * 160)


def order(numbers: list[int], depth: int = 5) -> tuple[list[int], JitterBuffer]:
    buffer = JitterBuffer(depth)
    sounds = [sound for number in numbers for sound in buffer.push(packet(number))] + buffer.flush()
    return [sound.payload[0] for sound in sounds], buffer


@pytest.mark.parametrize(
    ("came", "heard"),
    [
        ([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]),
        ([0, 2, 1, 3, 5, 4], [0, 1, 2, 3, 4, 5]),
        ([0, 1, 1, 2, 2, 3], [0, 1, 2, 3]),
        ([0, 1, 3, 4, 5, 6], [0, 1, 3, 4, 5, 6]),
        ([0, 2, 3, 4, 5, 6, 7, 8, 1, 9], [0, 2, 3, 4, 5, 6, 7, 8, 9]),
        ([0, 1, 2, 2000, 2001], [0, 1, 2, 2000 % 256, 2001 % 256]),
    ],
)
def test_packets_are_put_in_order(came: list[int], heard: list[int]) -> None:
    assert order(came)[0] == heard


def test_a_gap_is_as_long_as_what_is_missing_and_a_late_packet_is_counted() -> None:
    buffer = JitterBuffer(2)
    sounds = [sound for number in (0, 1, 4, 5, 6, 2) for sound in buffer.push(packet(number))]
    assert [(sound.gap, sound.lost) for sound in sounds] == [
        (0, False),
        (0, False),
        (320, True),
        (0, False),
        (0, False),
    ]
    assert buffer.late == 1


def test_a_pause_of_the_sender_is_silence_and_no_loss() -> None:
    buffer = JitterBuffer()
    buffer.push(Packet(8, 1, 0, 1, bytes(160)))
    (sound,) = buffer.push(Packet(8, 2, 800, 1, bytes(160)))
    assert (sound.gap, sound.lost) == (640, False)


def test_loss_and_jitter_are_measured() -> None:
    reception = Reception()
    for number in range(100):
        if number % 10 != 5:
            reception.note(packet(number), number * 0.02 + (0.004 if number % 2 else 0.0))
    assert (reception.expected, reception.lost) == (100, 10)
    assert 2.0 < reception.jitter_ms < 4.5


def test_a_new_source_goes_on_counting() -> None:
    reception = Reception()
    for number in range(10):
        reception.note(packet(number), number * 0.02)
    for number in range(5):
        reception.note(packet(number, ssrc=2, start=9), 1 + number * 0.02)
    assert (reception.received, reception.expected, reception.lost) == (15, 15, 0)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_heard_once_at_its_first_packet(key: str) -> None:
    listener = KeyListener()
    assert [listener.hear(payload, 1000) for payload in key_payloads(key)] == [key] + [None] * 8
    assert listener.hear(next(iter(key_payloads(key))), 9000) == key


@pytest.mark.parametrize("lost", range(9))
def test_a_key_survives_the_loss_of_any_of_its_packets(lost: int) -> None:
    listener = KeyListener()
    left = [payload for number, payload in enumerate(key_payloads("5")) if number != lost]
    assert [key for payload in left if (key := listener.hear(payload, 1))] == ["5"]


@pytest.mark.parametrize("payload", [b"", b"\x05", bytes([12, 10, 0, 160]), bytes([200, 0, 0, 0])])
def test_what_is_no_key_of_a_telephone_is_none(payload: bytes) -> None:
    assert KeyListener().hear(payload, 1) is None


def test_the_clock_keeps_to_absolute_deadlines() -> None:
    async def ticked() -> list[float]:
        loop = asyncio.get_running_loop()
        clock, times = MediaClock(now=loop.time), []

        def tick() -> None:
            times.append(loop.time())

        clock.add(tick)
        task = asyncio.create_task(clock.run())
        await asyncio.sleep(2.0)
        task.cancel()
        return times

    times = run(ticked())
    assert len(times) in (99, 100)
    assert np.allclose(np.diff(times), 0.02)


def test_a_fault_in_one_call_silences_that_call_only(caplog: pytest.LogCaptureFixture) -> None:
    async def ticked() -> tuple[int, int]:
        clock, good, bad = MediaClock(now=asyncio.get_running_loop().time), [], []

        def broken() -> None:
            bad.append(1)
            raise RuntimeError

        clock.add(broken)
        clock.add(lambda: good.append(1))
        task = asyncio.create_task(clock.run())
        await asyncio.sleep(1.01)
        task.cancel()
        return len(good), len(bad)

    assert run(ticked()) == (50, 1)
