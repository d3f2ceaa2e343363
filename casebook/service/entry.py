"""Letting people in: the password, and limits on guessing that keep no owner out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from casebook.models import User
from casebook.service import audit, passwords
from casebook.service.users import by_email, plain_email
from config import throttle
from config.crypto import KeyRing
from config.errors import HotlineError

WINDOW = timedelta(minutes=5)
PER_DEVICE = 8
PER_ADDRESS = 40
PER_ACCOUNT = 60
"""Tries in a window: at one account from one address, from one address, at one account from anywhere.

The last does not count for a browser that the account has logged in from before, so that a stranger's
guessing never keeps the owner out.
"""

CODES_PER_DEVICE = 8
CODES_PER_ACCOUNT = 24
"""Tries of codes, which come after the right password: six figures are few, so fewer tries from anywhere."""


class LoginRefused(HotlineError):
    """Thư điện tử hoặc mật khẩu không đúng."""


class TooManyTries(HotlineError):
    """Có quá nhiều lần thử đăng nhập. Hãy đợi vài phút rồi thử lại."""


@dataclass(frozen=True, slots=True)
class Knock:
    """One try to log in: what was typed, from which address, and whose browser it is known to be."""

    email: str
    password: str
    address: str
    known_as: UUID | None = None


def may_try(session: Session, knock: Knock, keys: KeyRing, now: datetime) -> bool:
    """Count a try to log in; False when there were too many."""
    email = plain_email(knock.email)
    here = f"login:{keys.fingerprint(email + '|' + knock.address)}"
    there = f"login-from:{keys.fingerprint(knock.address)}"
    limits = [(here, PER_DEVICE), (there, PER_ADDRESS)]
    user = by_email(session, email)
    if user is None or knock.known_as != user.id:
        limits.append((f"login-to:{keys.fingerprint(email)}", PER_ACCOUNT))
    return _within(session, limits, now)


def may_try_code(session: Session, user_id: UUID, knock: Knock, keys: KeyRing, now: datetime) -> bool:
    """Count a try of a code after the right password; False when there were too many."""
    here = f"code:{keys.fingerprint(f'{user_id}|{knock.address}')}"
    limits = [(here, CODES_PER_DEVICE)]
    if knock.known_as != user_id:
        limits.append((f"code-to:{keys.fingerprint(str(user_id))}", CODES_PER_ACCOUNT))
    return _within(session, limits, now)


def recognise(session: Session, knock: Knock, keys: KeyRing, now: datetime) -> User | None:
    """Give the person whose password this is; None for a wrong address or password, which is written down.

    None instead of an error, so that the caller's transaction commits what was written. Ask `may_try` first.
    """
    user = by_email(session, knock.email)
    right = passwords.fits(knock.password, user.password_hash if user else None)
    if user is None or not right or not user.active:
        refuse(session, knock.email, keys, now)
        return None
    if passwords.is_dated(user.password_hash):
        user.password_hash = passwords.hash_of(knock.password)
    return user


def refuse(session: Session, email: str, keys: KeyRing, now: datetime) -> None:
    """Write down that somebody was not let in; by a fingerprint, for people type passwords into the wrong box."""
    audit.record(session, "login_refused", "không rõ", now, account=keys.fingerprint(plain_email(email)))


def _within(session: Session, limits: list[tuple[str, int]], now: datetime) -> bool:
    # Every counter counts, also when an earlier one is used up.
    within = [throttle.hit(session, key, limit, WINDOW, now) for key, limit in limits]
    return all(within)
