"""What is done with a case: each function is one action, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseClaim, CaseEvent, CaseRecording
from casebook.rules import codes, states
from casebook.rules.calendar import WorkingCalendar, due_date
from casebook.rules.states import Action, Status
from casebook.service import events
from config.crypto import KeyRing
from config.directory.lines import Line
from config.errors import PermanentError
from recordings import service as recordings

CALLER_CONTEXT = "case:caller"
"""What a caller's sealed number is bound to."""


class NoSuchCase(PermanentError):
    """Không có phản ánh này."""


class MissingUnit(PermanentError):
    """Chưa chọn đơn vị có trách nhiệm; hãy chọn đơn vị trước khi xác nhận."""


class TakenOver(PermanentError):
    """Phản ánh này đã gộp vào phản ánh khác; muốn xử lý riêng, hãy hoàn tác việc gộp."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the line allows it to be known; `number` is E.164 or None when withheld."""

    number: str | None


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """What a caller who asks with a code is told: the state in words, nothing else."""

    status: Status
    spoken: str


def open_case(
    session: Session,
    *,
    line: Line,
    now: datetime,
    keys: KeyRing,
    channel: str = "hotline",
    caller: Caller | None = None,
    category_key: str | None = None,
    anonymous: bool = False,
    emergency: bool = False,
    orphan: bool = False,
) -> Case:
    """Open a case for a matter that is being told; the caller's number is sealed."""
    number = caller.number if caller else None
    case = Case(
        code=unused_code(session),
        line=line.slug,
        channel=channel,
        confidential=line.confidential,
        category=category_key or line.category or None,
        category_key=category_key,
        anonymous=anonymous,
        emergency=emergency,
        orphan=orphan,
        caller_sealed=keys.seal(number.encode(), CALLER_CONTEXT) if number else None,
        caller_hash=keys.fingerprint(number) if number else None,
        opened_at=now,
    )
    session.add(case)
    session.flush()
    events.record(session, case.id, "opened", now=now, line=line.slug, channel=channel, orphan=orphan)
    return case


def unused_code(session: Session) -> str:
    """Draw a code that no case has."""
    while True:
        code = codes.new_code()
        if session.scalar(select(Case.id).where(Case.code == code)) is None:
            return code


def get(session: Session, case_id: UUID, *, lock: bool = False) -> Case:
    """Fetch a case, locked against other writers if asked; raises NoSuchCase."""
    case = session.get(Case, case_id, with_for_update=lock, populate_existing=lock)
    if case is None:
        raise NoSuchCase
    return case


def by_code(session: Session, code: str) -> Case | None:
    """Find the case with this code."""
    return session.scalars(select(Case).where(Case.code == code)).one_or_none()


def surviving(session: Session, case: Case) -> Case:
    """Give the case that took this one's matter over, through any number of merges; itself if none did."""
    passed = set()
    while case.merged_into is not None and case.id not in passed:
        passed.add(case.id)
        case = get(session, case.merged_into)
    return case


def status_by_code(session: Session, code: str) -> StatusAnswer | None:
    """Tell how the case with this code stands, in words for a caller; None for a wrong code."""
    if not codes.is_valid(code):
        return None
    case = by_code(session, code)
    if case is None:
        return None
    status = Status(surviving(session, case).status)
    return StatusAnswer(status, states.SPOKEN[status])


def note_choices(
    session: Session, case_id: UUID, *, category_key: str | None = None, anonymous: bool | None = None
) -> None:
    """Write down what the caller chose by key after the case was opened."""
    case = get(session, case_id, lock=True)
    if category_key:
        case.category = case.category_key = category_key
    if anonymous is not None:
        case.anonymous = anonymous


def add_recording(session: Session, case_id: UUID, recording_id: UUID, question: str, now: datetime) -> bool:
    """Tie a recording to a case; False if it was tied already (callbacks come twice)."""
    known = session.scalar(select(CaseRecording.case_id).where(CaseRecording.recording_id == recording_id))
    if known is not None:
        return False
    case = get(session, case_id, lock=True)
    position = len(case.recordings)
    session.add(CaseRecording(case_id=case_id, recording_id=recording_id, question=question, position=position))
    if case.legal_hold:
        recordings.hold(session, recording_id, legal_hold=True)
    events.record(session, case_id, "recording_added", now=now, question=question, recording=str(recording_id))
    return True


def move(session: Session, case: Case, action: Action, *, now: datetime, actor: str, **data: Any) -> CaseEvent:
    """Take `case` to the state that `action` leads to, and write the event; raises NotAllowed."""
    before = Status(case.status)
    case.status = states.after(before, action)
    told = {"before": before.value, "after": case.status, **data}
    return events.record(session, case.id, action.value, now=now, actor=actor, **told)


