"""What every voice keeps: eSpeak NG, another program, and the cache before either."""

from __future__ import annotations

import io
import shlex
import sys
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ivr.adapters.sound import quiet_wav
from ivr.adapters.synthesis import (
    CachedSynthesiser,
    CommandSynthesiser,
    EspeakSynthesiser,
    Synthesiser,
    SynthesisError,
)

SENTENCE = "Tôi chờ ba tiếng đồng hồ mà không ai gọi tên."


def copier(tmp_path: Path) -> CommandSynthesiser:
    """A program that answers every text with one second of silence at 16 kHz."""
    sound = tmp_path / "one-second.wav"
    sound.write_bytes(quiet_wav(1.0, rate=16000))
    program = f"import pathlib,sys; pathlib.Path(sys.argv[1]).write_bytes(open({str(sound)!r},'rb').read())"
    return CommandSynthesiser(shlex.join([sys.executable, "-c", program, "{output}"]))


@pytest.fixture(params=["espeak", "command", "cached"])
def voice(request: pytest.FixtureRequest, tmp_path: Path) -> Synthesiser:
    voices: dict[str, Synthesiser] = {
        "espeak": EspeakSynthesiser(),
        "command": copier(tmp_path),
        "cached": CachedSynthesiser(EspeakSynthesiser(), tmp_path / "prompts"),
    }
    return voices[request.param]


def test_every_voice_gives_telephone_sound(voice: Synthesiser) -> None:
    with wave.open(io.BytesIO(voice.speak(SENTENCE))) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
        assert sound.getnframes() > 4000


def test_every_voice_says_the_same_thing_the_same_way(voice: Synthesiser) -> None:
    assert voice.speak(SENTENCE) == voice.speak(SENTENCE)


def test_every_voice_may_be_used_by_several_threads(voice: Synthesiser) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(voice.speak, [SENTENCE] * 3))) == 1


@pytest.mark.parametrize("nothing", ["", " \n"])
def test_every_voice_refuses_to_say_nothing(voice: Synthesiser, nothing: str) -> None:
    with pytest.raises(SynthesisError, match="no text"):
        voice.speak(nothing)


def test_every_voice_has_a_name_of_its_own(tmp_path: Path) -> None:
    assert EspeakSynthesiser().identity != EspeakSynthesiser(words_a_minute=99).identity
    assert EspeakSynthesiser().identity != copier(tmp_path).identity
