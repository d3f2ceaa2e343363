"""The log of what the carrier told us, each thing once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ivr.models import CallEvent
from ivr.rules.facts import without_person


def note(
    session: Session,
    kind: str,
    call_sid: str,
    identity: str,
    params: Mapping[str, str],
    now: datetime,
    *,
    call_id: UUID | None = None,
) -> bool:
    """Write down a request of the carrier; False if the same (`kind`, call, `identity`) came before."""
    row = insert(CallEvent).values(
        call_id=call_id,
        call_sid=call_sid,
        kind=kind,
        dedupe_key=f"{kind}:{call_sid}:{identity}",
        payload=without_person(params),
        received_at=now,
    )
    written = session.execute(row.on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(CallEvent.id))
    return written.first() is not None
