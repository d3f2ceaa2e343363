"""What happened since a list was shown: which cases came to it, or changed in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseEvent
from casebook.queries.filters import Filters, conditions
from casebook.queries.visible import visible
from casebook.rules.policy import Viewer

LOOKED_AT = 500
"""Events that are looked through at most: a page that is further behind has news enough."""

QUIET = ("played", "identity_viewed", "edited", "transcript_corrected", "letter_written")
"""Kinds of events that change nothing on the list."""


def latest(session: Session) -> int:
    """Give the number of the last event that there is; what comes later is news."""
    return session.scalar(select(func.max(CaseEvent.id))) or 0


def since(session: Session, viewer: Viewer, filters: Filters, number: int, now: datetime) -> list[str]:
    """Give the codes of cases of this list that something happened to after the event with this number."""
    happened = (
        select(CaseEvent.case_id)
        .where(CaseEvent.id > number, CaseEvent.kind.not_in(QUIET))
        .order_by(CaseEvent.id)
        .limit(LOOKED_AT)
    )
    wanted = select(Case.code).where(Case.id.in_(happened), visible(viewer), *conditions(filters, now, viewer.actor))
    return list(session.scalars(wanted.order_by(Case.code)))


def seen_codes(session: Session, viewer: Viewer, case_ids: Iterable[UUID]) -> list[str]:
    """Give the codes of those of these cases that the person may see."""
    wanted = select(Case.code).where(Case.id.in_(list(case_ids)), visible(viewer))
    return list(session.scalars(wanted.order_by(Case.code)))
