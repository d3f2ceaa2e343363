"""Gives text a voice: eSpeak NG from a wheel, any other program, and a cache before either."""

from __future__ import annotations

import hashlib
import shlex
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from config.errors import PermanentError
from ivr.adapters.sound import PHONE_RATE, NotSoundError, phone_wav

VOICE = "vi"
WORDS_A_MINUTE = 130
TEXT, OUTPUT = "{text}", "{output}"
ESPEAK = Path(__file__).with_name("espeak.py")
"""Run as a program of its own, wherever the hotline was started: the library keeps state for a whole process."""

_LONGEST = 120
"""Seconds a synthesiser may take for one text."""


class SynthesisError(PermanentError):
    """The text could not be turned into speech."""


class Synthesiser(Protocol):
    """Turns text into speech. One instance serves many threads."""

    @property
    def identity(self) -> str:
        """What makes its sound differ from another's: program, voice, rate."""
        ...

    def speak(self, text: str) -> bytes:
        """Say `text` (Vietnamese): WAV, 8 kHz mono PCM16. Raises SynthesisError."""
        ...


@dataclass(frozen=True, slots=True)
class EspeakSynthesiser:
    """eSpeak NG's Vietnamese voice, `words_a_minute` fast; each text is spoken by its own process."""

    voice: str = VOICE
    words_a_minute: int = WORDS_A_MINUTE
    rate: int = PHONE_RATE

    @property
    def identity(self) -> str:
        """The voice, its speed and the sample rate."""
        return f"espeak-ng {self.voice} {self.words_a_minute} {self.rate}"

    def speak(self, text: str) -> bytes:
        """Say `text`; raises SynthesisError where the library or the voice is missing."""
        command = [sys.executable, "-I", str(ESPEAK)]
        command += ["--voice", self.voice, "--rate", str(self.words_a_minute)]
        return _phone_sound(_run(command, _spoken(text)), self.rate)


@dataclass(frozen=True, slots=True)
class CommandSynthesiser:
    """Any program that makes a sound file of a text, given as a command line.

    `{output}` in it is where the program writes (else its standard output is taken); `{text}` is the
    text (else it comes on standard input): `piper --model vi.onnx --output_file {output}`.
    """

    template: str
    rate: int = PHONE_RATE

    @property
    def identity(self) -> str:
        """The command line and the sample rate."""
        return f"{self.template} {self.rate}"

    def speak(self, text: str) -> bytes:
        """Say `text`; raises SynthesisError if the program fails or writes no sound."""
        text = _spoken(text)
        with tempfile.TemporaryDirectory() as scratch:
            output = Path(scratch) / "speech.wav"
            # Split before filling in: a text with quotes or spaces stays one argument, with no shell.
            command = [part.replace(OUTPUT, str(output)).replace(TEXT, text) for part in shlex.split(self.template)]
            printed = _run(command, "" if TEXT in self.template else text)
            return _phone_sound(output.read_bytes() if output.exists() else printed, self.rate)


@dataclass(frozen=True, slots=True)
class CachedSynthesiser:
    """Keeps what `voice` said in `directory`, so that no sentence is synthesised twice."""

    voice: Synthesiser
    directory: Path

    @property
    def identity(self) -> str:
        """The identity of the voice behind it."""
        return self.voice.identity

    def path(self, text: str) -> Path:
        """Where the sound of `text` is kept: named after the text and the voice."""
        content = f"{self.voice.identity}\n{_spoken(text)}"
        return self.directory / f"{hashlib.sha256(content.encode()).hexdigest()}.wav"

    def speak(self, text: str) -> bytes:
        """Give the kept sound of `text`, or make and keep it; raises SynthesisError."""
        kept = self.path(text)
        if kept.exists():
            return kept.read_bytes()
        sound = self.voice.speak(text)
        _write_whole(kept, sound)
        return sound


def synthesiser(directory: Path, command: str | None = None, rate: int = PHONE_RATE) -> CachedSynthesiser:
    """Build the voice of the hotline: `command` if one is given, else eSpeak NG, cached in `directory`."""
    voice: Synthesiser = CommandSynthesiser(command, rate) if command else EspeakSynthesiser(rate=rate)
    return CachedSynthesiser(voice, directory)


def _spoken(text: str) -> str:
    """NFC with single spaces: the same words are the same sound; nothing to say is an error."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if not clean:
        raise SynthesisError("there is no text to say")
    return clean


def _run(command: Sequence[str], text: str) -> bytes:
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=_LONGEST, check=True)
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise SynthesisError(f"{_name(command)} failed: {reason[-1]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SynthesisError(f"{_name(command)} could not speak: {error}") from error
    return done.stdout


def _name(command: Sequence[str]) -> str:
    return "eSpeak NG" if str(ESPEAK) in command else command[0]


def _phone_sound(sound: bytes, rate: int) -> bytes:
    try:
        return phone_wav(sound, rate)
    except NotSoundError as error:
        raise SynthesisError(f"what the synthesiser wrote is {error}") from error


def _write_whole(path: Path, content: bytes) -> None:
    """Write by renaming, so that a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as scratch:
        scratch.write(content)
    Path(scratch.name).replace(path)
