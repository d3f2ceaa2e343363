"""The log of what the carrier told us, each thing once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ivr.models import CallEvent
from ivr.rules.facts import without_person

_EVENTS = cast(Table, CallEvent.__table__)


_NOTE = insert(_EVENTS).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(_EVENTS.c.id)
"""Built once: every request of the carrier is written down with it."""


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
    row = {
        "call_id": call_id,
        "call_sid": call_sid,
        "kind": kind,
        "dedupe_key": f"{kind}:{call_sid}:{identity}",
        "payload": without_person(params),
        "received_at": now,
    }
    return session.execute(_NOTE, row).first() is not None
