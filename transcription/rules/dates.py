"""Dates in spoken or written Vietnamese, absolute or seen from the day of the call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from transcription.rules.calendar_days import (
    day_in_month,
    last_date,
    last_day_of_month_numbered,
    last_weekday,
    months_back,
    part_of_month,
    weekday_of_week,
)
from transcription.rules.date_words import (
    DAY_CUES,
    DAY_PARTS,
    DAYS_IN,
    FIXED,
    LEADING,
    NO_DAY_BEFORE,
    NUMERIC,
    PAST_MARKS,
    VOCABULARY,
    WEEKDAYS,
)
from transcription.rules.number_words import DIGITS, UNITS, lacks_diacritics
from transcription.rules.numbers import NumberReader
from transcription.rules.times import find_times

Precision = Literal["day", "week", "month", "year", "vague"]


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A date said in words[start:end].

    `value` is the day, or the first day of a longer time by `precision`, None if it cannot be told; `uncertain` if it
    may be of the lunar calendar or of another month.
    """

    start: int
    end: int
    value: date | None
    precision: Precision
    text: str
    uncertain: bool = False


class _Found(NamedTuple):
    end: int
    value: date | None
    precision: Precision
    uncertain: bool = False


def find_dates(words: Sequence[str], called_on: date) -> list[DateMatch]:
    """The dates in lower-case `words`, resolved from the day of the call, in order, not overlapping."""
    grammar = _Grammar(words, called_on)
    times = {match.end: match.start for match in find_times(words)}
    found: list[DateMatch] = []
    place = 0
    while place < len(words):
        match = grammar.at(place)
        if match is None:
            place += 1
            continue
        start = grammar.led_from(place, found[-1].end if found else 0, times)
        text = " ".join(words[start : match.end])
        found.append(DateMatch(start, match.end, match.value, match.precision, text, match.uncertain))
        place = match.end
    return found


