"""The real engines on real people, where the models and the development data are."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soundfile

from tests.voice import silence
from transcription.choice import EngineChoice, load
from transcription.model_store import verify
from transcription.ports import SAMPLE_RATE, Samples, SpeechEngine
from transcription.rules.text import syllables
from transcription.vad import shared_detector

MODELS = Path(os.environ.get("HOTLINE_MODELS_DIR") or Path(__file__).parents[3] / "var" / "models")
SPEECH = Path(__file__).parents[4] / "shared" / "speech"

pytestmark = [pytest.mark.speech, pytest.mark.shared, pytest.mark.slow]


@pytest.fixture(scope="module")
def clips() -> list[tuple[Samples, str]]:
    """Every twelfth clip with what is said in it."""
    if not (SPEECH / "manifest.tsv").is_file():
        pytest.skip(f"no development speech in {SPEECH}")
    with (SPEECH / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))[::12]
    return [(soundfile.read(SPEECH / row["file"], dtype="float32")[0], row["transcript"]) for row in rows]


@pytest.fixture(scope="module")
def whisper() -> SpeechEngine:
    if not (MODELS / "whisper-base").is_dir():
        pytest.skip(f"no whisper-base in {MODELS}: python app.py models install whisper-base")
    return load(EngineChoice("whisper", MODELS / "whisper-base", "for a test"))


def wrong(said: str, heard: str) -> float:
    """Share of syllables heard wrong."""
    return jiwer.wer(" ".join(syllables(said)), " ".join(syllables(heard)))


def heard_by(engine: SpeechEngine, sound: Samples) -> str:
    return " ".join(segment.text for segment in engine.transcribe(sound))


def test_whisper_hears_about_half_of_what_people_say(whisper: SpeechEngine, clips: list[tuple[Samples, str]]) -> None:
    said = " ".join(text for _, text in clips)
    heard = " ".join(heard_by(whisper, sound) for sound, _ in clips)
    assert wrong(said, heard) < 0.65


def test_long_silences_neither_lose_nor_invent_words(whisper: SpeechEngine, clips: list[tuple[Samples, str]]) -> None:
    alone = " ".join(heard_by(whisper, sound) for sound, _ in clips[:3])
    apart = np.concatenate([part for sound, _ in clips[:3] for part in (silence(20), sound)])
    # Words are counted, not compared: base Whisper mishears every other word, each time in its own way.
    assert 0.8 <= len(heard_by(whisper, apart).split()) / len(alone.split()) <= 1.2


def test_words_are_timed_where_they_are_said(whisper: SpeechEngine, clips: list[tuple[Samples, str]]) -> None:
    sound = np.concatenate([silence(7), clips[0][0], silence(11), clips[1][0]])
    second = 7 + len(clips[0][0]) / SAMPLE_RATE + 11
    starts = [word.start for segment in whisper.transcribe(sound) for word in segment.words]
    assert 6.5 <= starts[0] <= 8.5
    assert any(second - 0.5 <= start <= second + 1.5 for start in starts)
    assert not any(second - 9 <= start <= second - 2 for start in starts)


def test_a_voice_is_found_in_every_clip_even_a_faint_one(clips: list[tuple[Samples, str]]) -> None:
    for sound, text in clips:
        for gain in (1.0, 0.02):
            found = sum(span.end - span.start for span in shared_detector().spans(sound * np.float32(gain)))
            assert found > 0.4 * len(sound), text


@pytest.mark.parametrize("name", ["viet-ctc", "whisper-base", "vosk-ko"])
def test_installed_models_are_as_they_were_installed(name: str) -> None:
    if not (MODELS / name).is_dir():
        pytest.skip(f"no {name} in {MODELS}: python app.py models install {name}")
    verify(name, MODELS)
