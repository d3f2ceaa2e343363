from __future__ import annotations

import numpy as np
import pytest

from tests.voice import babble, noise, silence, tone
from transcription.errors import ModelMissing
from transcription.ports import Samples
from transcription.vad import FRAME, Span, SpanRules, VoiceDetector, sane, shared_detector, speech_spans

BARE = SpanRules(enter=0.5, leave=0.3, min_speech=0.064, min_silence=0.096, padding=0.0)
"""Two frames make speech, three make silence."""


def frames(pattern: str) -> list[float]:
    """Probabilities from letters: S speech, - between the thresholds, anything else silence."""
    return [{"S": 0.9, "-": 0.4}.get(letter, 0.1) for letter in pattern]


def spans(pattern: str, rules: SpanRules = BARE) -> list[tuple[float, float]]:
    found = speech_spans(frames(pattern), len(pattern) * FRAME, rules)
    return [(span.start / FRAME, span.end / FRAME) for span in found]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", []),
        ("......", []),
        ("------", []),
        ("..SSSS..", [(2, 6)]),
        ("SSSSSS", [(0, 6)]),
        ("..S...", []),
        ("..S---...", [(2, 6)]),
        ("..SS..SS...", [(2, 8)]),
        ("SS...SS", [(0, 2), (5, 7)]),
        ("S..S..S", [(0, 7)]),
    ],
)
def test_speech_begins_high_ends_low_and_bridges_short_pauses(
    pattern: str, expected: list[tuple[float, float]]
) -> None:
    assert spans(pattern) == expected


def test_spans_are_widened_but_never_past_the_recording_or_each_other() -> None:
    wide = SpanRules(enter=0.5, leave=0.3, min_speech=0.064, min_silence=0.096, padding=FRAME * 4 / 16_000)
    assert spans(".SS....SS......", wide) == [(0, 5), (5, 13)]


def test_the_last_span_ends_with_the_recording_though_its_frame_does_not() -> None:
    assert speech_spans(frames("..SSS"), 5 * FRAME - 100, BARE) == [Span(2 * FRAME, 5 * FRAME - 100)]


def test_a_probability_that_is_no_number_is_silence() -> None:
    assert speech_spans([float("nan")] * 20, 20 * FRAME, BARE) == []


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, dtype=np.float32),
        np.zeros(100, dtype=np.float32),
        np.full(20_000, np.nan, dtype=np.float32),
        np.full(20_000, np.inf, dtype=np.float32),
        np.full(20_000, 1.0, dtype=np.float32),
        silence(5),
        noise(5),
        noise(5, level=0.0005),
        tone(5),
        tone(5) * 1000,
    ],
    ids=["nothing", "a blink", "nan", "inf", "stuck", "silence", "noise", "hiss", "tone", "clipped tone"],
)
def test_nobody_speaks_in_what_is_not_a_voice(samples: Samples) -> None:
    assert shared_detector().spans(samples) == []


@pytest.mark.parametrize("gain", [1.0, 0.1, 0.01, 10.0])
def test_a_voice_is_found_between_silences_however_loud_it_is(gain: float) -> None:
    recording = np.concatenate([silence(2), babble(2) * gain, silence(1.5), babble(1) * gain, silence(2)])
    found = [span.seconds for span in shared_detector().spans(recording)]
    expected = [(2.0, 4.0), (5.5, 6.5)]
    assert len(found) == len(expected)
    for (start, end), (begins, ends) in zip(found, expected, strict=True):
        assert start == pytest.approx(begins, abs=0.3)
        assert end == pytest.approx(ends, abs=0.5)


def test_long_recordings_are_judged_as_one_though_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    detector = shared_detector()
    voice = np.concatenate([babble(10, seed) for seed in (4, 5, 6)])
    whole = detector.probabilities(voice)
    assert len(whole) == -(-len(voice) // FRAME)
    monkeypatch.setattr("transcription.vad._FRAMES_A_RUN", 100)
    assert np.allclose(whole, detector.probabilities(voice), atol=1e-4)


def test_a_missing_model_says_what_to_reinstall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transcription.vad.find_spec", lambda name: None)
    with pytest.raises(ModelMissing, match="silero-vad"):
        VoiceDetector()


def test_samples_are_brought_within_bounds_and_into_one_row() -> None:
    made = sane(np.array([[0], [3], [-3], [np.nan]], dtype=np.float32))
    assert made.tolist() == [0.0, 1.0, -1.0, 0.0]
