"""Which other cases may be about the same: by caller, by facility and matter, by words; and what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from casebook.models import Case, CaseLink
from casebook.queries.search import by_index
from casebook.queries.visible import visible
from casebook.rules import likeness
from casebook.rules.policy import Viewer
from casebook.rules.states import Status
from casebook.service.links_of_cases import MERGED

NEAR_IN_TIME = timedelta(weeks=6)
"""Within this, cases about one facility and one matter may be one trouble."""

CANDIDATES = 50
"""Cases compared word by word at most."""

PER_REASON = 10
SHOWN = 8


class Reason(StrEnum):
    """Why a case is thought to be related."""

    TEXT = "text"
    CALLER = "caller"
    MATTER = "matter"


@dataclass(frozen=True, slots=True)
class Related:
    """Another case, and why it is thought to be related: `alike` 0-1 is how much of the words they share."""

    code: str
    status: Status
    emergency: bool
    confidential: bool
    opened_at: datetime
    category: str | None
    subject_unit: str | None
    subject_text: str | None
    summary: str
    reasons: tuple[Reason, ...]
    alike: float


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided about this case and another; `into` says that this case was merged into the other."""

    link_id: UUID
    kind: str
    code: str
    status: Status
    summary: str
    why: str
    made_by: str
    made_at: datetime
    into: bool


_COLUMNS = (
    Case.id,
    Case.code,
    Case.status,
    Case.emergency,
    Case.confidential,
    Case.opened_at,
    Case.category,
    Case.subject_unit,
    Case.subject_text,
    Case.summary,
    Case.search_text,
    Case.caller_hash,
)


def related(session: Session, viewer: Viewer, case: Case, but: Iterable[UUID] = ()) -> list[Related]:
    """List the cases most likely related that this person may see, the likeliest first; none of `but`."""
    past = {case.id, *but}
    rows = {row.id: row for row in _candidates(session, viewer, case) if row.id not in past}
    found = [_related(case, row) for row in rows.values()]
    told = [other for other in found if other.reasons]
    return sorted(told, key=_likeliest_first)[:SHOWN]


def _likeliest_first(other: Related) -> tuple[float, int, float]:
    return (-other.alike, -len(other.reasons), -other.opened_at.timestamp())


def _candidates(session: Session, viewer: Viewer, case: Case) -> Iterable[Any]:
    mine = select(*_COLUMNS).where(visible(viewer), Case.id != case.id, Case.merged_into.is_(None))
    newest = Case.opened_at.desc()
    if case.caller_hash:
        by_caller = mine.where(Case.caller_hash == case.caller_hash)
        yield from session.execute(by_caller.order_by(newest).limit(PER_REASON))
    if case.subject_unit and case.category:
        yield from session.execute(mine.where(*_one_matter(case)).order_by(newest).limit(PER_REASON))
    marks = likeness.marks_of(case.search_text)
    if marks:
        # In no order: to sort all cases with a common wording would cost more than it tells.
        alike = Case.text_marks.op("@@")(cast(" | ".join(marks), TSQUERY))
        with by_index(session):
            yield from session.execute(mine.where(alike).limit(CANDIDATES)).all()


def _one_matter(case: Case) -> tuple[ColumnElement[bool], ...]:
    return (
        Case.subject_unit == case.subject_unit,
        Case.category == case.category,
        Case.opened_at.between(case.opened_at - NEAR_IN_TIME, case.opened_at + NEAR_IN_TIME),
    )


def _related(case: Case, row: Any) -> Related:
    alike = likeness.likeness(case.search_text, row.search_text)
    near = abs(row.opened_at - case.opened_at) <= NEAR_IN_TIME
    holds = {
        Reason.TEXT: alike >= likeness.ALIKE,
        Reason.CALLER: bool(case.caller_hash) and row.caller_hash == case.caller_hash,
        Reason.MATTER: bool(case.subject_unit and case.category)
        and near
        and (row.subject_unit, row.category) == (case.subject_unit, case.category),
    }
    return Related(
        code=row.code,
        status=Status(row.status),
        emergency=row.emergency,
        confidential=row.confidential,
        opened_at=row.opened_at,
        category=row.category,
        subject_unit=row.subject_unit,
        subject_text=row.subject_text,
        summary=row.summary,
        reasons=tuple(reason for reason, so in holds.items() if so),
        alike=alike if holds[Reason.TEXT] else 0.0,
    )


def reasons_of(case: Case, other: Case) -> Related:
    """Say why two cases are thought to be related, for showing them side by side."""
    return _related(case, other)


def decided(session: Session, viewer: Viewer, case: Case) -> dict[UUID, Decided]:
    """Give the decisions that stand about this case and others that the person may see, by the other's id."""
    about = or_(CaseLink.case_id == case.id, CaseLink.other_id == case.id)
    others = func.coalesce(func.nullif(CaseLink.case_id, case.id), CaseLink.other_id)
    rows = (
        select(CaseLink, Case.id, Case.code, Case.status, Case.summary)
        .join(Case, Case.id == others)
        .where(about, CaseLink.undone_at.is_(None), visible(viewer))
        .order_by(CaseLink.made_at.desc())
    )
    found = {}
    for link, other_id, code, status, summary in session.execute(rows):
        into = link.kind == MERGED and link.case_id == case.id
        made = (link.why, link.made_by, link.made_at)
        found[other_id] = Decided(link.id, link.kind, code, Status(status), summary, *made, into)
    return found


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another case of the same call, split from this one or this from it (`is_origin`)."""

    id: UUID
    code: str
    status: Status
    summary: str
    is_origin: bool


def siblings(session: Session, viewer: Viewer, case: Case) -> list[Sibling]:
    """List the case that this one was split from, and those split from it, that the person may see."""
    of_call = or_(Case.id == case.split_from, Case.split_from == case.id)
    # A split that was undone leaves a row that was given back to its origin.
    stands = or_(Case.merged_into.is_(None), Case.split_from.is_(None), Case.merged_into != Case.split_from)
    columns = (Case.id, Case.code, Case.status, Case.summary)
    rows = session.execute(select(*columns).where(of_call, visible(viewer), stands).order_by(Case.opened_at))
    return [Sibling(row.id, row.code, Status(row.status), row.summary, row.id == case.split_from) for row in rows]
