"""Accounts of the desk: made, logged in to, closed. Passwords are kept as Argon2id hashes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import User
from casebook.rules.policy import FIRST_ROLES, Role, Viewer, roles_of
from casebook.service import audit
from config import throttle
from config.crypto import KeyRing
from config.errors import HotlineError, PermanentError

MIN_PASSWORD = 12
MAX_PASSWORD = 256
"""Longer ones would only make the server work."""

WINDOW = timedelta(minutes=5)
PER_DEVICE = 8
PER_ADDRESS = 40
PER_ACCOUNT = 60
"""Tries in a window: at one account from one address, from one address, at one account from anywhere.

The last does not count for a browser that the account has logged in from before, so that a stranger's
guessing never keeps the owner out.
"""

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))
"""Verified when there is no such account, so that the answer takes as long as for a wrong password."""


class LoginRefused(HotlineError):
    """Thư điện tử hoặc mật khẩu không đúng."""


class TooManyTries(HotlineError):
    """Có quá nhiều lần thử đăng nhập. Hãy đợi vài phút rồi thử lại."""


class WeakPassword(HotlineError):
    """Mật khẩu cần ít nhất 12 ký tự, không trùng thư điện tử và không phải một ký tự lặp lại."""


class WrongPassword(HotlineError):
    """Mật khẩu hiện tại không đúng."""


class AccountExists(PermanentError):
    """Đã có tài khoản với thư điện tử này."""


class NoSuchAccount(PermanentError):
    """Không có tài khoản với thư điện tử này."""


@dataclass(frozen=True, slots=True)
class Knock:
    """One try to log in: what was typed, from which address, and whose browser it is known to be."""

    email: str
    password: str
    address: str
    known_as: UUID | None = None


def create(
    session: Session,
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    password: str,
    now: datetime,
    by: str = "app.py",
    unit: str | None = None,
) -> User:
    """Make an account, of a unit's officer with its slug; raises AccountExists or WeakPassword."""
    address = plain_email(email)
    if by_email(session, address) is not None:
        raise AccountExists
    _check_password(password, address)
    user = User(
        email=address,
        name=name,
        roles=sorted(role.value for role in roles),
        password_hash=_HASHER.hash(password),
        unit=unit,
        created_at=now,
    )
    session.add(user)
    session.flush()
    audit.record(session, "account_made", by, now, account=address, roles=user.roles)
    return user


def create_first(session: Session, email: str, now: datetime) -> str | None:
    """Make the first account with a random password and give it; None when there is an account already."""
    if session.scalar(select(User.id).limit(1)) is not None:
        return None
    password = new_password()
    create(session, email=email, name="Quản trị", roles=FIRST_ROLES, password=password, now=now)
    return password


def new_password() -> str:
    """Draw a random password of about 119 bits."""
    return secrets.token_urlsafe(15)


def plain_email(email: str) -> str:
    """Give the one form of an address by which accounts are found."""
    return email.strip().lower()


def by_email(session: Session, email: str) -> User | None:
    """Find the account with this address."""
    return session.scalars(select(User).where(User.email == plain_email(email))).one_or_none()


def log_in(session: Session, knock: Knock, keys: KeyRing, now: datetime) -> User | None:
    """Let a person in, or give None for a wrong address or password; either way the try is written down.

    None instead of an error, so that the caller's transaction commits what was written. Ask `may_try` first.
    """
    user = by_email(session, knock.email)
    right = _matches(user, knock.password)
    if user is None or not right or not user.active:
        audit.record(session, "login_refused", "không rõ", now, account=keys.fingerprint(plain_email(knock.email)))
        return None
    if _HASHER.check_needs_rehash(user.password_hash):
        user.password_hash = _HASHER.hash(knock.password)
    user.last_login_at = now
    audit.record(session, "login", user.email, now)
    return user


def may_try(session: Session, knock: Knock, keys: KeyRing, now: datetime) -> bool:
    """Count a try to log in; False when there were too many."""
    email = plain_email(knock.email)
    here = f"login:{keys.fingerprint(email + '|' + knock.address)}"
    there = f"login-from:{keys.fingerprint(knock.address)}"
    limits = [(here, PER_DEVICE), (there, PER_ADDRESS)]
    user = by_email(session, email)
    if user is None or knock.known_as != user.id:
        limits.append((f"login-to:{keys.fingerprint(email)}", PER_ACCOUNT))
    # Every counter counts, also when an earlier one is used up.
    within = [throttle.hit(session, key, limit, WINDOW, now) for key, limit in limits]
    return all(within)


def current(session: Session, user_id: UUID, epoch: int) -> User | None:
    """Give the account of a session; None once it was closed, or its sessions were ended."""
    user = session.get(User, user_id)
    return user if user is not None and user.active and user.session_epoch == epoch else None


def change_password(session: Session, user_id: UUID, old: str, new: str, now: datetime) -> User:
    """Set a new password and end all the account's sessions; raises WrongPassword or WeakPassword."""
    user = session.get_one(User, user_id, with_for_update=True)
    if not _matches(user, old):
        raise WrongPassword
    _set_password(user, new)
    audit.record(session, "password_changed", user.email, now)
    return user


def reset_password(session: Session, email: str, now: datetime, by: str = "app.py") -> str:
    """Give an account a random password and end its sessions; raises NoSuchAccount."""
    user = _existing(session, email)
    password = new_password()
    _set_password(user, password)
    audit.record(session, "password_reset", by, now, account=user.email)
    return password


def set_roles(session: Session, email: str, roles: Iterable[Role], now: datetime, by: str = "app.py") -> None:
    """Say what a person is from now on; raises NoSuchAccount."""
    user = _existing(session, email)
    before, user.roles = user.roles, sorted(role.value for role in roles)
    audit.record(session, "roles_changed", by, now, account=user.email, before=before, after=user.roles)


def set_active(session: Session, email: str, now: datetime, *, active: bool, by: str = "app.py") -> None:
    """Close an account and end its sessions, or open it again; raises NoSuchAccount."""
    user = _existing(session, email)
    user.active = active
    user.session_epoch += 1
    audit.record(session, "account_opened" if active else "account_closed", by, now, account=user.email)


def all_users(session: Session) -> list[User]:
    """List the accounts by address."""
    return list(session.scalars(select(User).order_by(User.email)))


def viewer_of(user: User) -> Viewer:
    """Give what the policy knows a person by."""
    return Viewer(user.email, roles_of(user.roles), user.unit, _limit(user.lines), _limit(user.regions))


def _limit(names: list[Any] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _existing(session: Session, email: str) -> User:
    user = by_email(session, email)
    if user is None:
        raise NoSuchAccount
    return user


def _set_password(user: User, password: str) -> None:
    _check_password(password, user.email)
    user.password_hash = _HASHER.hash(password)
    user.session_epoch += 1


def _check_password(password: str, email: str) -> None:
    fits = MIN_PASSWORD <= len(password) <= MAX_PASSWORD
    if not fits or password.lower() == email or len(set(password)) < 4:
        raise WeakPassword


def _matches(user: User | None, password: str) -> bool:
    try:
        return _HASHER.verify(user.password_hash if user else _NOBODY, password[:MAX_PASSWORD]) and user is not None
    except (VerificationError, InvalidHashError):
        return False
