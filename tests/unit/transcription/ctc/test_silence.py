from __future__ import annotations

import numpy as np
import pytest

from tests.voice import noise, silence, tone
from transcription.engines.ctc.silence import SilenceGate
from transcription.ports import SAMPLE_RATE, Samples


def through(sound: Samples, portions: int = 1) -> tuple[Samples, SilenceGate]:
    gate = SilenceGate()
    parts = [gate.push(part) for part in np.array_split(sound, portions)]
    return np.concatenate((*parts, gate.finish())), gate


def test_sound_goes_through_untouched() -> None:
    sound = noise(5)
    assert np.array_equal(through(sound)[0], sound)


def test_a_pause_between_words_goes_through_untouched() -> None:
    sound = np.concatenate([noise(1), silence(1.5), noise(1)])
    assert np.array_equal(through(sound)[0], sound)


def test_the_middle_of_a_long_silence_is_taken_out() -> None:
    sound = np.concatenate([noise(1), silence(60), tone(1)])
    passed, _ = through(sound)
    assert len(passed) / SAMPLE_RATE == pytest.approx(1 + 1.5 + 0.6 + 1, abs=0.11)
    assert np.array_equal(passed[-SAMPLE_RATE:], tone(1))


def test_faint_speech_is_not_silence() -> None:
    sound = noise(10, level=0.001)
    assert np.array_equal(through(sound)[0], sound)


@pytest.mark.parametrize("seconds", [0, 0.05, 3, 100])
def test_nothing_comes_through_where_there_is_only_silence(seconds: float) -> None:
    passed, gate = through(silence(seconds))
    assert len(passed) == 0
    assert not gate.anything


def test_times_are_put_back_where_they_were() -> None:
    sound = np.concatenate([silence(20), noise(2), silence(30), noise(2), silence(9), noise(1)])
    _, gate = through(sound)
    assert gate.original(0.7) == pytest.approx(20.1, abs=0.01)
    assert gate.original(2.5) == pytest.approx(21.9, abs=0.01)
    # 0.6 s of silence before each stretch of sound, 1.5 s after it.
    assert gate.original(0.6 + 2 + 1.5 + 0.6 + 1.0) == pytest.approx(53.0, abs=0.01)
    assert gate.original(2 * (0.6 + 2 + 1.5) + 0.6 + 0.5) == pytest.approx(63.5, abs=0.01)


@pytest.mark.parametrize("portions", [3, 50, 2000])
def test_portions_of_any_size_give_the_same(portions: int) -> None:
    sound = np.concatenate([silence(3), noise(2), silence(8), noise(1.23)])
    whole, one = through(sound)
    parts, many = through(sound, portions)
    assert np.array_equal(whole, parts)
    assert all(one.original(moment / 10) == many.original(moment / 10) for moment in range(60))
