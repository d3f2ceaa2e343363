"""Looking up a case for a caller, with wrong codes limited per number and per code."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from casebook.service import cases
from config import throttle
from config.crypto import KeyRing
from ivr.models import Call
from ivr.rules.dialogue import LookedUp, LookUpBlocked

WINDOW = timedelta(hours=1)

WRONG_PER_NUMBER = 5
"""Wrong codes an hour from one number, over all its calls."""

WRONG_PER_CODE = 10
"""Wrong tries an hour of one code, over all numbers."""

WRONG_WITHHELD = 30
"""Wrong codes an hour from all callers who withhold their number, taken together."""


def look_up(session: Session, call: Call, code: str, keys: KeyRing, now: datetime) -> LookedUp | LookUpBlocked:
    """Tell how the case with `code` stands. Only wrong codes count, but who used them up is told nothing."""
    attempt = session.begin_nested()
    allowed = _count(session, call, code, keys, now)
    answer = cases.status_by_code(session, code) if allowed else None
    if answer is not None:
        attempt.rollback()
        return LookedUp(answer.status.value)
    attempt.commit()
    return LookedUp("") if allowed else LookUpBlocked()


def _count(session: Session, call: Call, code: str, keys: KeyRing, now: datetime) -> bool:
    caller, limit = (call.caller_hash, WRONG_PER_NUMBER) if call.caller_hash else ("withheld", WRONG_WITHHELD)
    by_number = throttle.hit(session, f"look-up:caller:{caller}", limit, WINDOW, now)
    by_code = throttle.hit(session, f"look-up:code:{keys.fingerprint(code)}", WRONG_PER_CODE, WINDOW, now)
    return by_number and by_code
