"""Which day a caller means, seen from the day of the call; events lie in the past."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def last_weekday(weekday: int, called_on: date) -> date:
    """The latest such weekday (Monday is 0) before the call; a week back if it is today's."""
    return called_on - timedelta(days=(called_on.weekday() - weekday - 1) % 7 + 1)


def weekday_of_week(weekday: int, weeks_back: int, called_on: date) -> date:
    """The weekday in the calendar week (from Monday) `weeks_back` before the call's."""
    return called_on - timedelta(days=called_on.weekday() - weekday + 7 * weeks_back)


def last_day_of_month_numbered(day: int, called_on: date) -> date | None:
    """The latest date with that day of the month, the call's day included; None for a day over 31."""
    for back in range(3):
        month = months_back(called_on, back)
        found = day_in_month(day, month.month, month.year)
        if found is not None and found <= called_on:
            return found
    return None


def last_date(day: int, month: int, called_on: date) -> date | None:
    """The latest such day of the year that is not after the call; None if there is no such date."""
    years = range(called_on.year, called_on.year - 8, -1)
    dates = (day_in_month(day, month, year) for year in years)
    return next((each for each in dates if each is not None and each <= called_on), None)


def months_back(called_on: date, months: int) -> date:
    """The first day of the month `months` before the call's."""
    count = called_on.year * 12 + called_on.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def day_in_month(day: int, month: int, year: int) -> date | None:
    """That date, or None if the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def part_of_month(first: date, part: str) -> date:
    """The day that stands for đầu (1st), giữa (15th) or cuối (last) of the month that starts on `first`."""
    last = calendar.monthrange(first.year, first.month)[1]
    return first.replace(day={"giữa": 15, "cuối": last}.get(part, 1))
