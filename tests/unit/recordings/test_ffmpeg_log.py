from __future__ import annotations

import pytest

from recordings.rules.ffmpeg_log import Outline, read_log

TAIL = """Stream mapping:
  Stream #0:0 -> #0:0 (pcm_mulaw (native) -> pcm_s16le (native))
Output #0, s16le, to 'pipe:1':
  Stream #0:0: Audio: pcm_s16le, 16000 Hz, mono, s16, 256 kb/s
"""


@pytest.mark.parametrize(
    ("log", "outline"),
    [
        (
            "Input #0, wav, from 'fd:':\n  Duration: 00:00:05.00, bitrate: 64 kb/s\n"
            "  Stream #0:0: Audio: pcm_mulaw ([7][0][0][0] / 0x0007), 8000 Hz, mono, s16, 64 kb/s\n",
            Outline("wav", "pcm_mulaw", 1, 8000, 5.0),
        ),
        (
            "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'fd:':\n  Metadata:\n"
            "    title           : Duration: 99:00:00.00\n"
            "  Duration: 01:02:03.50, start: 0.000000, bitrate: 27 kb/s\n"
            "  Stream #0:0[0x1](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp (default)\n",
            Outline("mov", "aac", 2, 44100, 3723.5),
        ),
        (
            "[mp3 @ 0x1] Estimating duration from bitrate, this may be inaccurate\nInput #0, mp3, from 'fd:':\n"
            "  Duration: 04:00:00.00, bitrate: 8 kb/s\n  Stream #0:0: Audio: mp3 (mp3float), 8000 Hz, mono\n",
            Outline("mp3", "mp3", 1, 8000, None),
        ),
        (
            "Input #0, wav, from 'fd:':\n  Duration: N/A, bitrate: 64 kb/s\n"
            "  Stream #0:0: Audio: pcm_s16le, 48000 Hz, 3 channels, s16\n",
            Outline("wav", "pcm_s16le", 3, 48000, None),
        ),
    ],
)
def test_ffmpeg_s_words_become_facts(log: str, outline: Outline) -> None:
    assert read_log(log + TAIL) == outline


@pytest.mark.parametrize(
    "log", ["", "Error opening input file fd:.", "Input #0, mov, from 'fd:':\n  Stream #0:0: Video: h264\n"]
)
def test_without_sound_there_are_no_facts(log: str) -> None:
    assert read_log(log) is None
