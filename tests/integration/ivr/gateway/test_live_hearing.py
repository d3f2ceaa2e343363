"""What callers say is understood while they say it, and stored as the `transcribe` step would store it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
import soundfile
from scipy import signal
from sqlalchemy import select

from config.clock import Clock
from config.crypto import KeyRing
from config.database.engine import Database
from ivr.gateway.hearing import Doubler, LiveHearing, LiveMessage
from ivr.gateway.leg import Ear
from ivr.gateway.transcripts import TranscriptKeeper
from recordings.models import Recording, RecordingState
from tests.integration.ivr.gateway.conftest import Line, Serve, noise
from tests.integration.ivr.gateway.phone import Pcm
from tests.integration.ivr.gateway.test_calls_by_sip import PAGES, report
from tests.integration.transcription.test_ctc_engine import MODEL, SPEECH
from transcription import choice
from transcription.ports import EngineIdentity, Segment, Word
from transcription.service import latest, segments_of

IDENTITY = EngineIdentity("scripted", "none", "1")
SAID = [Segment(1.0, 1.5, (Word("chào", 1.0, 1.5, 0.9),))]


class Notebook:
    """An ear that notes what it is given."""

    def __init__(self) -> None:
        self.heard: list[Pcm] = []
        self.kept: list[tuple[str, float]] = []
        self.forgotten = 0

    def listen(self) -> Notebook:
        return self

    def ear(self) -> Ear:
        return self.heard.append

    def forget(self) -> None:
        self.forgotten += 1

    async def hand_over(self, recording_sid: str, lead: float) -> None:
        self.kept.append((recording_sid, lead))


def test_the_ear_hears_all_of_the_recording_and_is_told_whose_it_is(serve: Serve) -> None:
    notebook = Notebook()

    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await report(phone)
            await line.told("/recorded")
            await asyncio.sleep(0.2)
        (recording,) = line.recordings()
        assert notebook.kept == [(recording.sid, 0.0)]
        assert np.array_equal(np.concatenate(notebook.heard), line.sound(recording))

    serve(PAGES, test, live=notebook)


def test_eight_kilohertz_become_sixteen_without_a_seam() -> None:
    sound = noise(1.0, seed=3)
    whole, doubled = Doubler()(sound), Doubler()
    pieces = np.concatenate([doubled(piece) for piece in np.array_split(sound, 37)])
    assert np.allclose(whole, pieces, atol=1e-6)
    theirs = signal.resample_poly(sound / 32768, 2, 1)
    assert np.corrcoef(theirs[:-31], whole[31:])[0, 1] > 0.99


def test_what_was_heard_is_the_first_transcript_and_stays_it(database: Database, keys: KeyRing, clock: Clock) -> None:
    with database.begin() as session:
        row = Recording(
            provider_sid="RE1", call_sid="CA1", purpose="story", state=RecordingState.EXPECTED, created_at=clock()
        )
        session.add(row)
        session.flush()
        key: UUID = row.id
    keeper = TranscriptKeeper(database, keys, clock)
    assert keeper.keep("RE1", SAID, IDENTITY)
    assert keeper.keep("RE1", [], IDENTITY)
    assert not keeper.keep("RE2", SAID, IDENTITY)
    with database.begin() as session:
        transcript = latest(session, key)
        assert transcript
        assert (transcript.revision, transcript.engine) == (1, "scripted")
        assert segments_of(transcript, keys) == SAID
        assert len(session.scalars(select(Recording)).all()) == 1


def test_a_database_that_is_away_loses_nothing_but_the_haste(keys: KeyRing, clock: Clock) -> None:
    away = Database("postgresql://nobody@127.0.0.1:9/nowhere")
    assert not TranscriptKeeper(away, keys, clock).keep("RE1", SAID, IDENTITY)
    away.close()


@pytest.mark.speech
@pytest.mark.slow
@pytest.mark.shared
def test_a_real_engine_in_its_own_process_hears_a_person(tmp_path: Path) -> None:
    if not (MODEL / "model.onnx").is_file() or not SPEECH.is_dir():
        pytest.skip("no viet-ctc model or no development speech here")
    samples, rate = soundfile.read(SPEECH / "fosd-001.flac", dtype="float32")
    narrow = (signal.resample_poly(samples, 8000, rate) * 32767).astype(np.int16)
    kept: list[tuple[str, str]] = []

    async def keep(sid: str, segments: list[Segment], _identity: EngineIdentity) -> None:
        kept.append((sid, " ".join(segment.text for segment in segments)))

    async def hear() -> None:
        async with LiveHearing(choice.choose("ctc", MODEL, tmp_path), keep, streams=1) as live:
            assert live.listen() is None
            await asyncio.wait_for(live.ready.wait(), 60)
            message = live.listen()
            assert isinstance(message, LiveMessage)
            assert live.listen() is None
            ear = message.ear()
            for start in range(0, len(narrow), 160):
                ear(narrow[start : start + 160])
            await message.hand_over("RE1", 0.0)
            assert live.listen() is not None

    asyncio.run(hear())
    assert kept
    assert "một ngày" in kept[0][1]
