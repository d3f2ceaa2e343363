"""The list of cases: a page of it, how many there are of each kind, and all of it for a spreadsheet."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal_column, select, tuple_
from sqlalchemy.orm import Session

from casebook.models import QUEUE_RANK, QUEUE_SURENESS, Case
from casebook.queries.filters import (
    EVERY,
    UNFINISHED,
    WITH_UNIT,
    Filters,
    base_conditions,
    conditions,
    overdue,
    troubled,
)
from casebook.queries.visible import visible
from casebook.rules.policy import Viewer
from casebook.rules.states import AWAITING_ANSWER, FINISHED, Status

PAGE = 30
"""Cases on one page."""

COUNTED = 10_000
"""Cases that a search finds at most for them to be counted; nobody reads so many, and counting them takes time."""

EXPORT_LIMIT = 10_000
"""Rows of one spreadsheet."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case as the list shows it."""

    id: UUID
    code: str
    line: str
    status: Status
    confidential: bool
    emergency: bool
    category: str | None
    subject_unit: str | None
    subject_text: str | None
    responsible_unit: str | None
    level: int
    summary: str
    sureness: float
    still_there: bool
    transcript_sureness: float | None
    version: int
    opened_at: datetime
    due_at: datetime | None
    forwarded_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    turn_at: datetime
    troubled: bool
    rank: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of the list, and where the next page begins (None on the last)."""

    rows: tuple[Row, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases each link of the list opens, with the other filters as they are."""

    views: dict[str, int]
    emergency: int
    overdue: int
    failed: int


_RANK: ColumnElement[int] = literal_column(f"({QUEUE_RANK})")
_SURENESS: ColumnElement[float] = literal_column(f"({QUEUE_SURENESS})")
QUEUE: tuple[Any, ...] = (_RANK, Case.turn_at, _SURENESS, Case.id)
"""Danger first, then the level, then what has been due, or waiting, for longest, the least sure words first."""

_COLUMNS = (
    Case.id,
    Case.code,
    Case.line,
    Case.status,
    Case.confidential,
    Case.emergency,
    Case.category,
    Case.subject_unit,
    Case.subject_text,
    Case.responsible_unit,
    Case.level,
    Case.summary,
    Case.sureness,
    Case.still_there,
    Case.transcript_sureness,
    Case.version,
    Case.opened_at,
    Case.due_at,
    Case.forwarded_at,
    Case.answered_at,
    Case.closed_at,
    Case.turn_at,
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the list a page ended: what the list is ordered by."""

    rank: int
    at: datetime
    sureness: float
    id: UUID


def page(session: Session, viewer: Viewer, filters: Filters, now: datetime, after: str | None = None) -> Page:
    """Give a page of the list; `after` is what the page before gave, anything else begins at the top."""
    wanted = _wanted(viewer, filters, now)
    start = _read_cursor(after)
    if start is not None:
        wanted = wanted.where(_beyond(filters, start))
    rows = [_row(values) for values in session.execute(wanted.limit(PAGE + 1))]
    more = len(rows) > PAGE
    return Page(tuple(rows[:PAGE]), _cursor(rows[PAGE - 1], filters) if more else None)


def every_row(session: Session, viewer: Viewer, filters: Filters, now: datetime) -> Iterator[Row]:
    """Go through the whole list, up to EXPORT_LIMIT rows."""
    wanted = _wanted(viewer, filters, now).limit(EXPORT_LIMIT)
    return (_row(values) for values in session.execute(wanted))


def counts(session: Session, viewer: Viewer, filters: Filters, now: datetime) -> Counts | None:
    """Count what each view and mark would show; None for a search that finds more than COUNTED cases."""
    marks = (Case.emergency.label("emergency"), overdue(now).label("overdue"), troubled().label("failed"))
    found = select(Case.status, *marks).where(visible(viewer), *base_conditions(filters))
    cases = (found.limit(COUNTED + 1) if filters.text else found).subquery()
    marked = (func.count().filter(mark) for mark in (cases.c.emergency, cases.c.overdue, cases.c.failed))
    grouped = select(cases.c.status, func.count(), *marked).group_by(cases.c.status)
    by_status = {Status(status): numbers for status, *numbers in session.execute(grouped)}
    every = sum(numbers[0] for numbers in by_status.values())
    return _counts(by_status, every) if every <= COUNTED or not filters.text else None


def _counts(by_status: dict[Status, list[int]], every: int) -> Counts:
    views = {status.value: by_status.get(status, [0])[0] for status in Status}
    unfinished = [numbers for status, numbers in by_status.items() if status not in FINISHED]
    active, emergency, overdue_, failed = (sum(column) for column in zip((0, 0, 0, 0), *unfinished, strict=True))
    with_unit = sum(views[status] for status in AWAITING_ANSWER)
    return Counts({**views, EVERY: every, UNFINISHED: active, WITH_UNIT: with_unit}, emergency, overdue_, failed)


def _wanted(viewer: Viewer, filters: Filters, now: datetime) -> Select[*tuple[Any, ...]]:
    columns = (*_COLUMNS, troubled().label("troubled"), _RANK.label("rank"))
    return _ordered(select(*columns).where(visible(viewer), *conditions(filters, now)), filters)


def _ordered(wanted: Select[*tuple[Any, ...]], filters: Filters) -> Select[*tuple[Any, ...]]:
    if _is_queue(filters):
        return wanted.order_by(*QUEUE)
    return wanted.order_by(Case.opened_at.desc(), Case.id.desc())


def _is_queue(filters: Filters) -> bool:
    """A queue begins with what is most urgent; an archive with what is newest."""
    return filters.view not in {EVERY, *(status.value for status in FINISHED)}


def _beyond(filters: Filters, start: _Place) -> ColumnElement[bool]:
    if _is_queue(filters):
        return tuple_(*QUEUE) > tuple_(start.rank, start.at, start.sureness, start.id)
    return tuple_(Case.opened_at, Case.id) < tuple_(start.at, start.id)


def _row(values: Any) -> Row:
    row = Row(**values._mapping)
    return replace(row, status=Status(row.status))


def _cursor(row: Row, filters: Filters) -> str:
    at = row.turn_at if _is_queue(filters) else row.opened_at
    place = (row.rank, at.isoformat(), row.transcript_sureness or 0.0, row.id)
    return urlsafe_b64encode("|".join(map(str, place)).encode()).decode()


def _read_cursor(text: str | None) -> _Place | None:
    try:
        rank, at, sureness, case_id = urlsafe_b64decode((text or "").encode()).decode().split("|")
        moment = datetime.fromisoformat(at)
        return _Place(int(rank), moment, float(sureness), UUID(case_id)) if moment.tzinfo else None
    except ValueError:
        # Mistyped, cut off or of another version: the list begins at the top.
        return None
