"""Reading the working calendar from its file, which an administrator keeps."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from casebook.rules.calendar import WorkingCalendar
from config.errors import SettingsError

COLUMNS = {"day", "kind", "name"}
KINDS = {"holiday", "substitute"}


class CalendarError(SettingsError):
    """The calendar of days off cannot be read."""


def read_calendar(path: Path) -> WorkingCalendar:
    """Read days off and days worked instead; raises CalendarError naming the first bad line."""
    days: dict[str, set[date]] = {kind: set() for kind in KINDS}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not set(rows.fieldnames or ()) >= COLUMNS:
            raise CalendarError(f"{path}: the columns are day, kind, name")
        for number, row in enumerate(rows, start=2):
            try:
                days[row["kind"]].add(date.fromisoformat(row["day"]))
            except (KeyError, ValueError) as error:
                raise CalendarError(f"{path}:{number}: {error}") from error
    return WorkingCalendar(frozenset(days["holiday"]), frozenset(days["substitute"]))
