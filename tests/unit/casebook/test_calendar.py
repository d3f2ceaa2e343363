"""Deadlines count working time only."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.adapters.calendar_file import CalendarError, read_calendar
from casebook.rules.calendar import NaiveDatetime, WorkingCalendar, add_working_hours, due_date, transfer_due
from config.clock import LOCAL_ZONE
from config.directory.store import DATA

CALENDAR = WorkingCalendar(holidays=frozenset({date(2026, 11, 24)}), substitutes=frozenset({date(2026, 11, 28)}))


def here(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=LOCAL_ZONE)


@pytest.mark.parametrize(
    ("received", "level", "due"),
    [
        ("17/11/2026 09:30", 1, "18/11/2026 09:30"),
        ("17/11/2026 09:30", 2, "19/11/2026 09:30"),
        ("17/11/2026 09:30", 3, "20/11/2026 09:30"),
        # Friday afternoon: the weekend does not count.
        ("20/11/2026 16:00", 1, "23/11/2026 16:00"),
        # Saturday: counting begins on Monday at midnight; Tuesday 24/11 is a holiday.
        ("21/11/2026 09:30", 1, "24/11/2026 00:00"),
        ("21/11/2026 09:30", 2, "26/11/2026 00:00"),
        # Across the holiday.
        ("23/11/2026 10:00", 1, "25/11/2026 10:00"),
        # Saturday 28/11 is worked instead.
        ("27/11/2026 10:00", 1, "28/11/2026 10:00"),
    ],
)
def test_due_date(received: str, level: int, due: str) -> None:
    assert due_date(here(received), level, CALENDAR) == here(due)


def test_a_case_must_be_transferred_within_five_working_days() -> None:
    assert transfer_due(here("16/11/2026 08:00"), CALENDAR) == here("23/11/2026 08:00")


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(NaiveDatetime):
        due_date(datetime(2026, 11, 21, 9, 30), 1, CALENDAR)  # noqa: DTZ001  (what the test is about)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(LOCAL_ZONE)),  # noqa: DTZ001
    st.integers(1, 200),
)
def test_more_hours_never_end_earlier(start: datetime, hours: int) -> None:
    assert start < add_working_hours(start, hours, CALENDAR) < add_working_hours(start, hours + 1, CALENDAR)


def test_the_shipped_calendar_knows_the_culture_day() -> None:
    calendar = read_calendar(DATA / "holidays.csv")
    assert not calendar.is_working(date(2026, 11, 24))
    assert calendar.is_working(date(2026, 11, 25))


@pytest.mark.parametrize("line", ["2026-13-01,holiday,x", "2026-01-01,feast,x", "tomorrow,holiday,x"])
def test_a_bad_line_of_the_calendar_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "holidays.csv"
    path.write_text(f"day,kind,name\n2026-01-01,holiday,Tết\n{line}\n", "utf-8")
    with pytest.raises(CalendarError, match=":3:"):
        read_calendar(path)
