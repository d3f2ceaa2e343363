"""What every speech engine owes, whichever it is; engines whose model is not installed are skipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from difflib import SequenceMatcher
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.voice import babble, noise, silence, tone
from transcription.choice import EngineChoice, load
from transcription.engines.compare import SecondOpinion
from transcription.engines.scripted import ScriptedEngine
from transcription.errors import ModelDamaged, ModelMissing
from transcription.ports import SAMPLE_RATE, Samples, Segment, SpeechEngine

MODELS = Path(os.environ.get("HOTLINE_MODELS_DIR") or Path(__file__).parents[2] / "var" / "models")
SPEECH = Path(__file__).parents[3] / "shared" / "speech"

REAL = {"whisper": "whisper-base", "vosk": "vosk-ko", "ctc": "viet-ctc"}
"""Each engine and the model it is tried with: Vosk's only model on PyPI is Korean."""


def installed(engine: str) -> Path:
    path = MODELS / REAL[engine]
    if not path.is_dir():
        pytest.skip(f"no {REAL[engine]} in {MODELS}: python app.py models install {REAL[engine]}")
    return path


def real(engine: str) -> SpeechEngine:
    return load(EngineChoice(engine, installed(engine), "for a test"))


def compared() -> SpeechEngine:
    return SecondOpinion(ScriptedEngine(), ScriptedEngine("một hai ba"))


ENGINES: list[object] = [
    pytest.param(lambda: ScriptedEngine(), id="scripted"),
    pytest.param(compared, id="second opinion"),
    *(
        pytest.param(lambda name=name: real(name), id=name, marks=[pytest.mark.speech, pytest.mark.slow])
        for name in REAL
    ),
]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> SpeechEngine:
    make: Callable[[], SpeechEngine] = request.param
    return make()


def human(seconds: float) -> Samples:
    """A person speaking, where the development data is; else the voice made of arithmetic."""
    clips = sorted(SPEECH.glob("fosd-*.flac"))
    if not clips:
        return babble(seconds)
    read = import_module("soundfile").read
    clip: Samples = np.concatenate([read(path, dtype="float32")[0] for path in clips[:4]])
    return clip[: int(seconds * SAMPLE_RATE)]


def words_of(segments: list[Segment]) -> Iterator[tuple[str, float, float, float]]:
    for segment in segments:
        for word in segment.words:
            yield word.text, word.start, word.end, word.confidence


def test_it_says_what_it_is(engine: SpeechEngine) -> None:
    identity = engine.identity
    assert all(part and part.strip() for part in (identity.engine, identity.model, identity.version))


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0, dtype=np.float32),
        np.zeros(1, dtype=np.float32),
        silence(3),
        noise(3),
        tone(3),
        np.full(SAMPLE_RATE, np.nan, dtype=np.float32),
        np.full(SAMPLE_RATE, 1.0, dtype=np.float32),
    ],
    ids=["nothing", "one sample", "silence", "noise", "tone", "nan", "stuck"],
)
def test_it_hears_nothing_where_nobody_speaks(engine: SpeechEngine, sound: Samples) -> None:
    assert engine.transcribe(sound) == []


def test_words_lie_in_order_within_their_segments_and_the_recording(engine: SpeechEngine) -> None:
    sound = np.concatenate([silence(2), human(6), silence(3), human(3), noise(2, 0.01)])
    segments = engine.transcribe(sound)
    assert segments
    assert all(0 <= segment.start <= segment.end <= len(sound) / SAMPLE_RATE for segment in segments)
    assert all(before.end <= after.start + 0.5 for before, after in pairwise(segments))
    for segment in segments:
        assert segment.words
        assert all(before.start <= after.start for before, after in pairwise(segment.words))
        assert all(segment.start <= word.start <= word.end <= segment.end for word in segment.words)


def test_times_are_those_of_the_recording_whatever_silence_comes_first(engine: SpeechEngine) -> None:
    late = engine.transcribe(np.concatenate([silence(20), human(5)]))
    assert late[0].start >= 19.0


def test_words_are_plain_and_their_confidence_is_between_0_and_1(engine: SpeechEngine) -> None:
    words = list(words_of(engine.transcribe(human(6))))
    assert all(text == text.strip() != "" and " " not in text for text, *_ in words)
    assert all(0.0 <= confidence <= 1.0 for *_, confidence in words)


def test_a_broken_sample_spoils_nothing(engine: SpeechEngine) -> None:
    sound = human(5).copy()
    sound[1000:1010] = np.nan
    sound[2000:2010] = np.inf
    assert engine.transcribe(sound)


def test_the_caller_s_samples_are_left_as_they_are(engine: SpeechEngine) -> None:
    sound = human(3)
    before = sound.copy()
    engine.transcribe(sound)
    assert np.array_equal(sound, before)


def test_threads_share_an_engine_and_each_hears_its_own_sound(engine: SpeechEngine) -> None:
    sounds = [human(4), silence(2), human(4)]
    alone = engine.transcribe(sounds[0])
    with ThreadPoolExecutor(3) as threads:
        first, nothing, second = threads.map(engine.transcribe, sounds)
    assert nothing == []
    for together in (first, second):
        assert alike(alone, together) > 0.6


def alike(one: list[Segment], other: list[Segment]) -> float:
    """How much two hearings have in common, 0-1: Kaldi dithers at random, so no two are quite the same."""
    first, second = (" ".join(segment.text for segment in segments) for segments in (one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


@pytest.mark.parametrize("name", ["whisper", "vosk"])
def test_a_path_without_a_model_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=str(tmp_path)):
        load(EngineChoice(name, tmp_path / "nowhere", "for a test"))


@pytest.mark.parametrize(
    ("name", "files"),
    [("whisper", ["model.bin", "config.json", "tokenizer.json"]), ("vosk", ["conf/mfcc.conf", "am/final.mdl"])],
)
def test_a_broken_model_is_named(name: str, files: list[str], tmp_path: Path) -> None:
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("{}")
    with pytest.raises(ModelDamaged, match=str(tmp_path)):
        load(EngineChoice(name, tmp_path, "for a test"))
