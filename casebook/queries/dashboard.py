"""The day at a glance: every number is a list of the desk, counted by the very conditions that show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from casebook.models import Case
from casebook.queries.filters import EVERY, UNFINISHED, WITH_UNIT, Filters, conditions, overdue
from casebook.queries.visible import visible
from casebook.rules.policy import Viewer
from casebook.rules.states import AWAITING_ANSWER, Status
from config.clock import LOCAL_ZONE, local, midnight

TREND_DAYS = 14
PERIODS = (7, 30, 90)
"""Days over which units are held to account."""

UNITS_SHOWN = 200


NUMBER_TITLES = {
    "emergency": "Khẩn cấp chưa xong",
    "new": "Mới hôm nay",
    "review": "Chờ kiểm tra",
    "confirmed": "Chờ chuyển",
    "sent_today": "Chuyển hôm nay",
    "forwarded": "Đơn vị chưa nhận",
    "acknowledged": "Đơn vị đang xác minh",
    "answered_today": "Trả lời hôm nay",
    "answered": "Chờ xem trả lời",
    "late": "Quá hạn",
    "failed": "Mắc lỗi",
    "closed_today": "Kết thúc hôm nay",
}
"""The numbers of the page, in their order."""

PRESSING = frozenset({"emergency", "late", "failed"})
"""Numbers of which anything above zero asks for somebody now."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the page: what it counts, in words, and the list that it opens."""

    name: str
    title: str
    filters: Filters
    count: int = 0
    pressing: bool = False


@dataclass(frozen=True, slots=True)
class DayCount:
    """What came in and what was finished on one day in Vietnam."""

    day: date
    opened: int
    answered: int


