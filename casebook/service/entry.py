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

None of them counts for a browser that the account has logged in from before, which has PER_DEVICE of its own: so
nobody's guessing keeps the owner out, also not from the next desk, whose address outside is the same.
"""

CODES_PER_DEVICE = 8
CODES_PER_ACCOUNT = 24
"""Tries of codes, which come after the right password: six figures are few, so fewer tries from anywhere."""


class TooManyTries(HotlineError):
    """Có quá nhiều lần thử đăng nhập. Hãy đợi vài phút rồi thử lại."""


@dataclass(frozen=True, slots=True)
class Knock:
    """One try to log in: what was typed, from which address, and whose browser it is known to be by its `pass_`."""

    email: str
    password: str
    address: str
    known_as: UUID | None = None
    pass_: str = ""


def may_try(session: Session, knock: Knock, keys: KeyRing, now: datetime) -> bool:
    """Count a try to log in; False when there were too many."""
    email = plain_email(knock.email)
    user = by_email(session, email)
    if user is not None and knock.known_as == user.id:
        return _within(session, [(f"login-known:{keys.fingerprint(knock.pass_)}", PER_DEVICE)], now)
    here = f"login:{keys.fingerprint(email + '|' + knock.address)}"
    there = f"login-from:{keys.fingerprint(knock.address)}"
    anywhere = f"login-to:{keys.fingerprint(email)}"
    return _within(session, [(here, PER_DEVICE), (there, PER_ADDRESS), (anywhere, PER_ACCOUNT)], now)


def may_try_code(session: Session, user_id: UUID, knock: Knock, keys: KeyRing, now: datetime) -> bool:
    """Count a try of a code after the right password; False when there were too many."""
    if knock.known_as == user_id:
        return _within(session, [(f"code-known:{keys.fingerprint(knock.pass_)}", CODES_PER_DEVICE)], now)
    here = f"code:{keys.fingerprint(f'{user_id}|{knock.address}')}"
    anywhere = f"code-to:{keys.fingerprint(str(user_id))}"
    return _within(session, [(here, CODES_PER_DEVICE), (anywhere, CODES_PER_ACCOUNT)], now)


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
