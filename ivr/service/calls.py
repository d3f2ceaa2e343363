"""The call row: made by whichever request comes first, closed when the call is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casebook.service import cases
from casebook.service.intake import intake_ended
from config.crypto import KeyRing
from config.directory.lines import Line
from ivr.models import Call, CallStatus
from ivr.rules.dialogue import Input, Outcome, State, Step, from_json, leave, to_json
from ivr.rules.facts import ENDED, CallFacts
from ivr.rules.pressing import meaning_of

CALLER_CONTEXT = "call:caller"
"""What a caller's sealed number is bound to."""

NEVER_ANSWERED = "never_answered"
"""The outcome of a call that ended before we said a word."""

SETTLED_AFTER = timedelta(minutes=10)
"""How long after the end of a call a carrier may still be working on its recordings."""

_SILENT = frozenset({Outcome.NOTHING_SAID, Outcome.HUNG_UP_BEFORE_SPEAKING, NEVER_ANSWERED})


_NEW: dict[str, Any] = {
    "state": {},
    "reply": "",
    "answers": {},
    "answered": -1,
    "status": CallStatus.RINGING,
    "outcome": "",
    "is_orphan": False,
    "hours": None,
    "notice_version": None,
}

_ENTER = insert(Call).on_conflict_do_nothing(index_elements=["provider_sid"]).returning(Call)
"""Built once: every call begins with it."""


def locked(session: Session, sid: str) -> Call | None:
    """Give the call with the carrier's id, locked until the transaction ends."""
    return session.scalars(select(Call).where(Call.provider_sid == sid).with_for_update()).one_or_none()


def enter(
    session: Session, facts: CallFacts, line: Line, keys: KeyRing, now: datetime, **first: Any
) -> tuple[Call, bool]:
    """Give the call, locked, made with the values `first` if nothing was heard of it; True if it was made."""
    values = {"id": uuid4(), "provider_sid": facts.sid, "started_at": now, **_NEW, **_known(facts, line, keys), **first}
    made = session.scalars(_ENTER, [values]).one_or_none()
    if made is not None:
        return made, True
    return session.scalars(select(Call).where(Call.provider_sid == facts.sid).with_for_update()).one(), False


def adopt(call: Call, facts: CallFacts, line: Line, keys: KeyRing, **first: Any) -> None:
    """Fill in what an early callback could not know once the call itself is announced."""
    for name, value in {**_known(facts, line, keys), **first}.items():
        setattr(call, name, value)


def _known(facts: CallFacts, line: Line, keys: KeyRing) -> dict[str, Any]:
    return {
        "line_slug": line.slug,
        "dialled": facts.dialled,
        "caller_sealed": _sealed(facts, keys),
        "caller_hash": keys.fingerprint(facts.caller) if facts.caller else None,
    }


def _sealed(facts: CallFacts, keys: KeyRing) -> bytes | None:
    return keys.seal(facts.caller.encode(), CALLER_CONTEXT) if facts.caller else None


def caller_of(call: Call, keys: KeyRing) -> str | None:
    """Open the caller's number, None where it was withheld."""
    return keys.open(call.caller_sealed, CALLER_CONTEXT).decode() if call.caller_sealed else None


def ensure_case(session: Session, call: Call, line: Line, keys: KeyRing, now: datetime) -> None:
    """See to it that the call has a case."""
    if call.case_id is not None:
        return
    state = from_json(call.state)
    case = cases.open_case(
        session,
        line=line,
        now=now,
        keys=keys,
        caller=cases.Caller(caller_of(call, keys)),
        category_key=state.category or None,
        anonymous=state.anonymous,
        orphan=call.is_orphan,
    )
    call.case_id = case.id


def told_status(session: Session, call: Call, facts: CallFacts, now: datetime) -> None:
    """Take over where the carrier says the call stands; what is over does not begin again."""
    if facts.duration_s is not None and call.duration_s is None:
        call.duration_s = facts.duration_s
    if not facts.status or call.status in ENDED:
        return
    call.status = facts.status
    if facts.has_ended:
        call.ended_at = now
        _close(call)
        end_intake_if_settled(session, call, now)


def _close(call: Call) -> None:
    if not call.reply:
        note_outcome(call, call.outcome or NEVER_ANSWERED)
        return
    state = leave(from_json(call.state)).state
    call.state = to_json(state)
    note_outcome(call, state.outcome)


def note_outcome(call: Call, outcome: str) -> None:
    """Write down what became of the call, once it is known.

    A recording that came by hang-up, so without the dialogue's knowledge, is a report all the same.
    """
    known = outcome or call.outcome
    call.outcome = Outcome.REPORTED if known in _SILENT and call.answers.get("recordings") else known


def expect_answer(call: Call, serial: int, question: str) -> None:
    """Remember that reply number `serial` records, so that its callback is waited for."""
    call.answers = {**call.answers, "asked": {**awaited(call), str(serial): question}}


def awaited(call: Call) -> dict[str, str]:
    """Give the recordings that the carrier has not told about yet, as reply number -> question."""
    return dict(call.answers.get("asked", {}))


def note_key(call: Call, line: Line, before: State, heard: Input) -> None:
    """Remember a single key that was pressed in a menu, and what it meant then; a code that is keyed in is not kept."""
    meant = meaning_of(line, before, heard)
    if meant is not None:
        call.answers = {**call.answers, "pressed": [*call.answers.get("pressed", []), list(meant)]}


def settle_answer(call: Call, serial: int, question: str = "", recording_sid: str = "") -> None:
    """Remember that nothing more comes of reply number `serial`; what it recorded is `recording_sid`."""
    asked = {number: key for number, key in awaited(call).items() if number != str(serial)}
    recordings = dict(call.answers.get("recordings", {}))
    if recording_sid:
        recordings[recording_sid] = question
    call.answers = {**call.answers, "asked": asked, "recordings": recordings}
    note_outcome(call, call.outcome)


def settle_all(session: Session, call: Call, now: datetime) -> None:
    """Wait for no more recordings of a call that ended `SETTLED_AFTER` ago: the carrier has listed them all."""
    if call.ended_at is not None and call.ended_at <= now - SETTLED_AFTER:
        call.answers = {**call.answers, "asked": {}}
        end_intake_if_settled(session, call, now)


def end_intake_if_settled(session: Session, call: Call, now: datetime) -> None:
    """Tell the case that nothing more will be said, once the call is over and every recording is known of."""
    over = call.ended_at is not None or from_json(call.state).step is Step.ENDED
    if over and call.case_id is not None and not awaited(call):
        intake_ended(session, call.case_id, now)
