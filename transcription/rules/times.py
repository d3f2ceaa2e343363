"""Times of day in spoken Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from transcription.rules.numbers import NumberMatch, NumberReader, find_numbers
from transcription.rules.text import word_set

_HOUR = word_set("giờ gio h")
_LESS = word_set("kém kem")
_HALF = word_set("rưỡi rưởi ruoi")
_AT = word_set("lúc tới đến từ hồi khoảng cỡ tầm trước sau luc toi den tu")
_CLOCK = re.compile(r"([01]?\d|2[0-4])(?:h|g|:)([0-5]\d)?")
_PARTS_OF_DAY = {
    "sáng": (0, 12), "trưa": (10, 15), "chiều": (12, 19), "tối": (17, 24), "đêm": (18, 30), "khuya": (21, 30),
    "sang": (0, 12), "trua": (10, 15), "chieu": (12, 19), "toi": (17, 24), "dem": (18, 30),
}  # fmt: skip
"""The hours each part of the day covers; from 24 on they are of the small hours."""


@dataclass(frozen=True, slots=True)
class TimeMatch:
    """A time of day in words[start:end]; `certain` if the part of the day was said or the hour is past noon."""

    start: int
    end: int
    value: time
    certain: bool


def find_times(words: Sequence[str]) -> list[TimeMatch]:
    """The times of day in lower-case `words`: tám giờ rưỡi, bảy giờ kém mười lăm, 12:30, 7h30 tối."""
    numbers = {number.start: number for number in find_numbers(words)}
    found: list[TimeMatch] = []
    for place, word in enumerate(words):
        if not found or place >= found[-1].end:
            match = _written(words, place, word) or _spoken(words, numbers, place)
            found.extend([match] if match else [])
    return found


def _written(words: Sequence[str], place: int, word: str) -> TimeMatch | None:
    clock = _CLOCK.fullmatch(word)
    return _settled(words, place, place + 1, int(clock[1]) * 60 + int(clock[2] or 0)) if clock else None


def _spoken(words: Sequence[str], numbers: dict[int, NumberMatch], place: int) -> TimeMatch | None:
    hour = numbers.get(place)
    if hour is None or hour.value > 24 or hour.value != int(hour.value):
        return None
    if _word(words, hour.end) in _HALF and _is_half_hour(words, hour):
        return _settled(words, place, hour.end + 1, int(hour.value) * 60 + 30)
    if _word(words, hour.end) not in _HOUR:
        return None
    if _is_length(words, place, hour.end + 1):
        return None
    minutes, end = _minutes(words, hour.end + 1)
    return _settled(words, place, end, int(hour.value) * 60 + minutes)


def _is_half_hour(words: Sequence[str], hour: NumberMatch) -> bool:
    """Whether "bảy rưỡi" is half past seven: told by the word before or the part of the day after."""
    return _word(words, hour.start - 1) in _AT or _word(words, hour.end + 1) in _PARTS_OF_DAY


def _is_length(words: Sequence[str], start: int, end: int) -> bool:
    """Whether it is a number of hours: "chờ ba giờ đồng hồ", "sau hai giờ", "mấy giờ liền"."""
    return _word(words, end) in ("đồng", "liền", "dong", "lien") or _word(words, start - 1) in ("suốt", "trong", "mỗi")


def _minutes(words: Sequence[str], place: int) -> tuple[int, int]:
    if _word(words, place) in _HALF:
        return 30, place + 1
    less = _word(words, place) in _LESS
    number = NumberReader(words[place + less : place + less + 5]).cardinal(0)
    if number is None or number[0] >= 60 or number[0] != int(number[0]):
        return 0, place
    end = place + less + number[1]
    named = _word(words, end) in ("phút", "phut")
    if not less and number[0] < 10 and not named:
        return 0, place  # "năm giờ ba người"
    return (-int(number[0]) if less else int(number[0])), end + named


def _settled(words: Sequence[str], start: int, end: int, minutes: int) -> TimeMatch:
    hours = _PARTS_OF_DAY.get(_word(words, end))
    end += hours is not None
    if hours is not None:
        minutes = _within(minutes, *hours)
    minutes %= 24 * 60
    return TimeMatch(start, end, time(minutes // 60, minutes % 60), hours is not None or minutes >= 13 * 60)


def _within(minutes: int, earliest: int, latest: int) -> int:
    """The reading of a twelve-hour clock that falls in the part of the day said."""
    readings = [minutes, minutes + 12 * 60, minutes + 24 * 60]
    return next((each for each in readings if earliest * 60 <= each < latest * 60), minutes)


def _word(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else ""
