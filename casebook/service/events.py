"""Writing down what happened to a case: append-only, each event holding the hash of the one before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseEvent
from casebook.rules.chain import GENESIS, link

SYSTEM = "hệ thống"
"""The actor of what no person did."""


def record(session: Session, case_id: UUID, kind: str, *, now: datetime, actor: str = SYSTEM, **data: Any) -> CaseEvent:
    """Append an event to a case's chain; `data` must be JSON and hold no personal data in clear."""
    # Locking the case row puts writers of one chain in a line.
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update())
    last = session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.number.desc()).limit(1)
    ).first()
    event = CaseEvent(
        case_id=case_id,
        number=last.number + 1 if last else 1,
        kind=kind,
        actor=actor,
        at=now,
        data=data,
        previous_hash=last.hash if last else GENESIS,
    )
    event.hash = digest(event)
    session.add(event)
    session.flush()
    return event


def digest(event: CaseEvent) -> str:
    """Give the SHA-256 of an event's content and of the hash before it, in hexadecimal."""
    at = event.at.astimezone(UTC).isoformat()
    return link([str(event.case_id), event.number, event.kind, event.actor, at, event.data, event.previous_hash])
