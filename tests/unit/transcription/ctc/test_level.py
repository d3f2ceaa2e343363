from __future__ import annotations

import numpy as np
import pytest

from transcription.engines.ctc.level import LevelControl
from transcription.ports import SAMPLE_RATE, Samples

TARGET = 0.1


def speech(seconds: float, level: float, seed: int = 1) -> Samples:
    """Noise that swells and fades four times a second, as loud as `level` where it is loudest."""
    count = int(seconds * SAMPLE_RATE)
    swell = 0.5 + 0.5 * np.sin(2 * np.pi * 4 * np.arange(count) / SAMPLE_RATE)
    noise = np.random.default_rng(seed).uniform(-1, 1, count)
    return np.asarray(np.clip(noise * swell * level * 1.7, -1, 1), np.float32)


def levelled(sound: Samples, portions: int = 1, most_gain: float = 30.0) -> Samples:
    control = LevelControl(TARGET, most_gain)
    parts = [control.push(part) for part in np.array_split(sound, portions)]
    return np.concatenate((*parts, control.finish()))


def loudness(sound: Samples) -> float:
    return float(np.sqrt(np.mean(sound**2)))


@pytest.mark.parametrize("level", [0.01, 0.03, 0.1, 0.3, 0.9])
def test_speech_of_any_loudness_comes_out_at_about_one_level(level: float) -> None:
    assert 0.5 * TARGET < loudness(levelled(speech(12, level))[SAMPLE_RATE:]) < 1.5 * TARGET


def test_nothing_is_made_louder_than_allowed() -> None:
    sound = speech(5, 1e-4)
    assert loudness(levelled(sound, most_gain=30)) == pytest.approx(30 * loudness(sound), rel=0.01)


@pytest.mark.parametrize("portions", [2, 7, 60, 3001])
def test_sound_that_comes_in_portions_is_levelled_as_if_it_came_at_once(portions: int) -> None:
    sound = np.concatenate([speech(4, 0.02), speech(5, 0.6, seed=2), np.zeros(777, np.float32)])
    assert np.allclose(levelled(sound), levelled(sound, portions), atol=1e-6)


def test_a_quiet_caller_after_a_loud_one_is_brought_up() -> None:
    out = levelled(np.concatenate([speech(10, 0.5), speech(10, 0.02)]))
    assert loudness(out[-4 * SAMPLE_RATE :]) > 0.5 * TARGET


@pytest.mark.parametrize("count", [0, 1, 1599, 1600, 1601, 16000])
def test_every_sample_comes_out_once(count: int) -> None:
    assert len(levelled(np.full(count, 0.1, np.float32), portions=3)) == count


def test_a_sound_too_short_to_measure_is_left_as_it_is() -> None:
    sound = np.full(100, 0.5, np.float32)
    assert np.array_equal(levelled(sound), sound)


def test_silence_stays_silent_and_full_scale_stays_within_full_scale() -> None:
    assert not levelled(np.zeros(50_000, np.float32)).any()
    assert np.abs(levelled(np.concatenate([np.zeros(30_000, np.float32), np.ones(30_000, np.float32)]))).max() <= 1.0


def test_little_is_held_back() -> None:
    control = LevelControl(TARGET, 30.0)
    given = sum(len(control.push(speech(1, 0.1))) for _ in range(20))
    assert given > 16 * SAMPLE_RATE
