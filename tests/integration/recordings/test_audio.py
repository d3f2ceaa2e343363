from __future__ import annotations

import io
import tracemalloc
import wave
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recordings import audio
from recordings.audio import DecoderStuck, NotAudio, TooLong, Truncated, ffmpeg_version, inspect, samples, to_browser
from tests.integration.recordings import sounds

SHAPES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "wav": (sounds.wav, "audio/wav", "pcm_s16le"),
    "mu-law": (sounds.mulaw, "audio/wav", "pcm_mulaw"),
    "a-law": (lambda: sounds.encoded("-c:a", "pcm_alaw", "-f", "wav"), "audio/wav", "pcm_alaw"),
    "mp3": (lambda: sounds.encoded("-f", "mp3"), "audio/mpeg", "mp3"),
    "ogg": (lambda: sounds.encoded("-c:a", "libopus", "-f", "ogg"), "audio/ogg", "opus"),
    "flac": (lambda: sounds.encoded("-f", "flac"), "audio/flac", "flac"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_usual_shape_is_known_and_measured(shape: str) -> None:
    make, content_type, codec = SHAPES[shape]
    facts = inspect(make())
    assert (facts.content_type, facts.codec, facts.channels) == (content_type, codec, 1)
    assert facts.sample_rate in (8000, 48000)
    assert facts.duration_s == pytest.approx(2.0, abs=0.15)
    assert facts.level_dbfs == pytest.approx(-10.3, abs=0.5)
    assert facts.silence_share == pytest.approx(0.25, abs=0.06)
    assert max(facts.waveform) == pytest.approx(128, abs=6)


@pytest.mark.parametrize("shape", SHAPES)
def test_engines_hear_every_shape_as_16_khz_mono(shape: str) -> None:
    sound = samples(SHAPES[shape][0]())
    assert sound.dtype == np.float32
    assert sound.size == pytest.approx(32_000, abs=2400)
    assert np.abs(sound).max() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("shape", ["wav", "mp3", "flac"])
def test_what_browsers_play_is_left_as_it_is(shape: str) -> None:
    make, content_type, _ = SHAPES[shape]
    assert to_browser(make()) == (make(), content_type)


@pytest.mark.parametrize("shape", ["mu-law", "a-law", "ogg"])
def test_what_some_browsers_cannot_play_becomes_plain_pcm(shape: str) -> None:
    data, content_type = to_browser(SHAPES[shape][0]())
    assert content_type == "audio/wav"
    with wave.open(io.BytesIO(data)) as reader:
        assert (reader.getnchannels(), reader.getsampwidth()) == (1, 2)
        assert reader.getnframes() / reader.getframerate() == pytest.approx(2.0, abs=0.1)


def test_two_channels_are_counted_and_mixed() -> None:
    stereo = sounds.encoded("-ac", "2", "-f", "wav")
    assert inspect(stereo).channels == 2
    assert samples(stereo).ndim == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "rỗng"),
        (sounds.ERROR_PAGE, "trang báo lỗi"),
        (b"\xef\xbb\xbf\n <html>502 Bad Gateway</html>", "trang báo lỗi"),
        (b'{"code": 20404}', "trang báo lỗi"),
        (b"Not found", "không giải mã được"),
        (bytes(range(256)) * 400, "không giải mã được"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00", "không giải mã được"),
    ],
)
def test_what_is_not_audio_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    for use in (inspect, samples, to_browser):
        with pytest.raises(NotAudio, match=reason):
            use(data)


def test_a_recording_of_no_length_is_refused() -> None:
    with pytest.raises(NotAudio):
        inspect(sounds.wav(0.0))
    with pytest.raises(NotAudio):
        inspect(sounds.wav(0.0)[:40] + b"\xff\xff\xff\xff")


@pytest.mark.parametrize("shape", ["wav", "mp3", "flac"])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_file_cut_short_is_refused_in_every_shape_that_says_its_length(shape: str, part: float) -> None:
    whole = sounds.wav(20.0) if shape == "wav" else sounds.encoded("-f", shape, seconds=20.0)
    assert inspect(whole).duration_s == pytest.approx(20.0, abs=0.1)
    with pytest.raises(Truncated, match="cắt giữa chừng"):
        inspect(whole[: int(len(whole) * part)])


@pytest.mark.parametrize("shape", ["wav", "mp3", "flac"])
def test_the_first_bytes_of_a_file_are_refused_too(shape: str) -> None:
    whole = sounds.wav(20.0) if shape == "wav" else sounds.encoded("-f", shape, seconds=20.0)
    for size in (1, 10, 40, 200):
        with pytest.raises(NotAudio):
            inspect(whole[:size])


def test_a_live_wav_that_did_not_know_its_length_is_whole() -> None:
    assert inspect(sounds.live_wav()).duration_s == pytest.approx(2.0, abs=0.01)


def test_four_hours_are_refused_without_holding_them_in_memory() -> None:
    data = sounds.four_hours()
    tracemalloc.start()
    with pytest.raises(TooLong, match="120 phút"):
        inspect(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The input is 14 MB; two hours of decoded sound would be 230 MB.
    assert peak < 40_000_000


def test_the_limit_itself_is_allowed_and_a_moment_more_is_not() -> None:
    assert inspect(sounds.wav(2.0), max_duration_s=2.0).duration_s == 2.0
    with pytest.raises(TooLong):
        inspect(sounds.wav(2.0), max_duration_s=1.9)
    with pytest.raises(TooLong):
        samples(sounds.wav(2.0), max_duration_s=1.9)


def test_a_decoder_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "TIMEOUT_S", 0.01)
    with pytest.raises(DecoderStuck):
        inspect(sounds.four_hours())


def test_ffmpeg_tells_its_version() -> None:
    assert ffmpeg_version()


@pytest.mark.parametrize(
    "playlist",
    ["#EXTM3U\n#EXTINF:2,\n{path}\n", "ffconcat version 1.0\nfile '{path}'\n", "file '{path}'\n"],
)
def test_a_playlist_cannot_make_us_read_other_files(playlist: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(sounds.wav())
    with pytest.raises(NotAudio):
        inspect(playlist.format(path=secret).encode())


@pytest.mark.parametrize("rate", [0, 1, 3999, 1_000_000_000, 2**32 - 1])
def test_an_absurd_sample_rate_is_refused_before_it_costs_anything(rate: int) -> None:
    data = sounds.wav(0.5)
    with pytest.raises(NotAudio, match=f"tần số lấy mẫu vô lý: {rate} Hz"):
        inspect(data[:24] + rate.to_bytes(4, "little") + data[28:])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.integers(min_value=4, max_value=43), value=st.integers(min_value=0, max_value=255))
def test_a_malformed_header_is_a_clear_refusal_or_a_sound_never_a_crash(place: int, value: int) -> None:
    data = bytearray(sounds.wav(0.5))
    data[place] = value
    with suppress(NotAudio, TooLong):
        assert inspect(bytes(data), max_duration_s=600).duration_s > 0
