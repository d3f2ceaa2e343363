"""A unit's answers to a case, and what the inspector thinks of them: the one way that an answer takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.adapters.mail_templates import render
from casebook.models import Case, UnitReply
from casebook.rules import wording
from casebook.rules.calendar import due_date
from casebook.rules.states import NotAllowed, Status
from casebook.service import cases, events, outbox
from casebook.service.forwarding import Office
from config.crypto import KeyRing

GIVEN, ACCEPTED, SENT_BACK = "given", "accepted", "sent_back"
RETURNED: Literal["returned"] = "returned"
"""The kind of mail that tells a unit that its answer was sent back."""

ACCEPTED_WHY = "Chấp nhận trả lời của đơn vị."
"""Why a case closes when nothing else is said."""


@dataclass(frozen=True, slots=True)
class ShownReply:
    """An answer as pages show it."""

    id: UUID
    unit: str
    text: str
    given_by: str
    given_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    decision: str


def context(reply_id: UUID) -> str:
    """What a reply's sealed text is bound to."""
    return f"reply:{reply_id}"


def give(session: Session, case: Case, text: str, *, keys: KeyRing, now: datetime, actor: str) -> UnitReply:
    """Write down the responsible unit's answer, whoever types it; raises NotAllowed where none is awaited."""
    reply_id = uuid4()
    reply = UnitReply(
        id=reply_id,
        case_id=case.id,
        unit=case.responsible_unit or "",
        text_sealed=keys.seal(text.encode(), context(reply_id)),
        given_by=actor,
        given_at=now,
    )
    cases.reply(session, case, text, now=now, actor=actor, reply_id=str(reply_id))
    session.add(reply)
    session.flush()
    return reply


def replies_of(session: Session, case: Case, keys: KeyRing, unit: str | None = None) -> list[ShownReply]:
    """List the answers to a case, newest first; with `unit`, only those that this unit gave."""
    rows = select(UnitReply).where(UnitReply.case_id == case.id)
    if unit is not None:
        rows = rows.where(UnitReply.unit == unit)
    # Of two at one moment, the one that stands is the newer.
    newest = (UnitReply.given_at.desc(), UnitReply.state == SENT_BACK, UnitReply.id)
    return [_shown(reply, keys) for reply in session.scalars(rows.order_by(*newest))]


def _shown(reply: UnitReply, keys: KeyRing) -> ShownReply:
    return ShownReply(
        id=reply.id,
        unit=reply.unit,
        text=keys.open(reply.text_sealed, context(reply.id)).decode(),
        given_by=reply.given_by,
        given_at=reply.given_at,
        state=reply.state,
        decided_by=reply.decided_by,
        decided_at=reply.decided_at,
        decision=reply.decision,
    )


def accept(session: Session, case: Case, *, close: bool, why: str, now: datetime, actor: str) -> None:
    """Take the answer that stands; with `close`, the case ends with it. Raises NotAllowed where none stands."""
    reply = _standing(session, case)
    if reply is not None and reply.state == GIVEN:
        _decide(reply, ACCEPTED, why, now, actor)
        events.record(session, case.id, "reply_accepted", now=now, actor=actor, reply_id=str(reply.id))
    if close:
        cases.close(session, case, now=now, actor=actor, why=why or ACCEPTED_WHY)


def send_back(session: Session, case: Case, words: str, office: Office, *, now: datetime, actor: str) -> bool:
    """Ask the unit to answer anew, saying why; False if no mail could tell it. Raises NotAllowed.

    The unit has the time of the case's level from now on, and never less than it had.
    """
    reply = _standing(session, case)
    if reply is not None:
        _decide(reply, SENT_BACK, words, now, actor)
    due = max(filter(None, (case.due_at, due_date(now, case.level, office.calendar))))
    event = cases.send_back(session, case, due=due, now=now, actor=actor, why=words)
    return _tell_unit(session, case, words, event, office, now)


def _standing(session: Session, case: Case) -> UnitReply | None:
    """The answer that waits for a decision, or was taken; None for one that was written down before there were rows."""
    if Status(case.status) is not Status.ANSWERED:
        raise NotAllowed("Phản ánh này không có trả lời nào đang chờ xem xét.")
    rows = select(UnitReply).where(UnitReply.case_id == case.id, UnitReply.state != SENT_BACK)
    return session.scalars(rows.order_by(UnitReply.given_at.desc()).limit(1).with_for_update()).first()


def _decide(reply: UnitReply, state: str, words: str, now: datetime, actor: str) -> None:
    reply.state, reply.decision, reply.decided_by, reply.decided_at = state, words, actor, now


def _tell_unit(session: Session, case: Case, words: str, event: int, office: Office, now: datetime) -> bool:
    unit = office.units.get(case.responsible_unit or "")
    if unit is None or not unit.email:
        return False
    values = {
        "city": office.house.city,
        "code": case.code,
        "unit": unit.name,
        "words": words,
        "due": wording.due(case.due_at),
        "link": office.house.case_link(case.code),
    }
    rendered = render(RETURNED, values)
    draft = outbox.Draft(
        kind=RETURNED,
        dedupe_key=f"{RETURNED}:{case.id}:{event}",
        recipient=unit.email,
        subject=f"[Phản ánh {case.code}] Đề nghị trả lời lại, hạn {values['due']}",
        text=rendered.text,
        html=rendered.html,
        case_id=case.id,
    )
    outbox.post(session, draft, office.house.mail_from, now)
    return True
