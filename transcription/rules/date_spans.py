"""Times that are no single day: weeks, months, years and how long ago; read at a place in the words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

from transcription.rules.calendar_days import months_back, part_of_month, weekday_of_week
from transcription.rules.date_parts import DateParts
from transcription.rules.date_words import DAYS_IN, HEDGES, NAMED_AFTER_DAYS, NO_DAY_BEFORE, PARTS

Precision = Literal["day", "week", "month", "year", "vague"]
FEW = 10
"""Days up to the tenth may also count months: "ba tháng hai lần"."""


class Found(NamedTuple):
    """A time found: where it ends, its (first) day, how precise that is, and whether it may be another."""

    end: int
    value: date | None
    precision: Precision
    uncertain: bool = False


class Spans(DateParts):
    """The ways to say a time longer than a day; each method gives what starts at a place, or None."""

    def ago(self, place: int) -> Found | None:
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

    def _half_back(self, place: int, end: int) -> Found | None:
        days = {"tháng": 15, "năm": 182, "ngày": 0, "tiếng": 0}.get(self.word(place + 1))
        if days is None:
            return None
        return Found(end, self.called_on - timedelta(days=days), "week" if days else "day")

    def _back(self, number: int | None, unit: str, end: int) -> Found | None:
        if unit in ("phút", "tiếng", "giờ"):
            return Found(end, self.called_on, "day")
        if unit not in DAYS_IN and unit not in ("tháng", "năm"):
            return None
        if number is None:
            return Found(end, None, "vague")
        if unit in DAYS_IN:
            value = self.called_on - timedelta(days=number * DAYS_IN[unit])
            return Found(end, value, "week" if unit == "tuần" else "day")
        months = number * (12 if unit == "năm" else 1)
        return Found(end, months_back(self.called_on, min(months, 1200)), "month" if unit == "tháng" else "year")

    def week(self, place: int) -> Found | None:
        """Tuần trước, tuần trước nữa, tuần vừa qua, tuần này, cuối tuần rồi, đầu tuần."""
        part, head = self._part(place)
        counted = head == place and self.is_count(head) and self.word(place - 2) != "thứ"
        if self.word(head) != "tuần" or (counted and self.word(head + 1) == "rồi"):
            return None  # "ba tuần rồi" tells how long
        this = self.word(head + 1) in ("này", "nay")
        back = (0, head + 2) if this else self.back_from(head + 1)
        if back is None and part == "đầu":
            back = 0, head + 1
        if back is None:
            return None
        weekday = {"giữa": 2, "cuối": 5}.get(part, 0)
        return Found(back[1], weekday_of_week(weekday, back[0], self.called_on), "week")

    def month(self, place: int) -> Found | None:
        """Cuối tháng mười, đầu tháng này, tháng trước, tháng chín năm ngoái, cả tháng nay."""
        part, head = self._part(place)
        if self.word(head) != "tháng" or (head == place and self.is_count(head)):
            return None
        if self.word(head + 1) == "nay":
            return Found(head + 2, months_back(self.called_on, 1), "month")
        relative = self.relative_month(head)
        if relative:
            return Found(relative[1], part_of_month(relative[0], part), "month")
        if part in ("đầu", "giữa") and self.is_this_month(place, head + 1):
            return Found(head + 1, part_of_month(months_back(self.called_on, 0), part), "month")
        month = self.month_number(head + 1)
        cued = part or self.word(place - 1) in ("hồi", "từ")
        if month is None or self.word(month[1]) in DAYS_IN or self.is_other(place, month[1], counts=not cued):
            return None
        year, end = self.year_after(month[1])
        first = self.date_of(1, month[0], year)
        return Found(end, part_of_month(first, part), "month", month[2]) if first else None

    def _part(self, place: int) -> tuple[str, int]:
        """The đầu, giữa or cuối at a place, or none, and where the rest begins."""
        part = self.word(place) if self.word(place) in PARTS else ""
        return part, place + bool(part)

    def is_other(self, place: int, end: int, *, counts: bool = True) -> bool:
        """Whether it is a street's or hospital's name ("đường ba tháng hai") or a count ("ba tháng hai lần")."""
        return self.word(place - 1) in NAMED_AFTER_DAYS or (counts and self.word(end) in NO_DAY_BEFORE)

    def year(self, place: int) -> Found | None:
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
        return Found(end, months.get(part, date(year, 1, 1)), "month" if part else "year")
