"""The only module that knows ffmpeg and pydub: verifies, measures and converts the sound of recordings."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from typing import IO

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from config.errors import PermanentError, TemporaryError
from config.told import Told
from recordings.rules.ffmpeg_log import Outline, read_log
from recordings.rules.loudness import Meter
from recordings.rules.wav import SAMPLE_RATES, is_wav, missing_bytes, sample_rate

with warnings.catch_warnings():
    # pydub warns that audioop will leave Python 3.13 (we install audioop-lts there) and that no ffmpeg is on
    # the PATH (ours comes from a wheel).
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

SAMPLE_RATE = 16_000
"""Hz; what `samples` gives, because speech engines want it."""

PHONE_RATE = 8_000
"""Hz; what a telephone line carries."""

MAX_DURATION_S = 2 * 3600.0
"""Seconds of sound we accept unless told otherwise; more is a stuck line, not a report."""

TIMEOUT_S = 120.0
"""Seconds that ffmpeg may take; it decodes hundreds of times faster than a person speaks."""

FORMATS = "wav,mp3,ogg,flac,mov,aac,matroska,amr"
"""Containers ffmpeg may recognise: no playlists, which could make it read other files."""

SLACK_S = 1.0
"""Seconds that a whole file may lack of the length it declares (encoder delay, padding)."""

_PIECE_BYTES = 1 << 18
_LOG_BYTES = 1 << 16

# What every browser plays, by ffmpeg's (container, codec). Source: MDN, "Web audio codec guide".
_PLAYABLE = {
    ("wav", "pcm_s16le"): "audio/wav",
    ("mp3", "mp3"): "audio/mpeg",
    ("flac", "flac"): "audio/flac",
    ("mov", "aac"): "audio/mp4",
    ("aac", "aac"): "audio/aac",
}
_CONTENT_TYPES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "mov": "audio/mp4",
    "aac": "audio/aac",
    "matroska": "audio/x-matroska",
    "amr": "audio/amr",
}


class NotAudio(TemporaryError):
    """Tệp nhận được không phải âm thanh."""


class Truncated(NotAudio):
    """Tệp âm thanh bị cắt giữa chừng."""


class TooLong(PermanentError):
    """Bản ghi dài quá giới hạn."""


class DecoderStuck(TemporaryError):
    """Bộ giải mã âm thanh chạy quá thời gian cho phép."""


class NoDecoder(PermanentError):
    """Không tìm thấy ffmpeg: hãy cài lại gói imageio-ffmpeg."""


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """What a recording's bytes turned out to be, by decoding them whole.

    `duration_s` in seconds; `level_dbfs` mean power; `silence_share` 0-1; `waveform` peaks 0-255.
    """

    content_type: str
    codec: str
    channels: int
    sample_rate: int
    duration_s: float
    level_dbfs: float
    silence_share: float
    waveform: list[int]


def ffmpeg_version() -> str:
    """Give ffmpeg's version, for the operator's check; raises NoDecoder if it does not run."""
    try:
        return str(imageio_ffmpeg.get_ffmpeg_version())
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        raise NoDecoder from error


def inspect(data: bytes, *, max_duration_s: float = MAX_DURATION_S) -> AudioFacts:
    """Decode `data` whole, in pieces, and measure it.

    Raises NotAudio or Truncated with the reason for the failed list, TooLong, or DecoderStuck.
    """
    _refuse_obvious(data)
    meter = Meter(SAMPLE_RATE)
    with _decoding(data, ["-ac", "1", "-ar", str(SAMPLE_RATE)], max_duration_s) as decoder:
        for piece in decoder.pieces():
            meter.hear(piece)
        meter.finish()
        outline = decoder.outline()
    _refuse_length(meter.duration_s, outline, max_duration_s)
    return AudioFacts(
        content_type=_CONTENT_TYPES.get(outline.container, "application/octet-stream"),
        codec=outline.codec,
        channels=outline.channels,
        sample_rate=outline.sample_rate,
        duration_s=meter.duration_s,
        level_dbfs=meter.level_dbfs,
        silence_share=meter.silence_share,
        waveform=meter.waveform(),
    )


def samples(data: bytes, *, max_duration_s: float = MAX_DURATION_S) -> NDArray[np.float32]:
    """Give the sound of `data` as mono samples in [-1, 1] at SAMPLE_RATE; raises as `inspect` does."""
    _refuse_obvious(data)
    sound, outline = _decode(data, ["-ac", "1", "-ar", str(SAMPLE_RATE)], max_duration_s)
    decoded = np.frombuffer(sound, dtype="<i2").astype(np.float32)
    decoded /= 32768
    _refuse_length(decoded.size / SAMPLE_RATE, outline, max_duration_s)
    return decoded


def pitched(data: bytes, factor: float, *, max_duration_s: float = MAX_DURATION_S) -> NDArray[np.float32]:
    """Give the samples of `data` spoken as fast, but higher or lower by `factor`; raises as `inspect` does."""
    _refuse_obvious(data)
    rate = round(SAMPLE_RATE * factor)
    filters = f"aresample={SAMPLE_RATE},asetrate={rate},aresample={SAMPLE_RATE},atempo={SAMPLE_RATE / rate:.6f}"
    sound, outline = _decode(data, ["-ac", "1", "-af", filters, "-ar", str(SAMPLE_RATE)], max_duration_s)
    decoded = np.frombuffer(sound, dtype="<i2").astype(np.float32)
    decoded /= 32768
    _refuse_length(decoded.size / SAMPLE_RATE, outline, max_duration_s)
    return decoded


def to_wav(samples: NDArray[np.float32]) -> bytes:
    """Write mono samples in [-1, 1] at SAMPLE_RATE as a 16-bit WAV file."""
    whole = (np.clip(samples, -1, 1) * 32767).astype("<i2")
    shaped = AudioSegment(data=whole.tobytes(), sample_width=2, frame_rate=SAMPLE_RATE, channels=1)
    wav = io.BytesIO()
    shaped.export(wav, format="wav")
    return wav.getvalue()


def to_browser(data: bytes) -> tuple[bytes, str]:
    """Give bytes that every browser plays, and their content type: `data` itself, or plain PCM in WAV.

    Telephone WAV files are often mu-law, A-law or GSM, which some browsers cannot play. Raises NotAudio.
    """
    _refuse_obvious(data)
    _, outline = _decode(data, [], 0)
    playable = _PLAYABLE.get((outline.container, outline.codec))
    if playable:
        return data, playable
    sound, outline = _decode(data, [], MAX_DURATION_S)
    rate, channels = outline.sample_rate, outline.channels
    shaped = AudioSegment(data=bytes(sound), sample_width=2, frame_rate=rate, channels=channels)
    wav = io.BytesIO()
    shaped.export(wav, format="wav")
    return wav.getvalue(), "audio/wav"


def to_telephone(data: bytes, *, max_duration_s: float = MAX_DURATION_S) -> bytes:
    """Give the sound of `data` as a telephone carries it: 8 kHz mono 16-bit WAV; raises as `inspect` does."""
    _refuse_obvious(data)
    sound, outline = _decode(data, ["-ac", "1", "-ar", str(PHONE_RATE)], max_duration_s)
    _refuse_length(len(sound) / 2 / PHONE_RATE, outline, max_duration_s)
    shaped = AudioSegment(data=bytes(sound), sample_width=2, frame_rate=PHONE_RATE, channels=1)
    wav = io.BytesIO()
    shaped.export(wav, format="wav")
    return wav.getvalue()


def _decode(data: bytes, shape: list[str], max_duration_s: float) -> tuple[bytearray, Outline]:
    """Decode up to a moment more than `max_duration_s` of `data` into 16-bit samples."""
    sound = bytearray()
    with _decoding(data, shape, max_duration_s) as decoder:
        for piece in decoder.pieces():
            sound += piece.tobytes()
        return sound, decoder.outline()


@contextmanager
def _decoding(data: bytes, shape: list[str], max_duration_s: float) -> Iterator[_Decoder]:
    """Run ffmpeg over `data`, held in memory; it is killed at the end of the block or when it takes too long."""
    command = _command(shape, max_duration_s + 2 * SLACK_S)
    with (
        tempfile.TemporaryFile() as log,
        _in_memory(data) as source,
        subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        decoder = _Decoder(process, log)
        timer = Timer(TIMEOUT_S, decoder.give_up)
        timer.start()
        try:
            yield decoder
        finally:
            timer.cancel()
            process.kill()


class _Decoder:
    """A running ffmpeg: its samples, and afterwards what it found out about the input."""

    def __init__(self, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
        self._process = process
        self._log = log
        self._stuck = False

    def pieces(self) -> Iterator[NDArray[np.int16]]:
        """Give the decoded samples as they come; raises NotAudio if nothing can be decoded."""
        assert self._process.stdout is not None
        while piece := self._process.stdout.read(_PIECE_BYTES):
            yield np.frombuffer(piece[: len(piece) // 2 * 2], dtype="<i2")
        code = self._process.wait()
        if self._stuck:
            raise DecoderStuck
        if code:
            raise NotAudio("Tệp nhận được không giải mã được thành âm thanh.")

    def outline(self) -> Outline:
        """Read what ffmpeg logged about the input; raises NotAudio if it found no sound in it."""
        self._log.seek(0)
        outline = read_log(self._log.read(_LOG_BYTES).decode("utf-8", "replace"))
        if outline is None:
            raise NotAudio("Tệp nhận được không có luồng âm thanh nào.")
        return outline

    def give_up(self) -> None:
        """Kill ffmpeg because its time is over."""
        self._stuck = True
        self._process.kill()


def _command(shape: list[str], limit_s: float) -> list[str]:
    """Give ffmpeg's command line: no input but this file, one thread, 16-bit samples out."""
    guard = ["-hide_banner", "-nostats", "-nostdin", "-threads", "1", "-protocol_whitelist", "fd"]
    source = ["-format_whitelist", FORMATS, "-fd", "0", "-i", "fd:"]
    output = ["-map", "0:a:0", "-t", f"{limit_s:.3f}", *shape, "-f", "s16le", "pipe:1"]
    return [imageio_ffmpeg.get_ffmpeg_exe(), *guard, *source, *output]


