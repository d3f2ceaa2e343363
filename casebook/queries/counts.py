"""How many cases each link of the list opens, counted as far as anybody reads numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true, union_all
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.queries import search
from casebook.queries.filters import (
    EVERY,
    UNFINISHED,
    WITH_UNIT,
    Filters,
    base_conditions,
    held_by,
    overdue,
    troubled,
    urgent,
)
from casebook.queries.visible import visible
from casebook.rules.policy import Viewer
from casebook.rules.states import AWAITING_ANSWER, FINISHED, Status

COUNTED = 2_000
"""Cases of one kind that are counted at most; nobody reads so many, and counting them takes time."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases each link opens, with the other filters as they are.

    A number above COUNTED stands for "more"; None where it would take too long to say.
    """

    views: dict[str, int | None]
    emergency: int | None
    overdue: int | None
    failed: int | None
    mine: int | None = None


def counts(session: Session, viewer: Viewer, filters: Filters, now: datetime) -> Counts | None:
    """Count what each view and mark would show; None where an index finds more than COUNTED cases to look at."""
    # Finding out that words are too frequent to count takes the index of words a tenth of a second.
    if filters.text and search.probably_more(session, visible(viewer), base_conditions(filters), COUNTED):
        return None
    if filters.text or (filters.dated != "opened" and (filters.since or filters.until)):
        return _counts_of_found(session, viewer, filters, now)
    by_status = _by_status(session, viewer, filters)
    marks = {"emergency": urgent(), "overdue": overdue(now), "failed": troubled(), "mine": held_by(viewer.actor, now)}
    marked = {name: _marked(session, viewer, filters, mark) for name, mark in marks.items()}
    return Counts(_views(by_status), **marked)


def _by_status(session: Session, viewer: Viewer, filters: Filters) -> dict[Status, int | None]:
    """Look at the newest cases of each state, COUNTED of them at most, and count those that match."""
    narrowing = and_(true(), *base_conditions(replace(filters, since=None, until=None)))
    # The days are looked up in the index, before anything is counted.
    days = base_conditions(Filters(since=filters.since, until=filters.until))
    matches = narrowing.label("matches")
    looked_at = [
        select(Case.status, matches)
        .where(visible(viewer), Case.status == status, *days)
        .order_by(Case.opened_at.desc())
        .limit(COUNTED + 1)
        .subquery()
        for status in Status
    ]
    cases = union_all(*(select(part) for part in looked_at)).subquery()
    grouped = select(cases.c.status, func.count(), func.count().filter(cases.c.matches)).group_by(cases.c.status)
    found: dict[Status, int | None] = dict.fromkeys(Status, 0)
    for status, looked, matched in session.execute(grouped):
        found[Status(status)] = matched if looked <= COUNTED or matched > COUNTED else None
    return found


def _views(by_status: dict[Status, int | None]) -> dict[str, int | None]:
    return {
        **{status.value: number for status, number in by_status.items()},
        EVERY: _total(by_status.values()),
        UNFINISHED: _total(number for status, number in by_status.items() if status not in FINISHED),
        WITH_UNIT: _total(by_status[status] for status in AWAITING_ANSWER),
    }


def _total(numbers: Iterable[int | None]) -> int | None:
    known = list(numbers)
    if any(number is not None and number > COUNTED for number in known):
        return COUNTED + 1
    return None if None in known else sum(number for number in known if number is not None)


def _marked(session: Session, viewer: Viewer, filters: Filters, mark: ColumnElement[bool]) -> int | None:
    """Count the unfinished cases that have a mark, each by the index or the short list that has them."""
    narrowing = and_(true(), *base_conditions(filters))
    looked_at = select(narrowing.label("matches")).where(visible(viewer), mark, Case.status.not_in(FINISHED))
    cases = looked_at.limit(COUNTED + 1).subquery()
    looked, matched = session.execute(select(func.count(), func.count().filter(cases.c.matches))).one()
    return int(matched) if looked <= COUNTED or matched > COUNTED else None


def _counts_of_found(session: Session, viewer: Viewer, filters: Filters, now: datetime) -> Counts | None:
    """Count what an index finds: words, or the days of a letter, an answer, an end."""
    marks = (Case.emergency.label("emergency"), overdue(now).label("overdue"), troubled().label("failed"))
    found = select(Case.status, *marks).where(visible(viewer), *base_conditions(filters))
    cases = found.limit(COUNTED + 1).subquery()
    marked = (func.count().filter(mark) for mark in (cases.c.emergency, cases.c.overdue, cases.c.failed))
    grouped: Select[Any] = select(cases.c.status, func.count(), *marked).group_by(cases.c.status)
    rows = {Status(status): numbers for status, *numbers in session.execute(grouped)}
    by_status: dict[Status, int | None] = {status: rows[status][0] if status in rows else 0 for status in Status}
    if sum(numbers[0] for numbers in rows.values()) > COUNTED:
        return None
    unfinished = [numbers[1:] for status, numbers in rows.items() if status not in FINISHED]
    emergency, late, failed = (sum(column) for column in zip((0, 0, 0), *unfinished, strict=True))
    return Counts(_views(by_status), emergency, late, failed)
