"""Working days and deadlines.

Sources: Labour Code 2019 Art. 112 (days off, substitute days), 24/11 a holiday from 2026; the
Department's handling levels 1, 2, 3 (24, 48, 72 hours); Decree 20/2008 Art. 9 (transfer within five
working days). The days are data (`config/data/holidays.csv`), to be checked by a lawyer before use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from config.clock import LOCAL_ZONE
from config.errors import PermanentError

LEVEL_HOURS = {1: 24, 2: 48, 3: 72}
TRANSFER_DAYS = 5
SATURDAY = 5


class NaiveDatetime(PermanentError):
    """Thời điểm thiếu múi giờ."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days people work: Monday to Friday, less `holidays`, plus `substitutes` worked instead."""

    holidays: frozenset[date] = field(default_factory=frozenset)
    substitutes: frozenset[date] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        if day in self.substitutes:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays


def due_date(received: datetime, level: int, calendar: WorkingCalendar) -> datetime:
    """When a case must be answered: the level's hours after `received`, days off not counted.

    Raises NaiveDatetime if `received` has no time zone, KeyError for an unknown level.
    """
    return add_working_hours(received, LEVEL_HOURS[level], calendar)


def transfer_due(received: datetime, calendar: WorkingCalendar) -> datetime:
    """When a case must have reached the competent unit: five working days after `received`."""
    return add_working_hours(received, 24 * TRANSFER_DAYS, calendar)


def add_working_hours(start: datetime, hours: int, calendar: WorkingCalendar) -> datetime:
    """Add `hours` (a working day has 24), skipping whole days off; the clock is Vietnam's."""
    if start.tzinfo is None:
        raise NaiveDatetime
    moment = _next_working_moment(start.astimezone(LOCAL_ZONE), calendar)
    left = timedelta(hours=hours)
    while left:
        midnight = _midnight_after(moment)
        step = min(left, midnight - moment)
        left -= step
        moment += step
        if left:
            moment = _next_working_moment(moment, calendar)
    return moment


def _next_working_moment(moment: datetime, calendar: WorkingCalendar) -> datetime:
    while not calendar.is_working(moment.date()):
        moment = _midnight_after(moment)
    return moment


def _midnight_after(moment: datetime) -> datetime:
    return datetime.combine(moment.date() + timedelta(days=1), time(), LOCAL_ZONE)
