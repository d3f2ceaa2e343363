"""What a gateway remembers on disk, and the prompts it keeps ready."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from ivr.carrier.ledger import CarriedCall, HeldRecording
from ivr.carrier.webhook import WebhookError
from ivr.gateway.exchange import without_silence
from ivr.gateway.prompts import LARGEST_CACHE, OwnFiles, Prompts
from ivr.gateway.shelf import KEPT_CALLS, open_shelf
from ivr.gateway.sound import tone
from tests.unit.ivr.gateway.conftest import KEYS, URL, Humming
from tests.unit.ivr.gateway.virtual_time import Inline

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CALL = CarriedCall("CA1", "0912345678", "0967771010", NOW)
RECORDING = HeldRecording("RE1", "CA1", b"RIFF", 2.5, NOW)


def test_calls_and_recordings_outlive_a_restart(tmp_path: Path) -> None:
    shelf = open_shelf(tmp_path / "shelf", KEYS)
    ended = replace(CALL, status="completed", ended=NOW + timedelta(seconds=9), duration=9)
    shelf.keep_call(CALL)
    shelf.keep_call(ended)
    shelf.keep_recording(RECORDING)
    shelf.close()
    again = open_shelf(tmp_path / "shelf", KEYS)
    assert again.calls() == [ended]
    assert again.recordings() == [replace(RECORDING, content=b"")]
    assert again.sound("RE1") == b"RIFF"
    again.close()


def test_neither_sound_nor_number_is_readable_on_the_disk(tmp_path: Path) -> None:
    shelf = open_shelf(tmp_path / "shelf", KEYS)
    shelf.keep_call(CALL)
    shelf.keep_recording(RECORDING)
    shelf.close()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "shelf").iterdir())
    assert b"RIFF" not in kept
    assert b"912345678" not in kept
    assert b"0967771010" in kept, "our own number is no secret"


def test_nobody_else_may_look_at_the_shelf(tmp_path: Path) -> None:
    open_shelf(tmp_path / "shelf", KEYS).close()
    assert (tmp_path / "shelf").stat().st_mode & 0o077 == 0


def test_calls_that_a_stopped_gateway_left_open_are_ended(tmp_path: Path) -> None:
    shelf = open_shelf(tmp_path / "shelf", KEYS)
    shelf.keep_call(CALL)
    assert shelf.end_unfinished(NOW) == 1
    assert [(call.status, call.ended) for call in shelf.calls()] == [("failed", NOW)]
    assert shelf.end_unfinished(NOW) == 0
    shelf.close()


def test_a_deleted_recording_leaves_no_file(tmp_path: Path) -> None:
    shelf = open_shelf(tmp_path / "shelf", KEYS)
    shelf.keep_recording(RECORDING)
    assert shelf.delete("RE1")
    assert not shelf.delete("RE1")
    assert not shelf.path("RE1").exists()
    assert shelf.recordings() == []
    found = shelf.recording("RE1")
    assert found
    assert found.deleted
    shelf.close()


def test_old_calls_are_forgotten_and_recordings_only_once_deleted(tmp_path: Path) -> None:
    shelf = open_shelf(tmp_path / "shelf", KEYS)
    shelf.keep_call(CALL)
    shelf.keep_recording(RECORDING)
    shelf.keep_recording(replace(RECORDING, sid="RE2"))
    shelf.delete("RE2")
    shelf.forget_old(NOW + KEPT_CALLS + timedelta(days=1))
    assert shelf.calls() == []
    assert [row.sid for row in shelf.recordings()] == ["RE1"]
    assert shelf.recording("RE2") is None
    shelf.close()


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (f"{URL}/voice/prompts/greeting.wav", True),
        (f"{URL}/voice/prompts/other.wav", False),
        (f"{URL}/voice/prompts/../secret.wav", False),
        (f"{URL}/voice/prompts/..%2Fsecret.wav", False),
        (f"{URL}/voice/prompts/greeting.txt", False),
        ("https://elsewhere.example/voice/prompts/greeting.wav", False),
    ],
)
def test_only_the_operators_own_sounds_are_read_from_disk(tmp_path: Path, url: str, found: bool) -> None:
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    for path in (prompts / "greeting.wav", prompts / "greeting.txt", tmp_path / "secret.wav"):
        path.write_bytes(b"RIFF")
    assert (OwnFiles(prompts, URL).find(url) is not None) is found


async def _no_file(url: str) -> bytes:
    raise WebhookError(11200, "HTTP 404", url)


def prompts(directory: Path) -> Prompts:
    return Prompts(Humming(), OwnFiles(directory, URL), {}, _no_file, Inline())


def test_a_sound_is_made_once_for_all_who_wait_for_it(tmp_path: Path) -> None:
    made: list[str] = []

    class Counting(Humming):
        def speak(self, text: str) -> bytes:
            made.append(text)
            return super().speak(text)

    async def ask() -> None:
        kept = Prompts(Counting(), OwnFiles(tmp_path, URL), {}, _no_file, Inline())
        first, second = await asyncio.gather(kept.said("Xin chào."), kept.said("Xin chào."))
        assert first is second
        assert await kept.said("Xin chào.") is first

    asyncio.run(ask())
    assert made == ["Xin chào."]


def test_the_memory_for_sounds_is_bounded(tmp_path: Path) -> None:
    async def ask() -> int:
        kept = prompts(tmp_path)
        for number in range(40):
            await kept.said("a" * 200 + str(number))
        return sum(len(sound.samples) for sound in kept._ready.values())

    assert asyncio.run(ask()) <= LARGEST_CACHE


def test_a_file_that_is_no_sound_is_a_line_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "greeting.wav").write_bytes(b"<html>")
    with caplog.at_level(logging.WARNING):
        assert asyncio.run(prompts(tmp_path).played(f"{URL}/voice/prompts/greeting.wav")) is None
    assert "greeting.wav" in caplog.text


def test_silence_around_a_message_is_cut_but_for_a_little() -> None:
    quiet = np.zeros(8000, np.int16)
    samples, lead = without_silence(np.concatenate((quiet, tone(300, 1.0).samples, quiet)))
    assert lead == pytest.approx(0.8, abs=0.03)
    assert len(samples) / 8000 == pytest.approx(1.4, abs=0.05)
    assert len(without_silence(quiet)[0]) == 0
