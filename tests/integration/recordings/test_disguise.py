"""A disguised recording says the same in another voice, and nothing where words are hidden."""

from __future__ import annotations

import numpy as np
import pytest

from recordings import audio, disguise
from recordings.audio import SAMPLE_RATE
from recordings.disguise import MARGIN_S, Sound


def voice(seconds: float = 3.0, pitch: float = 140.0) -> Sound:
    """Something like a vowel: pulses sent through two resonances."""
    count = int(seconds * SAMPLE_RATE)
    sound = np.zeros(count)
    sound[:: int(SAMPLE_RATE / pitch)] = 1.0
    for hertz, width in ((700.0, 80.0), (1220.0, 90.0)):
        radius, angle = np.exp(-np.pi * width / SAMPLE_RATE), 2 * np.pi * hertz / SAMPLE_RATE
        first, second = 2 * radius * np.cos(angle), -(radius**2)
        for place in range(2, count):
            sound[place] += first * sound[place - 1] + second * sound[place - 2]
    loud: Sound = (0.5 * sound / np.abs(sound).max()).astype(np.float32)
    return loud


@pytest.fixture(scope="module")
def recording() -> bytes:
    return audio.to_wav(voice())


def strongest(samples: Sound) -> float:
    """The frequency (Hz) around which most of a sound's energy lies, between 300 and 1000 Hz."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(samples.size, 1 / SAMPLE_RATE)
    here = (hertz > 300) & (hertz < 1000)
    return float((hertz[here] * power[here]).sum() / power[here].sum())


def test_hidden_stretches_are_silent_to_the_last_bit_and_a_little_around(recording: bytes) -> None:
    made = audio.samples(disguise.disguised(recording, [(1.0, 1.5)]))
    inside = made[int((1.0 - MARGIN_S + 0.01) * SAMPLE_RATE) : int((1.5 + MARGIN_S - 0.01) * SAMPLE_RATE)]
    assert not inside.any()
    assert np.abs(made[: int(0.8 * SAMPLE_RATE)]).max() > 0.05


def test_the_copy_lasts_as_long_and_is_about_as_loud(recording: bytes) -> None:
    made, original = audio.samples(disguise.disguised(recording, [])), audio.samples(recording)
    assert made.size == pytest.approx(original.size, abs=0.1 * SAMPLE_RATE)
    assert np.sqrt(np.mean(made**2)) == pytest.approx(np.sqrt(np.mean(original**2)), rel=0.3)
    assert np.abs(made).max() <= 1


def test_the_voices_resonances_are_elsewhere(recording: bytes) -> None:
    made, original = disguise.reshaped(audio.samples(recording), 0.85), audio.samples(recording)
    assert abs(strongest(made) - strongest(original)) > 30
    assert np.allclose(disguise.reshaped(original, 1.0), original, atol=1e-3), "a coefficient of 1 changes nothing"


def test_no_two_copies_are_alike_so_that_none_can_be_turned_back(recording: bytes) -> None:
    assert disguise.disguised(recording, []) != disguise.disguised(recording, [])


@pytest.mark.parametrize(
    "samples",
    [np.zeros(SAMPLE_RATE), np.ones(SAMPLE_RATE), np.sin(np.arange(SAMPLE_RATE) / 3), np.full(SAMPLE_RATE // 10, 0.1)],
    ids=["silence", "constant", "tone", "a click"],
)
def test_sound_without_a_voice_breaks_nothing(samples: Sound) -> None:
    made = audio.samples(disguise.disguised(audio.to_wav(samples.astype(np.float32)), [(0.0, 0.001), (5.0, 9.0)]))
    assert np.isfinite(made).all()


def test_what_is_no_sound_is_refused() -> None:
    with pytest.raises(audio.NotAudio):
        disguise.disguised(b"<html>" * 100, [])
