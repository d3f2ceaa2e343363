"""The CTC engine with its real model: on any sound without the development data, on people with it."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import jiwer
import numpy as np
import psutil
import pytest
import soundfile

from tests.bench.phone_line import gsm, ulaw
from tests.voice import babble, noise, silence, tone
from transcription.engines.ctc.engine import CtcEngine
from transcription.errors import ModelDamaged, ModelMissing
from transcription.ports import SAMPLE_RATE, Samples, Segment, Word
from transcription.rules.text import syllables

MODELS = Path(os.environ.get("HOTLINE_MODELS_DIR") or Path(__file__).parents[3] / "var" / "models")
MODEL = MODELS / "viet-ctc"
SPEECH = Path(__file__).parents[4] / "shared" / "speech"

pytestmark = [pytest.mark.speech, pytest.mark.slow]
needs_people = pytest.mark.shared


@pytest.fixture(scope="module")
def engine() -> CtcEngine:
    if not (MODEL / "model.onnx").is_file():
        pytest.skip(f"no viet-ctc in {MODELS}: python app.py models install viet-ctc")
    return CtcEngine(MODEL)


@pytest.fixture
def expecting(engine: CtcEngine) -> Iterator[CtcEngine]:
    """The engine, whose expectations a test may change."""
    yield engine
    engine.expect(())


@pytest.fixture(scope="module")
def clips() -> list[tuple[Samples, str]]:
    """Every eighth clip with what is said in it."""
    if not (SPEECH / "manifest.tsv").is_file():
        pytest.skip(f"no development speech in {SPEECH}")
    with (SPEECH / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))[::8]
    return [(soundfile.read(SPEECH / row["file"], dtype="float32")[0], row["transcript"]) for row in rows]


def text(segments: list[Segment]) -> str:
    return " ".join(segment.text for segment in segments)


def words(segments: list[Segment]) -> list[Word]:
    return [word for segment in segments for word in segment.words]


def wrong(said: str, heard: str) -> float:
    """Share of syllables heard wrong."""
    return jiwer.wer(" ".join(syllables(said)), " ".join(syllables(heard)))


def live(engine: CtcEngine, sound: Samples, seconds: float) -> list[Segment]:
    """What the engine hears when the sound comes in portions of so many seconds."""
    stream, size = engine.stream(), max(1, round(seconds * SAMPLE_RATE))
    for start in range(0, len(sound), size):
        stream.accept(sound[start : start + size])
    return stream.finish()


def keys(level: float) -> Samples:
    """All twelve keys of a telephone, pressed one after the other."""
    moments = np.arange(int(0.15 * SAMPLE_RATE)) / SAMPLE_RATE
    tones = [
        np.sin(2 * np.pi * low * moments) + np.sin(2 * np.pi * high * moments)
        for low in (697, 770, 852, 941)
        for high in (1209, 1336, 1477)
    ]
    pressed = [part for each in tones for part in (silence(0.4), (level * each).astype(np.float32))]
    return np.concatenate([silence(1), *pressed, silence(1)])


def busy(seconds: float) -> Samples:
    """The line after the other side has hung up: 425 Hz, half a second on, half a second off."""
    on = np.arange(int(seconds * SAMPLE_RATE)) % SAMPLE_RATE < SAMPLE_RATE // 2
    return (tone(seconds, 425) * on).astype(np.float32)


@pytest.mark.parametrize(
    "sound",
    [
        keys(0.2),
        keys(0.03) + noise(9, 3e-4)[: len(keys(0.03))],
        busy(20),
        np.full(3 * SAMPLE_RATE, np.inf, np.float32),
        np.full(3 * SAMPLE_RATE, -np.inf, np.float32),
        tone(20, 1000),
        np.sign(tone(5)),
        np.tile([1.0, -1.0], SAMPLE_RATE).astype(np.float32),
        noise(10, 0.5),
        noise(20, 1e-4),
        np.concatenate([silence(2), np.ones(1, np.float32), silence(2)]),
        np.zeros(SAMPLE_RATE, np.float64),
        np.zeros(SAMPLE_RATE, np.int16),
    ],
    ids=[
        "keys",
        "faint keys",
        "busy line",
        "inf",
        "minus inf",
        "tone",
        "clipped tone",
        "buzz",
        "loud noise",
        "hiss",
        "click",
        "doubles",
        "integers",
    ],
)
def test_it_hears_nothing_in_what_is_no_speech(engine: CtcEngine, sound: Samples) -> None:
    assert engine.transcribe(sound) == []


def test_a_stream_that_hears_nothing_has_no_words_and_may_be_cut_short(engine: CtcEngine) -> None:
    stream = engine.stream()
    assert stream.partial() == ""
    assert stream.finish() == []


def test_memory_stays_flat_however_long_the_message_is(engine: CtcEngine) -> None:
    process = psutil.Process()
    engine.transcribe(babble(30))
    before = process.memory_info().rss
    engine.transcribe(np.tile(babble(30), 8))
    assert process.memory_info().rss - before < 60 * 2**20


def test_a_directory_without_the_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=str(tmp_path)):
        CtcEngine(tmp_path)


def test_another_model_is_refused(engine: CtcEngine, tmp_path: Path) -> None:
    (tmp_path / "vocab.txt").write_bytes((MODEL / "vocab.txt").read_bytes())
    (tmp_path / "model.onnx").write_bytes((MODEL / "model.onnx").read_bytes()[:100_000])
    with pytest.raises(ModelDamaged):
        CtcEngine(tmp_path)


@needs_people
def test_it_hears_most_of_what_people_say_even_by_telephone(
    engine: CtcEngine, clips: list[tuple[Samples, str]]
) -> None:
    said = " ".join(transcript for _, transcript in clips)
    for line, most in ((None, 0.20), (ulaw, 0.25), (gsm, 0.33)):
        heard = " ".join(text(engine.transcribe(line(sound) if line else sound)) for sound, _ in clips)
        assert wrong(said, heard) < most


@needs_people
@pytest.mark.parametrize("gain", [0.02, 3.0])
def test_how_loud_the_caller_is_hardly_matters(
    engine: CtcEngine, clips: list[tuple[Samples, str]], gain: float
) -> None:
    said = " ".join(transcript for _, transcript in clips)
    heard = " ".join(text(engine.transcribe(sound * np.float32(gain))) for sound, _ in clips)
    assert wrong(said, heard) < 0.24


@needs_people
@pytest.mark.parametrize("portion", [0.02, 0.1, 1.7])
def test_sound_heard_as_it_comes_in_is_understood_as_well(
    engine: CtcEngine, clips: list[tuple[Samples, str]], portion: float
) -> None:
    sound = ulaw(np.concatenate([sound for sound, _ in clips[:3]]))
    whole, bit_by_bit = words(engine.transcribe(sound)), words(live(engine, sound, portion))
    assert [word.text for word in bit_by_bit] == [word.text for word in whole]
    assert [word.start for word in bit_by_bit] == pytest.approx([word.start for word in whole], abs=0.05)


@needs_people
def test_a_live_stream_tells_what_it_has_understood_so_far(engine: CtcEngine, clips: list[tuple[Samples, str]]) -> None:
    sound = np.concatenate([sound for sound, _ in clips[:4]])
    stream = engine.stream()
    half = len(sound) // 2
    stream.accept(sound[:half])
    early = stream.partial().split()
    stream.accept(sound[half:])
    final = text(stream.finish()).split()
    assert len(early) > 3
    assert early[:-1] == final[: len(early) - 1]
    assert len(final) > len(early)


@needs_people
def test_long_silences_neither_lose_nor_invent_words_and_times_stay_true(
    engine: CtcEngine, clips: list[tuple[Samples, str]]
) -> None:
    sounds = [sound for sound, _ in clips[:3]]
    sound = np.concatenate([part for each in sounds for part in (silence(25), each)])
    segments = engine.transcribe(sound)
    alone = " ".join(text(engine.transcribe(each)) for each in sounds)
    assert wrong(alone, text(segments)) < 0.15
    began = np.cumsum([25 + len(each) / SAMPLE_RATE for each in sounds]) - [len(each) / SAMPLE_RATE for each in sounds]
    ended = began + [len(each) / SAMPLE_RATE for each in sounds]
    for word in words(segments):
        assert any(start - 0.2 <= word.start and word.end <= end + 0.2 for start, end in zip(began, ended, strict=True))
    assert len(segments) >= 3


@needs_people
def test_words_are_timed_one_after_another(engine: CtcEngine, clips: list[tuple[Samples, str]]) -> None:
    sound = np.concatenate([sound for sound, _ in clips[:4]])
    heard = words(engine.transcribe(sound))
    assert all(one.end <= two.start for one, two in pairwise(heard))
    assert all(0 <= word.start < word.end <= len(sound) / SAMPLE_RATE for word in heard)


@needs_people
def test_surer_words_are_righter(engine: CtcEngine, clips: list[tuple[Samples, str]]) -> None:
    sure = [word.confidence for sound, _ in clips for word in words(engine.transcribe(sound))]
    said = [
        word.confidence
        for sound, transcript in clips
        for word in words(engine.transcribe(sound))
        if word.text in transcript.split()
    ]
    assert np.mean(said) > np.mean(sure)


@needs_people
def test_expected_names_are_heard_better_and_the_rest_as_well_as_before(
    expecting: CtcEngine, clips: list[tuple[Samples, str]]
) -> None:
    sounds = [gsm(sound) for sound, _ in clips]
    said = " ".join(transcript for _, transcript in clips)
    before = wrong(said, " ".join(text(expecting.transcribe(sound)) for sound in sounds))
    expecting.expect(["bệnh viện chợ rẫy", "nhi đồng hai", "sở y tế", "phường bến nghé"])
    with_others = wrong(said, " ".join(text(expecting.transcribe(sound)) for sound in sounds))
    spoken = [transcript.split() for _, transcript in clips]
    expecting.expect(" ".join(each[start : start + 2]) for each in spoken for start in range(0, len(each) - 1, 2))
    with_theirs = wrong(said, " ".join(text(expecting.transcribe(sound)) for sound in sounds))
    assert with_others <= before + 0.01
    assert with_theirs < before - 0.02


@needs_people
def test_expectations_may_change_while_threads_listen(expecting: CtcEngine, clips: list[tuple[Samples, str]]) -> None:
    sound = clips[0][0]
    alone = text(expecting.transcribe(sound))
    with ThreadPoolExecutor(3) as threads:
        heard = [threads.submit(expecting.transcribe, sound) for _ in range(4)]
        for size in range(60):
            expecting.expect([f"chợ rẫy {'nhi đồng ' * size}"])
        assert [text(each.result()) for each in heard] == [alone] * 4


@needs_people
def test_two_hearings_of_one_message_are_the_same(engine: CtcEngine, clips: list[tuple[Samples, str]]) -> None:
    assert engine.transcribe(clips[1][0]) == engine.transcribe(clips[1][0])
