from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.rules.keys import checked_key, content_key, sealing_context
from recordings.rules.loudness import FLOOR_DBFS, WAVEFORM_POINTS, Meter
from recordings.rules.retry import MEDIA_WAITS, STORE_WAITS, wait_before_next
from recordings.rules.wav import SAMPLE_RATES, is_wav, missing_bytes, sample_rate

RATE = 16_000


def wav(seconds: float = 0.5) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(b"\x01\x00" * int(8000 * seconds))
    return file.getvalue()


def meter(sound: np.ndarray, pieces: int = 1) -> Meter:
    measured = Meter(RATE)
    for piece in np.array_split(sound.astype(np.int16), pieces):
        measured.hear(piece)
    measured.finish()
    return measured


def tone(seconds: float, amplitude: float = 0.5) -> np.ndarray:
    return np.sin(np.arange(int(RATE * seconds)) * 2 * np.pi * 440 / RATE) * amplitude * 32767


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 2), (2, 5), (3, 15), (4, 60), (10, 12 * 3600), (11, None)])
def test_missing_media_is_asked_for_again_ever_more_rarely_then_given_up(attempts: int, seconds: float | None) -> None:
    assert wait_before_next(attempts) == seconds


def test_media_is_waited_for_about_a_day_and_the_store_over_a_long_weekend() -> None:
    assert 24 * 3600 <= sum(MEDIA_WAITS) <= 30 * 3600
    assert 72 * 3600 <= sum(STORE_WAITS) <= 80 * 3600
    assert list(MEDIA_WAITS) == sorted(MEDIA_WAITS)


def test_no_attempt_has_no_wait() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        wait_before_next(0)


def test_a_whole_wav_misses_nothing() -> None:
    assert is_wav(wav())
    assert missing_bytes(wav()) == 0


@pytest.mark.parametrize("cut", [1, 2, 100, 7999])
def test_a_wav_cut_short_says_how_much_is_missing(cut: int) -> None:
    assert missing_bytes(wav()[:-cut]) == cut


def test_chunks_before_and_after_the_sound_do_no_harm() -> None:
    whole = wav()
    assert missing_bytes(whole[:36] + b"LIST\x03\x00\x00\x00abc\x00" + whole[36:] + b"id3 \x02\x00\x00\x00ab") == 0


@pytest.mark.parametrize("size", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\x7f"])
def test_a_live_stream_that_did_not_know_its_length_promises_nothing(size: bytes) -> None:
    whole = wav()
    assert missing_bytes(whole[:40] + size + whole[44:]) == 0


@pytest.mark.parametrize(
    "data", [b"RIFF\x00\x00\x00\x00WAVE", wav()[:40], b"RIFF\x00\x00\x00\x00WAVEfmt \xff\xff\xff\xff"]
)
def test_a_wav_without_sound_misses_something(data: bytes) -> None:
    assert missing_bytes(data) > 0


def test_the_sample_rate_is_read_and_its_absence_noticed() -> None:
    assert sample_rate(wav()) == 8000
    assert sample_rate(b"RIFF\x00\x00\x00\x00WAVE") == 0
    assert all(rate in SAMPLE_RATES for rate in (8000, 16_000, 44_100, 48_000))


@given(st.binary(max_size=300))
def test_no_header_however_malformed_upsets_the_reader(noise: bytes) -> None:
    data = b"RIFF" + noise[:4].ljust(4) + b"WAVE" + noise
    assert missing_bytes(data) >= 0
    assert sample_rate(data) >= 0


def test_silence_is_all_silence_at_the_floor() -> None:
    measured = meter(np.zeros(RATE))
    assert (measured.level_dbfs, measured.silence_share) == (FLOOR_DBFS, 1.0)
    assert set(measured.waveform()) == {0}


def test_nothing_heard_is_measured_without_a_fuss() -> None:
    measured = meter(np.empty(0))
    assert (measured.duration_s, measured.level_dbfs, measured.silence_share) == (0, FLOOR_DBFS, 1.0)
    assert measured.waveform() == []


def test_a_tone_at_half_scale_lies_nine_decibels_down() -> None:
    # A sine's power is half its amplitude's square: 20 log10(0.5) - 3.01.
    assert meter(tone(1)).level_dbfs == pytest.approx(-9.03, abs=0.02)


def test_silence_share_is_the_quiet_part() -> None:
    measured = meter(np.concatenate([tone(1), np.zeros(3 * RATE)]))
    assert measured.silence_share == pytest.approx(0.75, abs=0.01)


def test_the_waveform_shows_where_it_is_loud() -> None:
    measured = meter(np.concatenate([np.zeros(30 * RATE), tone(30, 1.0)]))
    peaks = measured.waveform()
    assert len(peaks) == WAVEFORM_POINTS
    assert max(peaks[: WAVEFORM_POINTS // 2]) == 0
    assert min(peaks[WAVEFORM_POINTS // 2 :]) >= 254


@given(st.integers(min_value=1, max_value=50))
def test_it_does_not_matter_in_how_many_pieces_sound_arrives(pieces: int) -> None:
    sound = np.concatenate([tone(0.31), np.zeros(1234)])
    one, many = meter(sound), meter(sound, pieces)
    assert many.duration_s == one.duration_s
    assert many.waveform() == one.waveform()
    assert many.level_dbfs == pytest.approx(one.level_dbfs)
    assert many.silence_share == one.silence_share


def test_equal_recordings_have_one_key_and_different_ones_two() -> None:
    assert content_key(b"a") == content_key(b"a") != content_key(b"b")
    assert sealing_context("ab") == "recording:ab"


@pytest.mark.parametrize(
    "key", ["", "abc", "../../etc/passwd", "a/bcd", ".hidden", "a\x00bcd", "à-la-carte", "x" * 201]
)
def test_unsafe_store_keys_are_refused(key: str) -> None:
    with pytest.raises(ValueError, match="not a store key"):
        checked_key(key)