class _Grammar:
    """The ways to say a date; each method gives what starts at a place, or None."""

    def __init__(self, words: Sequence[str], called_on: date) -> None:
        bare = lacks_diacritics(words)
        self._words = [VOCABULARY.get(word, word) for word in words] if bare else words
        self._numbers = NumberReader(words)
        self._called_on = called_on

    def at(self, place: int) -> _Found | None:
        """The date whose core starts at `place`."""
        ways: tuple[Callable[[int], _Found | None], ...] = (
            self._numeric, self._day_month, self._fixed, self._weekday, self._ago, self._week, self._month,
            self._lone_day, self._year,
        )  # fmt: skip
        return next((found for way in ways if (found := way(place)) is not None), None)

    def led_from(self, place: int, limit: int, times: dict[int, int]) -> int:
        """Where the phrase begins, with its "hôm", "chiều", "hồi mười một giờ" before the core."""
        while place > limit:
            timed = times.get(place, times.get(place + 1, place))
            if limit <= timed < place:
                place = timed
            elif self._word(place - 1) in LEADING:
                place -= 1
            else:
                break
        return place

    def _numeric(self, place: int) -> _Found | None:
        """5/1, 5/1/2026."""
        shape = NUMERIC.fullmatch(self._word(place))
        if shape is None or ("." in shape[0] and not shape[3]):
            return None
        year = _full_year(int(shape[3])) if shape[3] else None
        value = self._date(int(shape[1]), int(shape[2]), year)
        return _Found(place + 1, value, "day") if value else None

    def _day_month(self, place: int) -> _Found | None:
        """Hai mươi mốt tháng mười một năm …, mùng năm tháng một, mùng ba tháng trước, rằm tháng bảy."""
        day = self._day(place)
        if day is None or self._word(day[1]) not in ("tháng", "thang"):
            return None
        number, end, lunar = day
        relative = self._relative_month(end)
        if relative:
            if not (self._names_day(place) or self._word(place - 1) in DAY_CUES):
                return None  # "ba tháng trước" counts months
            first, end = relative
            value = day_in_month(number, first.month, first.year)
            return _Found(end, value, "day", lunar) if value else None
        month = self._month_number(end + 1)
        if month is None:
            return None
        year, end = self._year_after(month[1])
        value = self._date(number, month[0], year)
        return _Found(end, value, "day", lunar or month[2]) if value else None

    def _fixed(self, place: int) -> _Found | None:
        for length, phrases in FIXED.items():
            phrase = tuple(self._words[place : place + length])
            if phrase in phrases:
                days = phrases[phrase]
                value = None if days is None else self._called_on + timedelta(days=days)
                return _Found(place + length, value, "vague" if days is None else "day")
        return None

    def _weekday(self, place: int) -> _Found | None:
        """Thứ ba vừa rồi, thứ hai tuần trước, chủ nhật."""
        sunday = (self._word(place), self._word(place + 1)) in (("chủ", "nhật"), ("chúa", "nhật"))
        weekday = 6 if sunday else WEEKDAYS.get(self._word(place + 1)) if self._word(place) == "thứ" else None
        if weekday is None:
            return None
        end = place + 2
        if self._word(end) == "tuần" and (week := self._week(end)) is not None and week.value is not None:
            return _Found(week.end, week.value + timedelta(days=weekday), "day")
        marked = self._past_mark(end) or end + (self._word(end) == "này")
        plainly = (end < marked and self._word(marked - 1) != "rồi") or self._word(end) == "vừa"
        if not sunday and not plainly and self._word(place - 1) not in DAY_CUES:
            return None  # "lần thứ ba rồi" is an ordinal
        if self._word(end) in ("mươi", "mười", "trăm"):
            return None
        return _Found(marked, last_weekday(weekday, self._called_on), "day")

    def _ago(self, place: int) -> _Found | None:
        """Hai hôm trước, cách đây ba tuần, hai mươi phút nay, mấy bữa nay."""
        start = place + 2 if (self._word(place), self._word(place + 1)) == ("cách", "đây") else place
        count = self._count(start)
        if count is None:
            return None
        number, end = count
        unit, after = self._word(end), self._word(end + 1)
        if start == place and after not in ("trước", "nay", "qua") and not (after == "rồi" and unit in ("hôm", "bữa")):
            return None
        closed = end + 1 if start > place and after not in ("trước", "nay", "rồi") else end + 2
        return self._back(number, unit, closed)

    def _back(self, number: int | None, unit: str, end: int) -> _Found | None:
        if unit in ("phút", "tiếng", "giờ"):
            return _Found(end, self._called_on, "day")
        if unit not in DAYS_IN and unit not in ("tháng", "năm"):
            return None
        if number is None:
            return _Found(end, None, "vague")
        if unit in DAYS_IN:
            value = self._called_on - timedelta(days=number * DAYS_IN[unit])
            return _Found(end, value, "week" if unit == "tuần" else "day")
        months = number * (12 if unit == "năm" else 1)
        return _Found(end, months_back(self._called_on, min(months, 1200)), "month" if unit == "tháng" else "year")

    def _count(self, place: int) -> tuple[int | None, int] | None:
        if self._word(place) in ("mấy", "vài", "nhiều", "bao"):
            return None, place + 1
        cardinal = self._numbers.cardinal(place)
        return (int(cardinal[0]), cardinal[1]) if cardinal and 1 <= cardinal[0] < 1000 else None

    def _week(self, place: int) -> _Found | None:
        """Tuần trước, tuần rồi, tuần vừa qua, tuần này."""
        if self._word(place) != "tuần":
            return None
        if self._word(place + 1) in ("này", "nay"):
            return _Found(place + 2, weekday_of_week(0, 0, self._called_on), "week")
        marked = self._past_mark(place + 1)
        return _Found(marked, weekday_of_week(0, 1, self._called_on), "week") if marked else None

    def _month(self, place: int) -> _Found | None:
        """Cuối tháng mười, đầu tháng này, tháng trước, tháng chín năm ngoái."""
        part = self._word(place) if self._word(place) in ("đầu", "giữa", "cuối") else ""
        head = place + bool(part)
        if self._word(head) != "tháng":
            return None
        relative = self._relative_month(head)
        if relative:
            return _Found(relative[1], part_of_month(relative[0], part), "month")
        month = self._month_number(head + 1)
        if month is None or self._word(head - 1).isdigit() or self._is_count(head):
            return None
        year, end = self._year_after(month[1])
        first = self._date(1, month[0], year)
        return _Found(end, part_of_month(first, part), "month", month[2]) if first else None

    def _is_count(self, place: int) -> bool:
        """Whether tháng is counted, not named: "ba tháng", "mỗi tháng", "mấy tháng"."""
        before = self._word(place - 1)
        return before in DIGITS or before in ("mươi", "mười", "mỗi", "mấy", "vài", "hằng", "hàng", "rưỡi")

    def _lone_day(self, place: int) -> _Found | None:
        """Ngày mười bảy, hôm mười tám, mùng mười, bữa rằm: of this month or of the one before."""
        cued = self._word(place - 1) in DAY_PARTS | {"ngày", "hôm", "bữa"}
        day = self._day(place)
        if day is None or self._word(day[1]) in NO_DAY_BEFORE:
            return None
        number, end, lunar = day
        named = self._names_day(place)
        if not named and not (cued and self._day_stands_alone(place, number)):
            return None
        marked = self._past_mark(end) or end
        return _Found(marked, last_day_of_month_numbered(number, self._called_on), "day", lunar or named)

    def _names_day(self, place: int) -> bool:
        return self._word(place) in ("mùng", "mồng", "rằm")

    def _day_stands_alone(self, place: int, number: int) -> bool:
        """Whether "ngày hai" is the second and not twice a day; small numbers need a plain ngày before them."""
        if self._word(place - 2) in ("mỗi", "một", "mấy", "mười", "nửa") or self._is_count(place - 1):
            return False
        return number > 9 or self._word(place - 1) == "ngày"

    def _year(self, place: int) -> _Found | None:
        """Năm ngoái, năm 2025."""
        if self._word(place) != "năm" or self._is_count(place):
            return None
        year, end = self._year_after(place)
        return _Found(end, date(year, 1, 1), "year") if year else None

    def _day(self, place: int) -> tuple[int, int, bool] | None:
        """The day of the month at a place, its end, and whether it is one of the lunar month for sure."""
        if self._word(place) == "rằm":
            return 15, place + 1, True
        named = self._word(place) in ("mùng", "mồng")
        cardinal = self._numbers.cardinal(place + named)
        if cardinal is None:
            return None
        value, end = cardinal
        digit = DIGITS.get(self._word(end), 0)
        if not named and value in (2, 3) and end == place + 1 and digit and self._word(end + 1) in ("tháng", "thang"):
            value, end = value * 10 + digit, end + 1
        return (int(value), end, False) if 1 <= value <= (10 if named else 31) else None

    def _month_number(self, place: int) -> tuple[int, int, bool] | None:
        """The month at a place, its end, and whether its name is lunar (giêng, chạp)."""
        lunar = {"giêng": 1, "chạp": 12}.get(self._word(place))
        if lunar:
            return lunar, place + 1, True
        cardinal = self._numbers.cardinal(place)
        return (int(cardinal[0]), cardinal[1], False) if cardinal and 1 <= cardinal[0] <= 12 else None

    def _relative_month(self, place: int) -> tuple[date, int] | None:
        """The first day of "tháng này", "tháng trước" and the like at a place, and the end."""
        if self._word(place + 1) == "này":
            return months_back(self._called_on, 0), place + 2
        marked = self._past_mark(place + 1)
        return (months_back(self._called_on, 1), marked) if marked else None

    def _year_after(self, place: int) -> tuple[int | None, int]:
        """The year said at a place, and its end: năm nay, năm ngoái, năm hai không hai sáu."""
        if self._word(place) != "năm":
            return None, place
        if self._word(place + 1) == "nay":
            return self._called_on.year, place + 2
        if marked := self._past_mark(place + 1):
            return self._called_on.year - 1, marked
        said = "".join(str((DIGITS | UNITS).get(word, "")) for word in self._words[place + 1 : place + 5])
        if len(said) == 4 and 1900 <= int(said) < 2100:
            return int(said), place + 5
        cardinal = self._numbers.cardinal(place + 1)
        return (int(cardinal[0]), cardinal[1]) if cardinal and 1900 <= cardinal[0] < 2100 else (None, place)

    def _past_mark(self, place: int) -> int:
        """The end of "vừa rồi", "trước", "qua" and the like at a place, 0 if there is none."""
        for mark in PAST_MARKS:
            if tuple(self._words[place : place + len(mark)]) == mark:
                return place + len(mark)
        return 0

    def _date(self, day: int, month: int, year: int | None) -> date | None:
        return last_date(day, month, self._called_on) if year is None else day_in_month(day, month, year)

    def _word(self, place: int) -> str:
        return self._words[place] if 0 <= place < len(self._words) else ""


def _full_year(year: int) -> int:
    return year if year > 99 else 2000 + year
