"""Sounds made on the spot, in the shapes that telephones and providers give them."""

from __future__ import annotations

import io
import subprocess
import tempfile
import wave
from functools import cache
from pathlib import Path

import imageio_ffmpeg
import numpy as np


@cache
def wav(seconds: float = 2.0, hertz: int = 440, rate: int = 8000) -> bytes:
    """A tone for three quarters of the time, then silence, as 16-bit mono WAV."""
    moments = np.arange(int(seconds * rate)) / rate
    sound = np.sin(moments * 2 * np.pi * hertz) * 0.5 * (moments < seconds * 0.75)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes((sound * 32767).astype("<i2").tobytes())
    return file.getvalue()


@cache
def encoded(*arguments: str, seconds: float = 2.0) -> bytes:
    """`wav` turned by ffmpeg into another format, with a whole header, e.g. `encoded("-f", "mp3")`."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "sound"
        _ffmpeg(seconds, *arguments, str(file))
        return file.read_bytes()


def mulaw() -> bytes:
    """A WAV as telephones speak it."""
    return encoded("-c:a", "pcm_mulaw", "-f", "wav")


@cache
def live_wav() -> bytes:
    """A WAV written to a pipe, whose writer could not go back to say how long it is."""
    return _ffmpeg(2.0, "-c:a", "pcm_mulaw", "-f", "wav", "pipe:1")


@cache
def four_hours() -> bytes:
    """An MP3 of four hours (14 MB): ten seconds without a length header, over and over."""
    ten = encoded("-b:a", "8k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3", seconds=10)
    return ten * (4 * 360)


ERROR_PAGE = b"""<?xml version='1.0' encoding='UTF-8'?>
<TwilioResponse><RestException><Code>20404</Code><Message>The requested resource was not found</Message>
</RestException></TwilioResponse>"""


def _ffmpeg(seconds: float, *arguments: str) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", "pipe:0", *arguments]
    return subprocess.run(command, input=wav(seconds), stdout=subprocess.PIPE, check=True).stdout
