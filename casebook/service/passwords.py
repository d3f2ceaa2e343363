"""Passwords: kept as Argon2id hashes, never in clear."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from config.errors import HotlineError

MIN_PASSWORD = 12
MAX_PASSWORD = 256
"""Longer ones would only make the server work."""

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))
"""Verified when there is no such account, so that the answer takes as long as for a wrong password."""


class WeakPassword(HotlineError):
    """Mật khẩu cần ít nhất 12 ký tự, không trùng thư điện tử và không phải một ký tự lặp lại."""


class WrongPassword(HotlineError):
    """Mật khẩu hiện tại không đúng."""


def new_password() -> str:
    """Draw a random password of about 119 bits."""
    return secrets.token_urlsafe(15)


def check(password: str, email: str) -> None:
    """Refuse a password that would be guessed; raises WeakPassword."""
    fits = MIN_PASSWORD <= len(password) <= MAX_PASSWORD
    if not fits or password.lower() == email or len(set(password)) < 4:
        raise WeakPassword


def hash_of(password: str) -> str:
    """Give what is kept of a password."""
    return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether this is the password of which `kept` is kept; takes as long where there is none."""
    try:
        return _HASHER.verify(kept or _NOBODY, password[:MAX_PASSWORD]) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_dated(kept: str) -> bool:
    """Whether the hash was made with less work than is usual now."""
    return _HASHER.check_needs_rehash(kept)
