"""Reads what ffmpeg logs about its input, in the format of ffmpeg 4 to 9."""

from __future__ import annotations

import re
from dataclasses import dataclass

_INPUT = re.compile(r"^Input #0, (\S+), from", re.MULTILINE)
_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d\.\d+)", re.MULTILINE)
_STREAM = re.compile(r"Stream #0:\d+\S*: Audio: (\w+)[^\n]*?, (\d+) Hz, ([^,\n]+)")
_CHANNELS = {"mono": 1, "stereo": 2, "quad": 4, "5.1": 6, "5.1(side)": 6, "7.1": 8}


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file says it is; `declared_s` (seconds) is None where the length is unknown or a guess."""

    container: str
    codec: str
    channels: int
    sample_rate: int
    declared_s: float | None


def read_log(log: str) -> Outline | None:
    """Give the outline of the first input's first sound; None if ffmpeg found none."""
    container, stream = _INPUT.search(log), _STREAM.search(log)
    if not container or not stream:
        return None
    codec, rate, layout = stream.groups()
    return Outline(
        container=container[1].split(",")[0],
        codec=codec,
        channels=_channels(layout.strip()),
        sample_rate=int(rate),
        declared_s=_declared(log),
    )


def _declared(log: str) -> float | None:
    """Give the seconds that the input declares, or None if ffmpeg had to guess."""
    found = _DURATION.search(log)
    if not found or "Estimating duration" in log:
        return None
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])


def _channels(layout: str) -> int:
    """Give the number of channels in ffmpeg's words for a layout: `mono`, `stereo`, `3 channels`."""
    number = layout.partition(" ")[0]
    return _CHANNELS.get(layout, int(number) if number.isdigit() else 1)
