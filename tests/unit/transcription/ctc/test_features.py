from __future__ import annotations

import numpy as np
import pytest

from tests.voice import noise, silence
from transcription.engines.ctc.features import BINS, Features, FeatureStream
from transcription.ports import SAMPLE_RATE, Samples

DITHER = 10 / 32768


def features(sound: Samples, portions: int = 1) -> Features:
    stream = FeatureStream(DITHER)
    return np.concatenate([stream.push(part) for part in np.array_split(sound, portions)])


@pytest.mark.parametrize(("samples", "rows"), [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16000, 98)])
def test_a_row_is_made_every_10_ms_once_25_ms_are_heard(samples: int, rows: int) -> None:
    assert features(np.zeros(samples, np.float32)).shape == (rows, BINS)


def test_a_message_always_gives_the_same_features_however_it_comes_in() -> None:
    sound = noise(2.345)
    whole = features(sound)
    assert np.array_equal(whole, features(sound))
    for portions in (2, 9, 500):
        assert np.allclose(whole, features(sound, portions), atol=1e-4)


def test_silence_has_features_like_faint_noise_not_like_nothing() -> None:
    rows = features(silence(1))
    assert np.isfinite(rows).all()
    assert 5 < rows.mean() < 14


def test_a_tone_stands_out_in_its_band() -> None:
    moments = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    rows = features((0.1 * np.sin(2 * np.pi * 1000 * moments)).astype(np.float32))
    assert 20 < int(rows.mean(axis=0).argmax()) < 35
