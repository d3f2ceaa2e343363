"""Knowing people by what a provider of identities says: accounts are found, never made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.adapters.openid import Claims
from casebook.models import User
from casebook.service import audit, entry, users
from config.crypto import KeyRing
from config.errors import PermanentError


class NotInvited(PermanentError):
    """Chưa có tài khoản nào ở đây cho người này. Hãy nhờ người vận hành mời bằng đúng địa chỉ thư ấy."""


def recognise(session: Session, claims: Claims, keys: KeyRing, now: datetime) -> User | None:
    """Give the open account of this person, None where there is none, which is written down.

    The first time it is found by an address that the provider has verified; from then on by the subject alone,
    for an address may be given to somebody else (OpenID Connect Core, 5.7).
    """
    subject = f"{claims.issuer} {claims.subject}"
    user = session.scalars(select(User).where(User.oidc_subject == subject)).one_or_none()
    if user is None and claims.email_verified:
        user = _linked(session, claims.email, subject, now)
    if user is None or not user.active:
        entry.refuse(session, claims.email, keys, now)
        return None
    return user


def _linked(session: Session, email: str, subject: str, now: datetime) -> User | None:
    user = users.by_email(session, email)
    if user is None or not user.active or user.oidc_subject is not None:
        return None
    user.oidc_subject = subject
    audit.record(session, "sign_on_linked", user.email, now)
    return user
