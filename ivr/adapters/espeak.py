"""Speaks Vietnamese with eSpeak NG from the wheel `espeakng-loader`, as a command of its own.

The library keeps its voice and callback in global variables, so it is neither thread- nor fork-safe:
`python -m ivr.adapters.espeak < text > speech.wav` gives each sentence a process, and a crash in
native code never takes the hotline with it.
"""

from __future__ import annotations

import ctypes
import io
import platform
import sys
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path

import click
import espeakng_loader

_SYNCHRONOUS = 2
"""`AUDIO_OUTPUT_SYNCHRONOUS` of espeak's speak_lib.h: synthesis returns when all is said."""
_RATE, _CHARS_UTF8, _POS_CHARACTER, _DONT_EXIT = 1, 1, 1, 0x8000
_LONGEST_PATH = 140
"""espeak 1.52 cuts its data path at 160 bytes, so a longer one is reached by a link."""

_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)  # t_espeak_callback


class EspeakError(RuntimeError):
    """eSpeak NG did not start or did not know the voice."""


def speak(text: str, voice: str, rate: int) -> bytes:
    """Say `text` with eSpeak's `voice` at `rate` words a minute: WAV, 22.05 kHz mono PCM16.

    Call it in a process of its own. Raises EspeakError, or OSError where the library does not load.
    """
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    with tempfile.TemporaryDirectory() as scratch:
        sample_rate = library.espeak_Initialize(_SYNCHRONOUS, 0, _data_path(Path(scratch)), _DONT_EXIT)
        if sample_rate <= 0:
            raise EspeakError("eSpeak NG did not find its data")
        if library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise EspeakError(f"eSpeak NG has no voice {voice!r}")
        library.espeak_SetParameter(_RATE, rate, 0)
        return _wav(_synthesise(library, text), sample_rate)


def _data_path(scratch: Path) -> bytes:
    data = Path(espeakng_loader.get_data_path())
    if len(str(data)) > _LONGEST_PATH:
        link = scratch / data.name
        link.symlink_to(data, target_is_directory=True)
        data = link
    return str(data).encode()


def _synthesise(library: ctypes.CDLL, text: str) -> bytes:
    """Give the PCM16 samples of `text`."""
    pcm = bytearray()
    callback = _collector(pcm)  # kept in a name: the library holds only the pointer
    library.espeak_SetSynthCallback(callback)
    spoken = ctypes.create_string_buffer(text.encode())
    status = library.espeak_Synth(spoken, len(spoken), 0, _POS_CHARACTER, 0, _CHARS_UTF8, None, None)
    if status != 0 or library.espeak_Synchronize() != 0:
        raise EspeakError(f"eSpeak NG failed with status {status}")
    return bytes(pcm)


def _collector(pcm: bytearray) -> Callable[..., int]:
    def collect(samples: ctypes.c_void_p, count: int, _events: ctypes.c_void_p) -> int:
        if samples and count > 0:
            pcm.extend(ctypes.string_at(samples, count * 2))
        return 0

    return _Callback(collect)


def _wav(pcm: bytes, sample_rate: int) -> bytes:
    sink = io.BytesIO()
    with wave.open(sink, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(sample_rate)
        sound.writeframes(pcm)
    return sink.getvalue()


@click.command()
@click.option("--voice", required=True)
@click.option("--rate", required=True, type=int, help="Words a minute.")
def main(voice: str, rate: int) -> None:
    """Read text (UTF-8) from standard input and write it spoken, as WAV, to standard output."""
    try:
        sound = speak(sys.stdin.buffer.read().decode(), voice, rate)
    except (EspeakError, OSError) as error:
        raise click.ClickException(f"{error} ({platform.platform()})") from error
    sys.stdout.buffer.write(sound)


if __name__ == "__main__":
    main()