@contextmanager
def _in_memory(data: bytes) -> Iterator[IO[bytes]]:
    """Open `data` as a file without a name: in memory on Linux, so that no voice lies on a disk in clear."""
    with _nameless() as file:
        file.write(data)
        file.flush()
        file.seek(0)
        yield file


def _nameless() -> IO[bytes]:
    """Make an empty file without a name."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("recording"), "w+b")
    return tempfile.TemporaryFile()


def _refuse_obvious(data: bytes) -> None:
    """Raise a reason a person understands for what is plainly no whole recording."""
    if not data:
        raise NotAudio("Tệp nhận được rỗng (0 byte).")
    if data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{"):
        raise NotAudio("Tệp nhận được là một trang báo lỗi, không phải âm thanh.")
    if is_wav(data):
        _refuse_wav(data)


def _refuse_wav(data: bytes) -> None:
    """Raise if the WAV file's header promises more than there is, or nonsense."""
    rate, missing = sample_rate(data), missing_bytes(data)
    if missing:
        raise Truncated(Told("Tệp WAV bị cắt giữa chừng: còn thiếu %(missing)s byte.", missing=missing))
    if rate not in SAMPLE_RATES:
        raise NotAudio(Told("Tệp WAV khai tần số lấy mẫu vô lý: %(rate)s Hz.", rate=rate))


def _refuse_length(heard_s: float, outline: Outline, max_duration_s: float) -> None:
    """Raise if the sound decoded is nothing, longer than allowed, or shorter than its header declares."""
    if heard_s > max_duration_s:
        raise TooLong(Told("Bản ghi dài hơn giới hạn %(minutes)s phút.", minutes=f"{max_duration_s / 60:.0f}"))
    if not heard_s:
        raise NotAudio("Bản ghi không có âm thanh nào (0 giây).")
    declared = outline.declared_s
    # A WAV's length was already checked byte by byte; its declared seconds rest on a byte rate that may lie.
    if declared and outline.container != "wav" and heard_s < min(declared * 0.95, declared - SLACK_S):
        text = "Tệp âm thanh bị cắt giữa chừng: chỉ có %(heard)s trong %(declared)s giây."
        raise Truncated(Told(text, heard=f"{heard_s:.1f}", declared=f"{declared:.1f}"))
