"""The list of cases: a page of it, the next that is free, and all of it for a spreadsheet."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal_column, select, tuple_
from sqlalchemy.orm import Session

from casebook.models import QUEUE_RANK, QUEUE_SURENESS, Case, CaseClaim
from casebook.queries import search
from casebook.queries.filters import Filters, base_conditions, conditions, queued, troubled, view_condition
from casebook.queries.visible import visible
from casebook.rules.policy import Viewer
from casebook.rules.states import Status
from casebook.service.claims import FOR_A_PERSON

PAGE = 30
"""Cases on one page."""

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


_RANK: ColumnElement[int] = literal_column(f"({QUEUE_RANK})")
_SURENESS: ColumnElement[float] = literal_column(f"({QUEUE_SURENESS})")
QUEUE: tuple[Any, ...] = (_RANK, Case.turn_at, _SURENESS, Case.id)
"""Danger first, then the level, then what has been due, or waiting, for longest, the least sure words first."""
ARCHIVE = search.Order((Case.opened_at, Case.id), downwards=True)

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
    beyond = [] if start is None else [_beyond(filters, start)]
    if filters.text and filters.archive:
        days = Filters(dated=filters.dated, since=filters.since, until=filters.until)
        listed = [visible(viewer), view_condition(filters.view), *base_conditions(days), *beyond]
        says = conditions(filters, now, viewer.actor)
        ids = search.first_ids(session, listed, says, ARCHIVE, PAGE + 1)
        wanted = _ordered(_rows([visible(viewer), Case.id.in_(ids)]), filters)
    rows = [_row(values) for values in session.execute(wanted.where(*beyond).limit(PAGE + 1))]
    more = len(rows) > PAGE
    return Page(tuple(rows[:PAGE]), _cursor(rows[PAGE - 1], filters) if more else None)


def next_free(
    session: Session, viewer: Viewer, filters: Filters, now: datetime, without: Iterable[UUID] = ()
) -> UUID | None:
    """Give the first case of the list that waits for a person and that nobody holds, locked; None when none is left.

    Cases that others have locked are passed over. Those in `without` too.
    """
    held = select(CaseClaim.case_id).where(CaseClaim.case_id == Case.id, CaseClaim.until > now)
    waiting = (Case.status.in_(FOR_A_PERSON), ~held.exists(), Case.id.not_in(list(without)))
    wanted = select(Case.id).where(*_asked(viewer, filters, now), *waiting).order_by(*QUEUE)
    return session.scalar(wanted.limit(1).with_for_update(of=Case, skip_locked=True))


def every_row(
    session: Session, viewer: Viewer, filters: Filters, now: datetime, only: Collection[str] = ()
) -> Iterator[Row]:
    """Go through the whole list, up to EXPORT_LIMIT rows; with `only`, through the cases with these codes."""
    wanted = _wanted(viewer, filters, now).limit(EXPORT_LIMIT)
    if only:
        wanted = wanted.where(Case.code.in_(only))
    return (_row(values) for values in session.execute(wanted))


def _wanted(viewer: Viewer, filters: Filters, now: datetime) -> Select[*tuple[Any, ...]]:
    return _ordered(_rows(_asked(viewer, filters, now)), filters)


def _rows(asked: Iterable[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS, troubled().label("troubled"), _RANK.label("rank")).where(*asked)


def _asked(viewer: Viewer, filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    found = [visible(viewer), *conditions(filters, now, viewer.actor)]
    # Said once more, as the index of the queue has it: it is read no further than to the finished cases.
    return found if filters.archive else [*found, queued()]


def _ordered(wanted: Select[*tuple[Any, ...]], filters: Filters) -> Select[*tuple[Any, ...]]:
    # A queue begins with what is most urgent; an archive with what is newest.
    return wanted.order_by(*(ARCHIVE.by(ARCHIVE.keys) if filters.archive else QUEUE))


def _beyond(filters: Filters, start: _Place) -> ColumnElement[bool]:
    if not filters.archive:
        return tuple_(*QUEUE) > tuple_(start.rank, start.at, start.sureness, start.id)
    return tuple_(*ARCHIVE.keys) < tuple_(start.at, start.id)


def _row(values: Any) -> Row:
    row = Row(**values._mapping)
    return replace(row, status=Status(row.status))


def _cursor(row: Row, filters: Filters) -> str:
    at = row.opened_at if filters.archive else row.turn_at
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