def confirm(session: Session, case: Case, *, now: datetime, actor: str) -> None:
    """A person (or the line's policy) stands by the case's fields; it leaves at the next tick."""
    if not case.responsible_unit:
        raise MissingUnit
    move(session, case, Action.CONFIRM, now=now, actor=actor, unit=case.responsible_unit, level=case.level)
    case.confirmed_at = now


def change_unit(session: Session, case: Case, unit: str, *, now: datetime, actor: str) -> None:
    """Give the case to another responsible unit; one already sent is prepared to be sent again."""
    before = case.responsible_unit
    if before == unit:
        return
    was_sent = Status(case.status) in states.AWAITING_ANSWER
    clocks = {"forwarded_at": _iso(case.forwarded_at), "due_at": _iso(case.due_at)} if was_sent else {}
    move(session, case, Action.CHANGE_UNIT, now=now, actor=actor, unit_before=before, unit_after=unit, **clocks)
    case.responsible_unit = unit
    if was_sent:
        case.forward_round += 1
        case.forwarded_at = case.due_at = None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def return_to_queue(session: Session, case: Case, *, now: datetime, actor: str) -> None:
    """Put a case that was confirmed too early back to be checked; whoever has it lets go of it."""
    move(session, case, Action.RETURN, now=now, actor=actor, confirmed_at=_iso(case.confirmed_at))
    case.confirmed_at = None
    session.execute(delete(CaseClaim).where(CaseClaim.case_id == case.id))


def mark_forwarded(session: Session, case: Case, calendar: WorkingCalendar, *, now: datetime) -> None:
    """The letter has been taken by the unit's mail server: the clock for the answer runs."""
    move(session, case, Action.FORWARD, now=now, actor=events.SYSTEM, unit=case.responsible_unit)
    case.forwarded_at = now
    case.due_at = due_date(now, case.level, calendar)


def hold(session: Session, case: Case, *, on: bool, now: datetime, actor: str, why: str) -> None:
    """Keep a case's recordings past their time as a court or an inspection asks, or let them go again."""
    if case.legal_hold == on:
        return
    case.legal_hold = on
    session.flush()
    for link in case.recordings:
        settle_hold(session, link.recording_id)
    kind = "held" if on else "released"
    events.record(session, case.id, kind, now=now, actor=actor, why=why)


def settle_hold(session: Session, recording_id: UUID) -> None:
    """Hold a recording while one of its cases is held: cases that were split or merged share recordings.

    Only where the session sees every case, so in front of the wall.
    """
    of_it = select(CaseRecording.case_id).where(CaseRecording.recording_id == recording_id)
    held = session.scalar(select(Case.id).where(Case.id.in_(of_it), Case.legal_hold).limit(1))
    recordings.hold(session, recording_id, legal_hold=held is not None)


def acknowledge(session: Session, case: Case, *, now: datetime, actor: str) -> None:
    """The unit says that it has the case."""
    move(session, case, Action.ACKNOWLEDGE, now=now, actor=actor)


def reply(session: Session, case: Case, answer: str, *, now: datetime, actor: str, **data: Any) -> None:
    """The unit has answered; the Department still has to confirm it. `service.replies.give` keeps the answer itself."""
    move(session, case, Action.REPLY, now=now, actor=actor, **data)
    case.reply = answer
    case.answered_at = now


def send_back(session: Session, case: Case, *, due: datetime, now: datetime, actor: str, why: str) -> int:
    """The unit has to answer anew, until `due`; gives the number of the event."""
    event = move(session, case, Action.SEND_BACK, now=now, actor=actor, why=why, due=due.isoformat())
    case.reply = case.answered_at = None
    case.due_at = due
    return event.number


def close(session: Session, case: Case, *, now: datetime, actor: str, why: str) -> None:
    """End the case, saying why."""
    move(session, case, Action.CLOSE, now=now, actor=actor, why=why)
    case.closed_at = now


def set_aside(session: Session, case: Case, *, now: datetime, actor: str, why: str) -> None:
    """End a case that holds nothing to act on, saying why; it can be reopened."""
    move(session, case, Action.SET_ASIDE, now=now, actor=actor, why=why)
    case.closed_at = now


def reopen(session: Session, case: Case, *, now: datetime, actor: str, why: str) -> None:
    """Take a finished case up again; if it leaves once more, it is with a new letter. Raises TakenOver."""
    if case.merged_into is not None:
        raise TakenOver
    move(session, case, Action.REOPEN, now=now, actor=actor, why=why, closed_at=_iso(case.closed_at))
    case.closed_at = None
    case.forward_round += 1
