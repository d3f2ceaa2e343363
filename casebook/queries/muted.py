"""The list of muted callers: by whom, until when, and what they did since, without saying who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casebook.models import Case, MutedCaller
from casebook.queries.visible import visible
from casebook.rules.policy import Viewer

MOST = 200


@dataclass(frozen=True, slots=True)
class Muted:
    """A mute: `cases` were opened by the caller since, the latest being `latest`; `holds` while it is in force.

    `why` is empty where the person may see no case of the caller's.
    """

    id: UUID
    why: str
    muted_by: str
    muted_at: datetime
    until: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    cases: int
    latest: str | None
    caller_sealed: bytes | None
    holds: bool


def muted_callers(session: Session, viewer: Viewer, now: datetime) -> list[Muted]:
    """List the mutes, those in force first; of the callers' cases only those that the person may see."""
    rows = select(MutedCaller).order_by(MutedCaller.lifted_at.is_not(None), MutedCaller.until.desc()).limit(MOST)
    found = [_muted(session, viewer, muted, now) for muted in session.scalars(rows)]
    return sorted(found, key=lambda muted: not muted.holds)


def _muted(session: Session, viewer: Viewer, muted: MutedCaller, now: datetime) -> Muted:
    latest = _latest(session, viewer, muted.caller_hash)
    since = select(func.count()).where(
        visible(viewer), Case.caller_hash == muted.caller_hash, Case.opened_at >= muted.muted_at
    )
    return Muted(
        id=muted.id,
        # Why somebody was muted is told in words about a case.
        why=muted.why if latest else "",
        muted_by=muted.muted_by,
        muted_at=muted.muted_at,
        until=muted.until,
        lifted_by=muted.lifted_by,
        lifted_at=muted.lifted_at,
        cases=session.scalar(since) or 0,
        latest=latest.code if latest else None,
        caller_sealed=latest.caller_sealed if latest else None,
        holds=muted.lifted_at is None and muted.until > now,
    )


def _latest(session: Session, viewer: Viewer, caller_hash: str) -> Any:
    columns = select(Case.code, Case.caller_sealed).where(visible(viewer), Case.caller_hash == caller_hash)
    return session.execute(columns.order_by(Case.opened_at.desc()).limit(1)).first()
