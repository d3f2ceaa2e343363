"""Links that are mailed to people, good once: to choose a first password, or a new one.

Only the SHA-256 of a token is kept: who reads the table opens nothing. A link acts only when its form is sent.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casebook.models import OneTimeLink, User
from casebook.rules.policy import roles_of
from casebook.service import audit, notices, users
from casebook.service.notices import Post
from casebook.service.outbox import LINK
from casebook.tools import House
from config import throttle
from config.crypto import KeyRing
from config.errors import PermanentError

INVITATION, RESET = "invitation", "reset"

LASTS = {INVITATION: timedelta(hours=72), RESET: timedelta(hours=1)}
"""How long a link is good."""

TOKEN_BYTES = 32

WINDOW = timedelta(hours=1)
PER_ADDRESS = 10
PER_ACCOUNT = 3
"""Resets asked for in a window: from one address, for one account."""


class DeadLink(PermanentError):
    """Liên kết này đã dùng, đã hết hạn hoặc đã có liên kết mới hơn. Hãy xin một liên kết khác."""


def send(session: Session, user: User, purpose: str, house: House, now: datetime, *, by: str) -> None:
    """Mail a fresh link; every older one of the person is good no more."""
    _void(session, user, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    until = now + LASTS[purpose]
    session.add(
        OneTimeLink(
            token_hash=_hash(token), purpose=purpose, user_id=user.id, made_by=by, made_at=now, expires_at=until
        )
    )
    address = f"{house.base_url}/desk/links/{token}"
    if purpose == INVITATION:
        notice = notices.invitation(roles_of(user.roles), address, until)
    else:
        notice = notices.reset(address, until)
    Post(session, house, now, LINK).to([(user.email, user.name)], notice)
    audit.record(session, "link_sent", by, now, account=user.email, purpose=purpose)


def forgot(session: Session, email: str, address: str, keys: KeyRing, house: House, now: datetime) -> bool:
    """Mail a link to somebody who forgot their password; False when there were too many tries from one address.

    What is answered does not tell whether there is such an account, nor whether it was asked for too often.
    """
    if not throttle.hit(session, f"forgot-from:{keys.fingerprint(address)}", PER_ADDRESS, WINDOW, now):
        return False
    within = throttle.hit(session, f"forgot:{keys.fingerprint(users.plain_email(email))}", PER_ACCOUNT, WINDOW, now)
    user = users.by_email(session, email)
    # An invitation that was never followed is sent again by an operator, not by whoever types the address.
    if within and user is not None and user.active and user.password_hash:
        send(session, user, RESET, house, now, by=user.email)
    return True


def owner(session: Session, token: str, now: datetime) -> User:
    """Give whose link this is; raises DeadLink unless it is still good."""
    return session.get_one(User, _standing(session, token, now).user_id)


def use(session: Session, token: str, password: str, now: datetime) -> User:
    """Set the password that the link's owner chose, and end their sessions; raises DeadLink or WeakPassword."""
    link = _standing(session, token, now)
    user = session.get_one(User, link.user_id, with_for_update=True)
    users.set_password(session, user, password, now, by=user.email)
    _void(session, user, now)
    audit.record(session, "link_used", user.email, now, purpose=link.purpose)
    return user


def forget_old(session: Session, now: datetime) -> None:
    """Delete the links that nobody can use any more."""
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now))


def _standing(session: Session, token: str, now: datetime) -> OneTimeLink:
    # Locked: of two posts of one link, one finds it used.
    link = session.scalars(
        select(OneTimeLink).where(OneTimeLink.token_hash == _hash(token)).with_for_update()
    ).one_or_none()
    if link is None or link.used_at is not None or now >= link.expires_at:
        raise DeadLink
    if not session.get_one(User, link.user_id).active:
        raise DeadLink
    return link


def _void(session: Session, user: User, now: datetime) -> None:
    unused = update(OneTimeLink).where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
    session.execute(unused.values(used_at=now))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
