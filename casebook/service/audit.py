"""Writing down what people do at the desk beside the cases: append-only, hash-chained, in one chain."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casebook.models import DeskEvent
from casebook.rules.chain import GENESIS, link

CHAIN_LOCK = 0x4C4E_4445
"""The advisory lock that puts writers of the one chain in a line ("LNDE")."""


def record(session: Session, kind: str, actor: str, now: datetime, **data: Any) -> DeskEvent:
    """Append an event to the desk's chain; `data` must be JSON and hold no personal data in clear."""
    session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    last = session.scalars(select(DeskEvent).order_by(DeskEvent.number.desc()).limit(1)).first()
    event = DeskEvent(
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


def digest(event: DeskEvent) -> str:
    """Give the SHA-256 of an event's content and of the hash before it, in hexadecimal."""
    at = event.at.astimezone(UTC).isoformat()
    return link([event.number, event.kind, event.actor, at, event.data, event.previous_hash])
