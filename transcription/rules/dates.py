"""Dates in spoken or written Vietnamese, absolute or seen from the day of the call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from transcription.rules.calendar_days import (
    day_in_month,
    last_date,
    last_day_of_month_numbered,
    last_weekday,
)
from transcription.rules.date_spans import FEW, Found, Precision, Spans
from transcription.rules.date_words import (
    ANY_SUNDAY,
    DAY_CUES,
    DAY_PARTS,
    DAYS_IN,
    FIXED,
    FRACTIONS,
    LEADING,
    NAMED_AFTER_DAYS,
    NO_DAY_BEFORE,
    NUMERIC,
    OF_TODAY,
    WEEKDAYS,
)
from transcription.rules.text import fold
from transcription.rules.times import find_times


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


class _Grammar(Spans):
    """The ways to say a date; each method gives what starts at a place, or None."""

    def at(self, place: int) -> Found | None:
        """The date whose core starts at `place`."""
        ways: tuple[Callable[[int], Found | None], ...] = (
            self._numeric, self._day_month, self._fixed, self._weekday, self.ago, self.week, self.month,
            self._lone_day, self._new_years_eve, self.year,
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

    def _numeric(self, place: int) -> Found | None:
        """5/1, 5/1/2026."""
        shape = NUMERIC.fullmatch(self.word(place))
        if shape is None or not (shape[3] or self._is_short_date(place)):
            return None
        year = _full_year(int(shape[3])) if shape[3] else None
        value = self.date_of(int(shape[1]), int(shape[2]), year)
        return Found(place + 1, value, "day") if value else None

    def _is_short_date(self, place: int) -> bool:
        """Whether a day and month without a year are a date: announced, or with a stroke and no usual fraction."""
        word, following = self.word(place), self.word(place + 1)
        if self.word(place - 1) in DAY_CUES:
            return True
        if self.word(place - 1) in NAMED_AFTER_DAYS:
            return False
        return "/" in word and word not in FRACTIONS and following not in NO_DAY_BEFORE and following != "%"

    def _day_month(self, place: int) -> Found | None:
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
            return Found(end, value, "day", lunar) if value else None
        month = self.month_number(end + 1)
        cued = self.names_day(place) or self.word(place - 1) in DAY_CUES
        if month is None or (not cued and self.is_other(place, month[1], counts=number <= FEW)):
            return None
        lunar, end = self.calendar_after(month[1], lunar=lunar or month[2])
        year, end = self.year_after(end)
        value = self.date_of(number, month[0], year)
        return Found(end, value, "day", lunar) if value else None

    def _fixed(self, place: int) -> Found | None:
        for length, phrases in FIXED.items():
            phrase = tuple(self.words[place : place + length])
            if phrase in phrases and not self._is_of_a_day(place, place + length):
                days = phrases[phrase]
                value = None if days is None else self.called_on + timedelta(days=days)
                return Found(place + length, value, "vague" if days is None else "day")
        return None

    def _is_of_a_day(self, place: int, end: int) -> bool:
        """Whether "hồi chiều" is no time of today, since a day follows: "hồi chiều hai mươi lăm"."""
        if self.word(place) != "hồi" or self.word(end - 1) not in OF_TODAY:
            return False
        return self._lone_day(end) is not None or self._fixed(end) is not None or self._weekday(end) is not None

    def _weekday(self, place: int) -> Found | None:
        """Thứ ba vừa rồi, thứ hai tuần trước, chủ nhật."""
        sunday = (self.word(place), self.word(place + 1)) in (("chủ", "nhật"), ("chúa", "nhật"))
        weekday = 6 if sunday else self._named_weekday(place)
        if weekday is None or (sunday and self.word(place - 1) in ANY_SUNDAY):
            return None
        end = place + 2
        if self.word(end) == "tuần" and (week := self.week(end)) is not None and week.value is not None:
            return Found(week.end, week.value + timedelta(days=weekday), "day")
        marked = self.past_mark(end) or end + (self.word(end) == "này")
        plainly = (end < marked and self.word(marked - 1) != "rồi") or self.word(end) in ("vừa", "ngày")
        if not sunday and not plainly and self.word(place - 1) not in DAY_CUES - {"ngày"}:
            return None  # "lần thứ ba rồi" is an ordinal, and so is "sốt ngày thứ năm"
        if self.word(end) in ("mươi", "mười", "trăm"):
            return None
        return Found(marked, last_weekday(weekday, self.called_on), "day")

    def _named_weekday(self, place: int) -> int | None:
        if self.word(place) != "thứ" or self.word(place + 1) == "tự":  # thứ tự is order
            return None
        return WEEKDAYS.get(fold(self.word(place + 1)))

    def _lone_day(self, place: int) -> Found | None:
        """Ngày mười bảy, hôm mười tám, mùng mười, bữa rằm: of this month or of the one before."""
        cued = self.word(place - 1) in DAY_PARTS | {"ngày", "hôm", "bữa"}
        day, named = self.day(place), self.names_day(place)
        if day is None or (self.word(day[1]) in NO_DAY_BEFORE | {"ngày"} and not named):
            return None
        number, end, lunar = day
        if self.word(end) == "tết":
            return self._of_new_year(number, end + 1)
        told, end = self.calendar_after(end, lunar=lunar or named)
        by_calendar = end > day[1] and (cued or number > FEW)
        if not named and not by_calendar and not (cued and self._day_stands_alone(place, number)):
            return None
        relative = self.relative_month(end) if self.word(end) == "tháng" else None
        if relative and end > day[1]:
            value = day_in_month(number, relative[0].month, relative[0].year)
            return Found(relative[1], value, "day", told) if value else None
        marked = self.past_mark(end) or end
        return Found(marked, last_day_of_month_numbered(number, self.called_on), "day", told)

    def _of_new_year(self, number: int, end: int) -> Found:
        """Mùng hai tết is of the lunar year, mùng hai tết tây the second of January."""
        lunar, closed = self.calendar_after(end, lunar=True)
        value = None if lunar else last_date(number, 1 if number <= FEW else 12, self.called_on)
        return Found(closed, value, "day" if value else "vague", lunar)

    def _new_years_eve(self, place: int) -> Found | None:
        """Giao thừa tây is the last of December; plain giao thừa is of the lunar year."""
        if (self.word(place), self.word(place + 1)) != ("giao", "thừa"):
            return None
        lunar, end = self.calendar_after(place + 2, lunar=True)
        value = None if lunar else last_date(31, 12, self.called_on)
        return Found(end, value, "day" if value else "vague", lunar)

    def _day_stands_alone(self, place: int, number: int) -> bool:
        """Whether "ngày hai" is the second and not twice a day; small numbers need a plain ngày before them."""
        if self.word(place - 2) in ("mỗi", "một", "mấy", "mười", "nửa") or self.is_count(place - 1):
            return False
        return number > 9 or self.word(place - 1) == "ngày"


def _full_year(year: int) -> int:
    return year if year > 99 else 2000 + year
