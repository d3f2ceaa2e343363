"""Whether a recorded prompt will sound well on a telephone: how loud, how long for its words, how much silence."""

from __future__ import annotations

from collections.abc import Sequence

from config.told import Told

QUIET_DBFS = -30.0
"""A prompt below this mean level is hard to hear in a street; the studio is asked for -20."""

LOUD_DBFS = -10.0
"""Above this, speech is distorted on a telephone line."""

CLIPPED = 255
"""A peak (0-255) at the end of the scale."""

MOST_CLIPPED = 0.01
"""Share of the sound's moments that may be at the end of the scale."""

FASTEST, SLOWEST = 7.0, 1.8
"""Syllables a second that a voice can read so that a caller follows (Vietnamese is spoken at 4 to 5)."""

EDGE_PEAK = 8
"""A peak (0-255) below this is silence at the edge of a prompt."""

LONGEST_EDGE_S = 1.0
"""Seconds of silence before or after the words that make a caller think the line is dead."""


def warnings(words: str, duration_s: float, level_dbfs: float, waveform: Sequence[int]) -> tuple[str, ...]:
    """Say in Vietnamese what is doubtful about a recording of `words`; nothing where it is well."""
    level = f"{level_dbfs:.0f}"
    found = (
        (level_dbfs < QUIET_DBFS, Told("Bản thu nhỏ (%(level)s dBFS); nên thu lại ở khoảng -20 dBFS.", level=level)),
        (
            level_dbfs > LOUD_DBFS or _clipped(waveform),
            Told("Bản thu quá to hoặc bị vỡ tiếng (%(level)s dBFS).", level=level),
        ),
        *_length(len(words.split()), duration_s),
        (_edge(waveform, duration_s) > LONGEST_EDGE_S, Told("Có hơn một giây im lặng ở đầu hoặc cuối; nên cắt bớt.")),
    )
    return tuple(text for is_so, text in found if is_so)


def _length(syllables: int, duration_s: float) -> tuple[tuple[bool, str], tuple[bool, str]]:
    rate = syllables / max(duration_s, 0.1)
    seconds = f"{duration_s:.1f}".replace(".", ",")
    return (
        (rate > FASTEST, Told("Bản thu dài %(seconds)s giây, ngắn so với lời: có thể thiếu chữ.", seconds=seconds)),
        (
            rate < SLOWEST and duration_s > 2,
            Told("Bản thu dài %(seconds)s giây, dài so với lời: có thể là bản của lời khác.", seconds=seconds),
        ),
    )


def _clipped(waveform: Sequence[int]) -> bool:
    return sum(peak >= CLIPPED for peak in waveform) > MOST_CLIPPED * max(len(waveform), 1)


def _edge(waveform: Sequence[int], duration_s: float) -> float:
    """The longer silence at either end, in seconds."""
    if not waveform:
        return 0.0
    quiet = [peak < EDGE_PEAK for peak in waveform]
    lead = quiet.index(False) if False in quiet else len(quiet)
    tail = quiet[::-1].index(False) if False in quiet else len(quiet)
    return max(lead, tail) * duration_s / len(waveform)