@dataclass(frozen=True, slots=True)
class UnitAccount:
    """How a unit answered what was sent to it in a period; shares are 0-1, None where nothing was due."""

    slug: str
    sent: int
    answered: int
    on_time: float | None
    median: timedelta | None
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The case that has waited longest in one state."""

    status: Status
    since: datetime


def numbers(session: Session, viewer: Viewer, now: datetime) -> tuple[Number, ...]:
    """Count the day: what came, what waits, what left, what was answered, what is late or broken."""
    return tuple(_counted(session, viewer, number, now) for number in _wanted(local(now).date()))


def _wanted(today: date) -> tuple[Number, ...]:
    def on(moment: str) -> Filters:
        return Filters(view=EVERY, dated=moment, since=today, until=today)

    lists = {
        "emergency": Filters(emergency=True),
        "new": on("opened"),
        "review": Filters(view=Status.REVIEW),
        "confirmed": Filters(view=Status.CONFIRMED),
        "sent_today": on("forwarded"),
        "forwarded": Filters(view=Status.FORWARDED),
        "acknowledged": Filters(view=Status.ACKNOWLEDGED),
        "answered_today": on("answered"),
        "answered": Filters(view=Status.ANSWERED),
        "late": Filters(overdue=True),
        "failed": Filters(failed=True),
        "closed_today": on("closed"),
    }
    return tuple(Number(name, NUMBER_TITLES[name], lists[name], pressing=name in PRESSING) for name in NUMBER_TITLES)


def _counted(session: Session, viewer: Viewer, number: Number, now: datetime) -> Number:
    wanted = select(func.count()).select_from(Case).where(visible(viewer), *conditions(number.filters, now))
    return Number(number.name, number.title, number.filters, session.scalar(wanted) or 0, number.pressing)


def longest_waiting(session: Session, viewer: Viewer) -> tuple[Waiting, ...]:
    """Give, for each state in which the Department or a unit must act, the case that has waited longest."""
    states: Iterable[tuple[Status, InstrumentedAttribute[Any]]] = (
        (Status.REVIEW, Case.opened_at),
        (Status.CONFIRMED, Case.opened_at),
        (Status.FORWARDED, Case.forwarded_at),
        (Status.ACKNOWLEDGED, Case.forwarded_at),
        (Status.ANSWERED, Case.answered_at),
    )
    found = []
    for status, since in states:
        # OFFSET 0 has the state looked up: else the index of the days is read through all that is finished.
        waiting = select(since.label("since")).where(Case.status == status, visible(viewer)).offset(0).subquery()
        oldest = session.scalar(select(func.min(waiting.c.since)))
        if oldest is not None:
            found.append(Waiting(status, oldest))
    return tuple(found)


def trend(session: Session, viewer: Viewer, now: datetime) -> tuple[DayCount, ...]:
    """Count what came in and what was answered on each of the last days, the oldest first."""
    first = local(now).date() - timedelta(days=TREND_DAYS - 1)
    opened = _by_day(session, viewer, Case.opened_at, first)
    answered = _by_day(session, viewer, Case.answered_at, first)
    days = (first + timedelta(days=number) for number in range(TREND_DAYS))
    return tuple(DayCount(day, opened.get(day, 0), answered.get(day, 0)) for day in days)


def _by_day(session: Session, viewer: Viewer, moment: InstrumentedAttribute[Any], first: date) -> dict[date, int]:
    zone: ColumnElement[str] = literal_column(f"'{LOCAL_ZONE.key}'")
    day: ColumnElement[Any] = func.date(func.timezone(zone, moment))
    start = midnight(first)
    rows = session.execute(select(day, func.count()).where(visible(viewer), moment >= start).group_by(day))
    return {row[0]: row[1] for row in rows}


def accounts(session: Session, viewer: Viewer, days: int, now: datetime) -> tuple[UnitAccount, ...]:
    """Say how each unit answered what was sent to it in the last `days`, and what it owes now; the latest first."""
    first = local(now).date() - timedelta(days=days - 1)
    sent = {row[0]: row[1:] for row in session.execute(_sent(viewer, midnight(first), now))}
    owed = {row[0]: row[1:] for row in session.execute(_owed(viewer, now))}
    nothing: tuple[Any, ...] = (0, 0, 0, 0, None)
    found = [_account(slug, sent.get(slug, nothing), owed.get(slug, (0, 0))) for slug in sent.keys() | owed.keys()]
    return tuple(sorted(found, key=lambda unit: (-unit.late, -unit.sent - unit.waiting, unit.slug))[:UNITS_SHOWN])


def _account(slug: str, of_sent: Sequence[Any], of_owed: Sequence[Any]) -> UnitAccount:
    sent, answered, on_time, due, median = of_sent
    return UnitAccount(slug, sent, answered, on_time / due if due else None, median, *of_owed)


# Two queries, each of one index that has all it asks for: what was sent, and what is owed, whenever it was sent.
def _sent(viewer: Viewer, start: datetime, now: datetime) -> Select[*tuple[Any, ...]]:
    replied = Case.answered_at.is_not(None)
    due = or_(Case.due_at <= now, replied)
    return (
        select(
            Case.responsible_unit,
            func.count(),
            func.count().filter(replied),
            func.count().filter(and_(replied, Case.answered_at <= Case.due_at)),
            func.count().filter(due),
            func.percentile_cont(0.5).within_group(Case.answered_at - Case.forwarded_at).filter(replied),
        )
        .where(visible(viewer), Case.responsible_unit.is_not(None), Case.forwarded_at >= start)
        .group_by(Case.responsible_unit)
    )


def _owed(viewer: Viewer, now: datetime) -> Select[*tuple[Any, ...]]:
    waiting = (visible(viewer), Case.responsible_unit.is_not(None), Case.status.in_(AWAITING_ANSWER))
    counted = (func.count(), func.count().filter(overdue(now)))
    return select(Case.responsible_unit, *counted).where(*waiting).group_by(Case.responsible_unit)


def list_of_unit(slug: str, *, late: bool = False) -> Filters:
    """Give the list of what a unit owes."""
    return Filters(view=UNFINISHED if late else WITH_UNIT, to=slug, overdue=late)


def list_of_sent(slug: str, days: int, now: datetime) -> Filters:
    """Give the list of what was sent to a unit in the last `days`, today among them."""
    first = local(now).date() - timedelta(days=days - 1)
    return Filters(view=EVERY, to=slug, dated="forwarded", since=first)
