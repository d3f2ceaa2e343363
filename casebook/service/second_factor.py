"""The second factor of an account: set up on a phone, asked for at the door, taken away by an operator only."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from casebook.models import DeskSession, User
from casebook.rules import one_time_codes as codes
from casebook.service import audit, passwords, sessions
from config import throttle
from config.crypto import KeyRing
from config.errors import HotlineError, PermanentError

PROOFS = 8
PROOF_WINDOW = timedelta(minutes=5)
"""Tries in a window at proving oneself within a session; one more ends the session."""


class WrongCode(HotlineError):
    """Mã không đúng hoặc đã dùng. Hãy chờ mã mới trên điện thoại rồi gõ lại; kiểm tra giờ của điện thoại."""


class AlreadySetUp(PermanentError):
    """Tài khoản đã có bước xác thực thứ hai. Đổi điện thoại: nhờ người vận hành đặt lại."""


def totp_context(user_id: UUID) -> str:
    """What the sealed secret is bound to."""
    return f"totp:{user_id}"


def turn_on(session: Session, user: User, secret: str, code: str, keys: KeyRing, now: datetime) -> list[str]:
    """Keep the secret that a phone has proven to know; gives the recovery codes, shown this once.

    Raises WrongCode or AlreadySetUp.
    """
    session.refresh(user, with_for_update=True)
    if user.totp_sealed is not None:
        raise AlreadySetUp
    step = codes.matching_step(secret, codes.plain(code), now, None)
    if step is None:
        raise WrongCode
    user.totp_sealed = keys.seal(secret.encode(), totp_context(user.id))
    user.totp_step = step
    audit.record(session, "second_factor_set", user.email, now)
    return _draw_codes(user, keys)


def renew_codes(session: Session, user: User, keys: KeyRing, now: datetime) -> list[str]:
    """Draw new recovery codes; the old ones are good no more."""
    audit.record(session, "recovery_codes_renewed", user.email, now)
    return _draw_codes(user, keys)


def turn_off(session: Session, user: User, now: datetime, *, by: str) -> None:
    """Take the second factor away from somebody who lost it, and end their sessions."""
    user.totp_sealed, user.totp_step, user.recovery_hashes = None, None, []
    sessions.end_all(session, user.id, now, by=by)
    audit.record(session, "second_factor_reset", by, now, account=user.email)


def take(session: Session, user: User, text: str, keys: KeyRing, now: datetime) -> bool:
    """Take a code from the phone or a recovery code; each is good once. Refusals are written down."""
    # Locked: of two tries with one code, only one may win.
    session.refresh(user, with_for_update=True)
    code = codes.plain(text)
    taken = _take_totp(user, code, keys, now) if codes.is_totp(code) else _take_recovery(user, code, keys)
    if not taken:
        audit.record(session, "code_refused", user.email, now)
    elif not codes.is_totp(code):
        audit.record(session, "recovery_code_used", user.email, now, left=len(user.recovery_hashes))
    return taken


def prove(session: Session, row: DeskSession, user: User, text: str, keys: KeyRing, now: datetime) -> bool:
    """Prove again who sits at a session: by a code, or by the password where there is no second factor.

    Too many wrong ones end the session: whoever sits there is not its owner.
    """
    if not may_prove(session, row, user, now):
        return False
    if user.totp_sealed is not None:
        proven = take(session, user, text, keys, now)
    else:
        proven = passwords.fits(text, user.password_hash)
    if proven:
        row.proven_at = now
    else:
        audit.record(session, "proof_refused", user.email, now)
    return proven


def may_prove(session: Session, row: DeskSession, user: User, now: datetime) -> bool:
    """Count a try at proving who sits at a session; after too many the session is ended."""
    within = throttle.hit(session, f"prove:{row.id}", PROOFS, PROOF_WINDOW, now)
    if not within:
        sessions.end(session, user, row.id, now, by=user.email)
    return within


def _take_totp(user: User, code: str, keys: KeyRing, now: datetime) -> bool:
    if user.totp_sealed is None:
        return False
    secret = keys.open(user.totp_sealed, totp_context(user.id)).decode()
    step = codes.matching_step(secret, code, now, user.totp_step)
    if step is not None:
        user.totp_step = step
    return step is not None


def _take_recovery(user: User, code: str, keys: KeyRing) -> bool:
    hashed = _hashed(user, code, keys)
    if not code or hashed not in user.recovery_hashes:
        return False
    user.recovery_hashes = [kept for kept in user.recovery_hashes if kept != hashed]
    return True


def _draw_codes(user: User, keys: KeyRing) -> list[str]:
    drawn = codes.new_recovery_codes()
    user.recovery_hashes = [_hashed(user, code, keys) for code in drawn]
    return [codes.readable_code(code) for code in drawn]


def _hashed(user: User, code: str, keys: KeyRing) -> str:
    """Keyed, so that the table alone lets nobody try codes; bound to the person, so that equal codes differ."""
    return keys.fingerprint(f"recovery:{user.id}:{code}")
