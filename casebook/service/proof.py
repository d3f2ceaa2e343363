"""Proving that nothing written down was changed or taken away afterwards.

Each case's events and the desk's events are chains: every link holds the hash of the one before. A chain cannot
tell that its last links, or a whole case, were removed; so once a day the desk's chain takes in the hash of all
case events since the day before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarResult, Select, func, select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseEvent, DeskEvent
from casebook.rules.chain import GENESIS
from casebook.service import audit, events

SEALED = "chains_sealed"
PROVEN = "chains_proven"
SETTLED = timedelta(hours=1)
"""No transaction lasts so long: numbers below one that is this old are all there."""

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link that does not hold: of which case (its code, empty for the desk's chain), and its number."""

    code: str
    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked through, and the first broken link if there is one; `head` is the hash of the desk's last."""

    cases: int
    case_events: int
    desk_events: int
    seals: int
    head: str
    broken: Broken | None


def seal(session: Session, now: datetime) -> bool:
    """Take the case events since the last seal into the desk's chain; False when there were none."""
    last = session.scalars(
        select(DeskEvent).where(DeskEvent.kind == SEALED).order_by(DeskEvent.number.desc()).limit(1)
    ).first()
    start = int(last.data["upto"]) if last else 0
    settled = select(func.max(CaseEvent.id)).where(CaseEvent.at < now - SETTLED)
    upto = session.scalar(settled) or 0
    if upto <= start:
        return False
    count, digest = _digest(session, start, upto)
    audit.record(session, SEALED, events.SYSTEM, now, upto=upto, events=count, digest=digest)
    return True


def prove(session: Session) -> Proof:
    """Look through every chain; stops at the first broken link."""
    desk_events, head, broken = _desk_chain(session)
    cases = case_events = seals = 0
    if broken is None:
        cases, case_events, broken = _case_chains(session)
    if broken is None:
        seals, broken = _seals(session)
    return Proof(cases, case_events, desk_events, seals, head, broken)


def note(session: Session, proof: Proof, now: datetime, actor: str = events.SYSTEM) -> None:
    """Write down that the chains were looked through, and what was found."""
    found: dict[str, Any] = {"events": proof.case_events + proof.desk_events, "cases": proof.cases}
    if proof.broken:
        found["broken"] = {"code": proof.broken.code, "number": proof.broken.number, "why": proof.broken.why}
    audit.record(session, PROVEN, actor, now, **found)


def _desk_chain(session: Session) -> tuple[int, str, Broken | None]:
    previous, number = GENESIS, 0
    with _stream(session, select(DeskEvent).order_by(DeskEvent.number)) as found:
        for event in found:
            number += 1
            why = _fault(event, number, previous, audit.digest(event))
            if why:
                return number, previous, Broken("", number, why)
            previous = event.hash
    return number, previous, None


def _case_chains(session: Session) -> tuple[int, int, Broken | None]:
    cases = count = number = 0
    previous, here = GENESIS, None
    with _stream(session, select(CaseEvent).order_by(CaseEvent.case_id, CaseEvent.number)) as found:
        for event in found:
            if event.case_id != here:
                here, number, previous, cases = event.case_id, 0, GENESIS, cases + 1
            number, count = number + 1, count + 1
            why = _fault(event, number, previous, events.digest(event))
            if why:
                return cases, count, Broken(_code(session, event.case_id), number, why)
            previous = event.hash
    return cases, count, _silent(session)


def _silent(session: Session) -> Broken | None:
    """A case without any event: it had at least the one that opened it."""
    told = select(CaseEvent.id).where(CaseEvent.case_id == Case.id)
    code = session.scalar(select(Case.code).where(~told.exists()).limit(1))
    return Broken(code, 1, "mất mọi sự kiện của phản ánh") if code else None


def _stream(session: Session, wanted: Select[*tuple[Any, ...]]) -> closing[ScalarResult[Any]]:
    """Read rows in batches; closed also when the reader stops early."""
    return closing(session.scalars(wanted.execution_options(yield_per=BATCH)))


def _fault(event: CaseEvent | DeskEvent, expected: int, previous: str, digest: str) -> str:
    if event.number != expected:
        return "mất một sự kiện trước đó"
    if event.previous_hash != previous:
        return "không nối với sự kiện trước"
    return "" if event.hash == digest else "nội dung đã bị sửa"


def _seals(session: Session) -> tuple[int, Broken | None]:
    sealed = session.scalars(select(DeskEvent).where(DeskEvent.kind == SEALED).order_by(DeskEvent.number)).all()
    start = 0
    for place, event in enumerate(sealed, start=1):
        told: Mapping[str, Any] = event.data
        if _digest(session, start, told["upto"]) != (told["events"], told["digest"]):
            return place, Broken("", event.number, "sự kiện phản ánh đã niêm phong nay thiếu hoặc khác")
        start = told["upto"]
    return len(sealed), None


def _digest(session: Session, start: int, upto: int) -> tuple[int, str]:
    """Count and hash the links of all cases with ids in (start, upto]."""
    total, count = hashlib.sha256(), 0
    wanted = select(CaseEvent.hash).where(CaseEvent.id > start, CaseEvent.id <= upto).order_by(CaseEvent.id)
    with _stream(session, wanted) as found:
        for link in found:
            total.update(link.encode())
            count += 1
    return count, total.hexdigest()


def _code(session: Session, case_id: UUID) -> str:
    return session.scalar(select(Case.code).where(Case.id == case_id)) or str(case_id)
