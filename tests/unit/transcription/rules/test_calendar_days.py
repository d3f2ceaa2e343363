from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.rules.calendar_days import (
    day_in_month,
    last_date,
    last_day_of_month_numbered,
    last_weekday,
    months_back,
    part_of_month,
    weekday_of_week,
)

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(DAYS, st.integers(0, 6))
def test_the_last_such_weekday_is_within_the_week_before_the_call(called_on: date, weekday: int) -> None:
    found = last_weekday(weekday, called_on)
    assert found.weekday() == weekday
    assert timedelta(days=1) <= called_on - found <= timedelta(days=7)


@given(DAYS, st.integers(0, 6))
def test_a_weekday_of_last_week_lies_in_the_week_before(called_on: date, weekday: int) -> None:
    found = weekday_of_week(weekday, 1, called_on)
    assert found.weekday() == weekday
    assert found.isocalendar()[:2] == (called_on - timedelta(days=7)).isocalendar()[:2]


@given(DAYS, st.integers(1, 31))
def test_a_numbered_day_has_been_within_the_last_three_months(called_on: date, day: int) -> None:
    found = last_day_of_month_numbered(day, called_on)
    assert found is not None
    assert found.day == day
    assert timedelta(0) <= called_on - found < timedelta(days=93)


@pytest.mark.parametrize("day", [0, 32])
def test_no_month_has_such_a_day(day: int) -> None:
    assert last_day_of_month_numbered(day, date(2026, 11, 21)) is None
    assert day_in_month(day, 1, 2026) is None


def test_a_date_that_is_still_ahead_was_last_year() -> None:
    assert last_date(21, 11, date(2026, 11, 21)) == date(2026, 11, 21)
    assert last_date(22, 11, date(2026, 11, 21)) == date(2025, 11, 22)
    assert last_date(30, 2, date(2026, 11, 21)) is None


def test_months_are_counted_across_the_year() -> None:
    assert months_back(date(2026, 1, 31), 1) == date(2025, 12, 1)
    assert months_back(date(2026, 1, 31), 13) == date(2024, 12, 1)


def test_the_parts_of_a_month_are_its_first_middle_and_last_day() -> None:
    february = date(2028, 2, 1)
    assert [part_of_month(february, part).day for part in ("", "đầu", "giữa", "cuối")] == [1, 1, 15, 29]
