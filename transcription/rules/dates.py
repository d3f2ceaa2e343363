"""Dates in spoken or written Vietnamese, absolute or seen from the day of the call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from transcription.rules.calendar_days import (
    day_in_month,
    last_day_of_month_numbered,
    last_weekday,
    months_back,
    part_of_month,
    weekday_of_week,
)
from transcription.rules.date_parts import DateParts
from transcription.rules.date_words import (
    DAY_CUES,
    DAY_PARTS,
    DAYS_IN,
    FIXED,
    FRACTIONS,
    HEDGES,
    LEADING,
    NAMED_AFTER_DAYS,
    NO_DAY_BEFORE,
    NUMERIC,
    PARTS,
    WEEKDAYS,
)
from transcription.rules.text import fold
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
        if found and start == found[-1].end and words[start] in ("ngày", "ngay") and found[-1].precision == "day":
            start = found.pop().start  # "thứ hai ngày 16 tháng 11" is one day
        text = " ".join(words[start : match.end])
        found.append(DateMatch(start, match.end, match.value, match.precision, text, match.uncertain))
        place = match.end
    return found


_FEW = 10
"""Days up to the tenth may also count months: "ba tháng hai lần"."""


class _Grammar(DateParts):
    """The ways to say a date; each method gives what starts at a place, or None."""

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
            elif self.word(place - 1) in LEADING and not self._counts_days(place - 1):
                place -= 1
            else:
                break
        return place

    def _counts_days(self, place: int) -> bool:
        """Whether the ngày belongs to a count before it: "ba ngày | hôm qua mới về"."""
        return self.word(place) in DAYS_IN and self.is_count(place) and self.word(place - 2) != "thứ"

    def _numeric(self, place: int) -> _Found | None:
        """5/1, 5/1/2026."""
        shape = NUMERIC.fullmatch(self.word(place))
        if shape is None or not (shape[3] or self._is_short_date(place)):
            return None
        year = _full_year(int(shape[3])) if shape[3] else None
        value = self.date_of(int(shape[1]), int(shape[2]), year)
        return _Found(place + 1, value, "day") if value else None

    def _is_short_date(self, place: int) -> bool:
        """Whether a day and month without a year are a date: announced, or with a stroke and no usual fraction."""
        word, following = self.word(place), self.word(place + 1)
        if self.word(place - 1) in DAY_CUES:
            return True
        if self.word(place - 1) in NAMED_AFTER_DAYS:
            return False
        return "/" in word and word not in FRACTIONS and following not in NO_DAY_BEFORE and following != "%"

    def _day_month(self, place: int) -> _Found | None:
        """Hai mươi mốt tháng mười một năm …, mùng năm tháng một, mùng ba tháng trước, rằm tháng bảy."""
        day = self.day(place)
        if day is None or self.word(day[1]) not in ("tháng", "thang"):
            return None
        number, end, lunar = day
        relative = self.relative_month(end)
        if relative:
            if not (self.names_day(place) or self.word(place - 1) in DAY_CUES):
                return None  # "ba tháng trước" counts months
            first, end = relative
            value = day_in_month(number, first.month, first.year)
            return _Found(end, value, "day", lunar) if value else None
        month = self.month_number(end + 1)
        cued = self.names_day(place) or self.word(place - 1) in DAY_CUES
        if month is None or (not cued and self._is_other(place, month[1], counts=number <= _FEW)):
            return None
        year, end = self.year_after(month[1])
        value = self.date_of(number, month[0], year)
        return _Found(end, value, "day", lunar or month[2]) if value else None

    def _is_other(self, place: int, end: int, *, counts: bool = True) -> bool:
        """Whether it is a street's or hospital's name ("đường ba tháng hai") or a count ("ba tháng hai lần")."""
        return self.word(place - 1) in NAMED_AFTER_DAYS or (counts and self.word(end) in NO_DAY_BEFORE)

    def _fixed(self, place: int) -> _Found | None:
        for length, phrases in FIXED.items():
            phrase = tuple(self.words[place : place + length])
            if phrase in phrases:
                days = phrases[phrase]
                value = None if days is None else self.called_on + timedelta(days=days)
                return _Found(place + length, value, "vague" if days is None else "day")
        return None

    def _weekday(self, place: int) -> _Found | None:
        """Thứ ba vừa rồi, thứ hai tuần trước, chủ nhật."""
        sunday = (self.word(place), self.word(place + 1)) in (("chủ", "nhật"), ("chúa", "nhật"))
        weekday = 6 if sunday else self._named_weekday(place)
        if weekday is None:
            return None
        end = place + 2
        if self.word(end) == "tuần" and (week := self._week(end)) is not None and week.value is not None:
            return _Found(week.end, week.value + timedelta(days=weekday), "day")
        marked = self.past_mark(end) or end + (self.word(end) == "này")
        plainly = (end < marked and self.word(marked - 1) != "rồi") or self.word(end) in ("vừa", "ngày")
        if not sunday and not plainly and self.word(place - 1) not in DAY_CUES - {"ngày"}:
            return None  # "lần thứ ba rồi" is an ordinal, and so is "sốt ngày thứ năm"
        if self.word(end) in ("mươi", "mười", "trăm"):
            return None
        return _Found(marked, last_weekday(weekday, self.called_on), "day")

    def _named_weekday(self, place: int) -> int | None:
        if self.word(place) != "thứ" or self.word(place + 1) == "tự":  # thứ tự is order
            return None
        return WEEKDAYS.get(fold(self.word(place + 1)))

    def _ago(self, place: int) -> _Found | None:
        """Hai hôm trước, cách đây ba tuần, hai mươi phút nay, mấy bữa nay."""
        start = place + 2 if self.word(place) == "cách" and self.word(place + 1) in ("đây", "nay") else place
        start += start > place and self.word(start) in HEDGES
        if self.word(start) == "nửa" and (start > place or self.word(start + 2) in ("trước", "nay")):
            return self._half_back(start, start + 2 + (self.word(start + 2) in ("trước", "nay")))
        count = self.count(start)
        if count is None:
            return None
        number, end = count
        unit, after = self.word(end), self.word(end + 1)
        if start == place and after not in ("trước", "nay", "qua") and not (after == "rồi" and unit in ("hôm", "bữa")):
            return None
        closed = end + 1 if start > place and after not in ("trước", "nay", "rồi") else end + 2
        return self._back(number, unit, closed)

    def _half_back(self, place: int, end: int) -> _Found | None:
        days = {"tháng": 15, "năm": 182, "ngày": 0, "tiếng": 0}.get(self.word(place + 1))
        if days is None:
            return None
        return _Found(end, self.called_on - timedelta(days=days), "week" if days else "day")

    def _back(self, number: int | None, unit: str, end: int) -> _Found | None:
        if unit in ("phút", "tiếng", "giờ"):
            return _Found(end, self.called_on, "day")
        if unit not in DAYS_IN and unit not in ("tháng", "năm"):
            return None
        if number is None:
            return _Found(end, None, "vague")
        if unit in DAYS_IN:
            value = self.called_on - timedelta(days=number * DAYS_IN[unit])
            return _Found(end, value, "week" if unit == "tuần" else "day")
        months = number * (12 if unit == "năm" else 1)
        return _Found(end, months_back(self.called_on, min(months, 1200)), "month" if unit == "tháng" else "year")

    def _week(self, place: int) -> _Found | None:
        """Tuần trước, tuần trước nữa, tuần vừa qua, tuần này, cuối tuần rồi, đầu tuần."""
        part, head = self._part(place)
        if self.word(head) != "tuần":
            return None
        this = self.word(head + 1) in ("này", "nay")
        back = (0, head + 2) if this else self.back_from(head + 1)
        if back is None and part == "đầu":
            back = 0, head + 1
        if back is None:
            return None
        weekday = {"giữa": 2, "cuối": 5}.get(part, 0)
        return _Found(back[1], weekday_of_week(weekday, back[0], self.called_on), "week")

    def _month(self, place: int) -> _Found | None:
        """Cuối tháng mười, đầu tháng này, tháng trước, tháng chín năm ngoái, cả tháng nay."""
        part, head = self._part(place)
        if self.word(head) != "tháng" or (head == place and self.is_count(head)):
            return None
        if self.word(head + 1) == "nay":
            return _Found(head + 2, months_back(self.called_on, 1), "month")
        relative = self.relative_month(head)
        if relative:
            return _Found(relative[1], part_of_month(relative[0], part), "month")
        if part in ("đầu", "giữa") and self.is_this_month(place, head + 1):
            return _Found(head + 1, part_of_month(months_back(self.called_on, 0), part), "month")
        month = self.month_number(head + 1)
        cued = part or self.word(place - 1) in ("hồi", "từ")
        if month is None or self.word(month[1]) in DAYS_IN or self._is_other(place, month[1], counts=not cued):
            return None
        year, end = self.year_after(month[1])
        first = self.date_of(1, month[0], year)
        return _Found(end, part_of_month(first, part), "month", month[2]) if first else None

    def _part(self, place: int) -> tuple[str, int]:
        """The đầu, giữa or cuối at a place, or none, and where the rest begins."""
        part = self.word(place) if self.word(place) in PARTS else ""
        return part, place + bool(part)

    def _lone_day(self, place: int) -> _Found | None:
        """Ngày mười bảy, hôm mười tám, mùng mười, bữa rằm: of this month or of the one before."""
        cued = self.word(place - 1) in DAY_PARTS | {"ngày", "hôm", "bữa"}
        day, named = self.day(place), self.names_day(place)
        if day is None or (self.word(day[1]) in NO_DAY_BEFORE and not named):
            return None
        number, end, lunar = day
        if self.word(end) == "tết":
            return _Found(end + 1, None, "vague", True)
        if not named and not (cued and self._day_stands_alone(place, number)):
            return None
        marked = self.past_mark(end) or end
        return _Found(marked, last_day_of_month_numbered(number, self.called_on), "day", lunar or named)

    def _day_stands_alone(self, place: int, number: int) -> bool:
        """Whether "ngày hai" is the second and not twice a day; small numbers need a plain ngày before them."""
        if self.word(place - 2) in ("mỗi", "một", "mấy", "mười", "nửa") or self.is_count(place - 1):
            return False
        return number > 9 or self.word(place - 1) == "ngày"

    def _year(self, place: int) -> _Found | None:
        """Năm ngoái, năm 2025, đầu năm, cuối năm ngoái."""
        part, head = self._part(place)
        if self.word(head) != "năm" or (head == place and self.is_count(head)):
            return None
        year, end = self.year_after(head)
        if part == "đầu" and year is None and self.word(head + 1) != "học":
            year, end = self.called_on.year, head + 1
        if year is None:
            return None
        months = {"giữa": date(year, 6, 1), "cuối": date(year, 12, 1)}
        return _Found(end, months.get(part, date(year, 1, 1)), "month" if part else "year")


def _full_year(year: int) -> int:
    return year if year > 99 else 2000 + year
