"""Taking back what was just done with a case, as if it had not been: undo rather than "are you sure"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseEvent
from casebook.rules import states
from casebook.rules.states import Action, Status
from casebook.service import events, review
from config.errors import PermanentError

_CHANGING = frozenset(action.value for action in Action) | {"letter_written", "undone", "took_over", "split_off"}
"""Events after which an act before them is not the last any more; looks and notes are none of them."""


class TooLateToUndo(PermanentError):
    """Không hoàn tác được nữa: đã quá 10 phút, hoặc phản ánh đã có thay đổi khác."""


def last_act(session: Session, case: Case, now: datetime) -> CaseEvent | None:
    """Give the event of the last act if it can still be undone."""
    session.flush()
    happened = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind.in_(_CHANGING))
    event = session.scalars(happened.order_by(CaseEvent.number.desc()).limit(1)).first()
    if event is None or case.merged_into is not None:
        return None
    before, after = event.data.get("before", ""), event.data.get("after", "")
    fits = states.may_be_undone(event.kind, before, after, Status(case.status), now - event.at)
    return event if fits else None


def undo(session: Session, case: Case, number: int, *, now: datetime, actor: str) -> None:
    """Take the act with this event number back; raises TooLateToUndo, or LetterOnItsWay once a letter is written."""
    event = last_act(session, case, now)
    if event is None or event.number != number:
        raise TooLateToUndo
    review.give_up_letter(session, case)
    _RESTORE[Action(event.kind)](case, event.data)
    case.status = event.data["before"]
    told = {"kind": event.kind, "number": number, "before": event.data["after"], "after": case.status}
    events.record(session, case.id, "undone", now=now, actor=actor, undone=told)


def _unconfirm(case: Case, _data: Mapping[str, Any]) -> None:
    case.confirmed_at = None


def _reconfirm(case: Case, data: Mapping[str, Any]) -> None:
    case.confirmed_at = _moment(data, "confirmed_at")


def _unfinish(case: Case, _data: Mapping[str, Any]) -> None:
    case.closed_at = None


def _finish(case: Case, data: Mapping[str, Any]) -> None:
    # The round of its letters goes on counting: a number that was used names a letter for good.
    case.closed_at = _moment(data, "closed_at")


def _give_back(case: Case, data: Mapping[str, Any]) -> None:
    case.responsible_unit = data["unit_before"]
    case.forwarded_at, case.due_at = _moment(data, "forwarded_at"), _moment(data, "due_at")


def _moment(data: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(data[name]) if data.get(name) else None


_RESTORE: dict[Action, Callable[[Case, Mapping[str, Any]], None]] = {
    Action.CONFIRM: _unconfirm,
    Action.RETURN: _reconfirm,
    Action.CLOSE: _unfinish,
    Action.SET_ASIDE: _unfinish,
    Action.REOPEN: _finish,
    Action.CHANGE_UNIT: _give_back,
}
