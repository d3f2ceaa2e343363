"""The parts of a date in words: day, month, year and what stands for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from transcription.rules.calendar_days import day_in_month, last_date, months_back
from transcription.rules.date_hearing import as_meant
from transcription.rules.date_words import LUNAR, PAST_MARKS, SOLAR, VOCABULARY
from transcription.rules.digits import MISHEARD
from transcription.rules.number_words import DIGITS, UNITS, Value, lacks_diacritics
from transcription.rules.numbers import NumberReader
from transcription.rules.text import fold


class DateParts:
    """Reads days, months and years at a place in the words, seen from the day of the call."""

    def __init__(self, words: Sequence[str], called_on: date) -> None:
        bare = lacks_diacritics(words)
        self.words = [VOCABULARY.get(word, word) for word in words] if bare else as_meant(words)
        self.numbers = NumberReader(words if bare else self.words)
        self.called_on = called_on

    def count(self, place: int) -> tuple[int | None, int] | None:
        """A number of days, weeks or the like and its end; the number is None for mấy and vài."""
        if self.word(place) in ("mấy", "vài", "nhiều", "bao"):
            return None, place + 1
        cardinal = self.numbers.cardinal(place)
        return (int(cardinal[0]), cardinal[1]) if cardinal and 1 <= cardinal[0] < 1000 else None

    def is_count(self, place: int) -> bool:
        """Whether tháng or the like is counted, not named: "ba tháng", "mỗi tháng", "mấy tháng"."""
        before = self.word(place - 1)
        return (
            before in DIGITS
            or before in UNITS
            or before in ("mươi", "mười", "mỗi", "mấy", "vài", "hằng", "hàng", "rưỡi")
        )

    def names_day(self, place: int) -> bool:
        """Whether the word can only begin a day of the month."""
        return self.word(place) in ("mùng", "mồng", "rằm")

    def day(self, place: int) -> tuple[int, int, bool] | None:
        """The day of the month at a place, its end, and whether it is one of the lunar month for sure."""
        if self.word(place) == "rằm":
            return 15, place + 1, True
        if self.word(place) == "mươi" and self.word(place - 1) in DIGITS:
            return None  # the second half of a number
        named = self.word(place) in ("mùng", "mồng")
        cardinal = self.numbers.cardinal(place + named) or (self._misheard(place + 1) if named else None)
        if cardinal is None:
            return None
        value, end = cardinal
        digit = DIGITS.get(self.word(end), 0)
        if not named and value in (2, 3) and end == place + 1 and digit and self.word(end + 1) in ("tháng", "thang"):
            value, end = value * 10 + digit, end + 1
        return (int(value), end, False) if 1 <= value <= (10 if named else 31) else None

    def _misheard(self, place: int) -> tuple[Value, int] | None:
        """What must be a digit after mùng, though another word was heard."""
        digit = MISHEARD.get(fold(self.word(place)))
        return (digit, place + 1) if digit else None

    def month_number(self, place: int) -> tuple[int, int, bool] | None:
        """The month at a place, its end, and whether its name is lunar (giêng, chạp)."""
        lunar = {"giêng": 1, "chạp": 12}.get(self.word(place))
        if lunar:
            return lunar, place + 1, True
        cardinal = self.numbers.cardinal(place)
        return (int(cardinal[0]), cardinal[1], False) if cardinal and 1 <= cardinal[0] <= 12 else None

    def calendar_after(self, place: int, *, lunar: bool) -> tuple[bool, int]:
        """Whether the day before `place` may be of the lunar calendar, by what is said there, and the end of that."""
        for marks, of_moon in ((SOLAR, False), (LUNAR, True)):
            for mark in marks:
                if tuple(self.words[place : place + len(mark)]) == mark:
                    return of_moon, place + len(mark)
        return lunar, place

    def is_this_month(self, place: int, end: int) -> bool:
        """Whether the month from `place` to `end` is this one: "từ đầu tháng", "đầu tháng tới giờ"."""
        since = self.word(end) in ("tới", "đến") and self.word(end + 1) in ("giờ", "nay")
        return since or (self.word(place - 1) in ("từ", "hồi", "hôm", "bữa") and self.month_number(end) is None)

    def relative_month(self, place: int) -> tuple[date, int] | None:
        """The first day of "tháng này", "tháng trước" and the like at a place, and the end."""
        if self.word(place + 1) == "này":
            return months_back(self.called_on, 0), place + 2
        back = self.back_from(place + 1)
        return (months_back(self.called_on, back[0]), back[1]) if back else None

    def year_after(self, place: int) -> tuple[int | None, int]:
        """The year said at a place, and its end: năm nay, năm ngoái, năm hai không hai sáu."""
        if self.word(place) != "năm":
            return None, place
        if self.word(place + 1) == "nay":
            return self.called_on.year, place + 2
        if self.word(place + 1) == "kia":
            return self.called_on.year - 2, place + 2
        if back := self.back_from(place + 1):
            return self.called_on.year - back[0], back[1]
        said = "".join(str((DIGITS | UNITS).get(word, "")) for word in self.words[place + 1 : place + 5])
        if len(said) == 4 and 1900 <= int(said) < 2100:
            return int(said), place + 5
        cardinal = self.numbers.cardinal(place + 1)
        return (int(cardinal[0]), cardinal[1]) if cardinal and 1900 <= cardinal[0] < 2100 else (None, place)

    def back_from(self, place: int) -> tuple[int, int] | None:
        """How many weeks, months or years back the mark at a place is, and its end: trước is 1, trước nữa 2."""
        marked = self.past_mark(place)
        twice = self.word(place) == "trước" and self.word(place + 1) == "nữa"
        return (1 + twice, marked + twice) if marked else None

    def past_mark(self, place: int) -> int:
        """The end of "vừa rồi", "trước", "qua" and the like at a place, 0 if there is none."""
        for mark in PAST_MARKS:
            if tuple(self.words[place : place + len(mark)]) == mark:
                return place + len(mark)
        return 0

    def date_of(self, day: int, month: int, year: int | None) -> date | None:
        """That date, of the latest possible year if none was said; None if there is no such date."""
        return last_date(day, month, self.called_on) if year is None else day_in_month(day, month, year)

    def word(self, place: int) -> str:
        """The word at a place, "" outside the words."""
        return self.words[place] if 0 <= place < len(self.words) else ""
