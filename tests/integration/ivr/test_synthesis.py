"""The voices: eSpeak NG for real, another program by its command line, and the cache before them."""

from __future__ import annotations

import io
import shlex
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from ivr.adapters.sound import NotSoundError, phone_wav, quiet_wav, seconds
from ivr.adapters.synthesis import (
    CachedSynthesiser,
    CommandSynthesiser,
    EspeakSynthesiser,
    SynthesisError,
    synthesiser,
)

SENTENCE = "Tôi chờ ba tiếng đồng hồ mà không ai gọi tên."


def test_espeak_makes_speech_that_is_loud_and_about_as_long_as_a_person_would_take() -> None:
    with wave.open(io.BytesIO(EspeakSynthesiser().speak(SENTENCE))) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    assert 2.0 < len(samples) / 8000 < 6.0
    assert np.sqrt(np.mean(samples.astype(float) ** 2)) > 1000


def test_espeak_says_different_tones_differently() -> None:
    voice = EspeakSynthesiser()
    assert len({voice.speak(syllable) for syllable in ("ma", "má", "mà", "mả", "mã", "mạ")}) == 6


def test_an_unknown_voice_is_named_in_the_error() -> None:
    with pytest.raises(SynthesisError, match="no voice 'xx'"):
        EspeakSynthesiser(voice="xx").speak(SENTENCE)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("import sys; sys.exit('the model is missing')", "the model is missing"),
        ("print('hello')", "not a sound file"),
    ],
)
def test_a_program_that_fails_or_writes_no_sound_is_an_error(program: str, message: str) -> None:
    with pytest.raises(SynthesisError, match=message):
        CommandSynthesiser(shlex.join([sys.executable, "-c", program])).speak(SENTENCE)


def test_a_program_that_is_not_there_is_an_error() -> None:
    with pytest.raises(SynthesisError, match="could not speak"):
        CommandSynthesiser("/nowhere/speaker {text}").speak(SENTENCE)


def test_a_program_may_take_the_text_as_an_argument_whatever_is_in_it(tmp_path: Path) -> None:
    seen = tmp_path / "seen.txt"
    sound = tmp_path / "quiet.wav"
    sound.write_bytes(quiet_wav(0.2))
    program = (
        "import pathlib,sys; pathlib.Path(sys.argv[2]).write_text(sys.argv[1], encoding='utf-8'); "
        f"sys.stdout.buffer.write(open({str(sound)!r},'rb').read())"
    )
    CommandSynthesiser(shlex.join([sys.executable, "-c", program, "{text}", str(seen)])).speak(
        "Cô ấy nói: \"chờ đi\"; $(ls) 'nhé'"
    )
    assert seen.read_text(encoding="utf-8") == "Cô ấy nói: \"chờ đi\"; $(ls) 'nhé'"


class Counting:
    """A voice that counts what it was asked to say."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @property
    def identity(self) -> str:
        return "counting"

    def speak(self, text: str) -> bytes:
        self.said.append(text)
        return quiet_wav(0.1)


def test_the_same_sentence_is_made_once_even_if_spaced_or_composed_differently(tmp_path: Path) -> None:
    counting = Counting()
    cached = CachedSynthesiser(counting, tmp_path / "prompts")
    spoken = {cached.speak(text) for text in ("Cảm ơn", "Ca\u0309m  ơn\n")}
    assert len(counting.said) == 1
    assert len(spoken) == 1


def test_another_voice_does_not_take_the_first_ones_sound(tmp_path: Path) -> None:
    slow, fast = EspeakSynthesiser(words_a_minute=100), EspeakSynthesiser(words_a_minute=250)
    one, two = CachedSynthesiser(slow, tmp_path), CachedSynthesiser(fast, tmp_path)
    assert seconds(one.speak(SENTENCE)) > 1.5 * seconds(two.speak(SENTENCE))


def test_the_hotlines_voice_is_a_command_where_one_is_set(tmp_path: Path) -> None:
    assert isinstance(synthesiser(tmp_path).voice, EspeakSynthesiser)
    assert isinstance(synthesiser(tmp_path, "say {text}").voice, CommandSynthesiser)


def test_mu_law_and_another_rate_keep_the_length() -> None:
    spoken = EspeakSynthesiser(rate=16000).speak(SENTENCE)
    coded = phone_wav(spoken, encoding="ULAW")
    assert seconds(coded) == pytest.approx(seconds(spoken), abs=0.01)
    assert len(coded) < len(spoken) / 3


@pytest.mark.parametrize("content", [b"", b"<?xml version='1.0'?><Error/>", b"RIFF\x00\x00"])
def test_what_is_not_sound_is_refused(content: bytes) -> None:
    with pytest.raises(NotSoundError):
        phone_wav(content)
