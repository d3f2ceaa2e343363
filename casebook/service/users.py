"""Accounts of the desk: made, found, given roles, closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import User
from casebook.rules.policy import FIRST_ROLES, Permission, Role, Viewer, roles_of
from casebook.service import audit, passwords, sessions
from config.errors import PermanentError


class AccountExists(PermanentError):
    """Đã có tài khoản với thư điện tử này."""


class NoSuchAccount(PermanentError):
    """Không có tài khoản với thư điện tử này."""


class LastOperator(PermanentError):
    """Đây là người vận hành cuối cùng còn hoạt động: hãy trao vai trò Vận hành cho người khác trước."""


def create(
    session: Session,
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    password: str | None,
    now: datetime,
    by: str = "app.py",
    unit: str | None = None,
) -> User:
    """Make an account, of a unit's officer with its slug; raises AccountExists or WeakPassword.

    Without a password nobody logs in to it until a link was followed that sets one.
    """
    address = plain_email(email)
    if by_email(session, address) is not None:
        raise AccountExists
    if password is not None:
        passwords.check(password, address)
    user = User(
        email=address,
        name=name,
        roles=sorted(role.value for role in roles),
        password_hash="" if password is None else passwords.hash_of(password),
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
    password = passwords.new_password()
    create(session, email=email, name="Quản trị", roles=FIRST_ROLES, password=password, now=now)
    return password


def plain_email(email: str) -> str:
    """Give the one form of an address by which accounts are found."""
    return email.strip().lower()


def by_email(session: Session, email: str) -> User | None:
    """Find the account with this address."""
    return session.scalars(select(User).where(User.email == plain_email(email))).one_or_none()


def change_password(session: Session, user_id: UUID, old: str, new: str, now: datetime) -> User:
    """Set a new password and end all the account's sessions; raises WrongPassword or WeakPassword.

    Ask `second_factor.may_prove` first: whoever sits at an open screen must not guess for ever.
    """
    user = session.get_one(User, user_id, with_for_update=True)
    if not passwords.fits(old, user.password_hash):
        raise passwords.WrongPassword
    set_password(session, user, new, now, by=user.email)
    audit.record(session, "password_changed", user.email, now)
    return user


def reset_password(session: Session, email: str, now: datetime, by: str = "app.py") -> str:
    """Give an account a random password and end its sessions; raises NoSuchAccount."""
    user = existing(session, email)
    password = passwords.new_password()
    set_password(session, user, password, now, by=by)
    audit.record(session, "password_reset", by, now, account=user.email)
    return password


def set_password(session: Session, user: User, password: str, now: datetime, *, by: str) -> None:
    """Keep a new password and end the account's sessions; raises WeakPassword. The caller writes down why."""
    passwords.check(password, user.email)
    user.password_hash = passwords.hash_of(password)
    sessions.end_all(session, user.id, now, by=by)


def set_active(session: Session, email: str, now: datetime, *, active: bool, by: str = "app.py") -> None:
    """Close an account and end its sessions, or open it again; raises NoSuchAccount or LastOperator."""
    user = existing(session, email)
    if not active:
        keep_an_operator(session, user)
    user.active = active
    sessions.end_all(session, user.id, now, by=by)
    audit.record(session, "account_opened" if active else "account_closed", by, now, account=user.email)


def runs_people(roles: frozenset[Role]) -> bool:
    """Whether somebody with these roles may manage accounts."""
    return Viewer("", roles).may(Permission.MANAGE_PEOPLE)


def keep_an_operator(session: Session, losing: User) -> None:
    """Refuse to leave the house without anybody who may let people in; raises LastOperator."""
    # Locked: two operators who close each other at one moment must not both succeed.
    active = session.scalars(select(User).where(User.active).order_by(User.id).with_for_update()).all()
    operators = [user.id for user in active if runs_people(roles_of(user.roles))]
    if operators == [losing.id]:
        raise LastOperator


def all_users(session: Session) -> list[User]:
    """List the accounts by address."""
    return list(session.scalars(select(User).order_by(User.email)))


def who_may(session: Session, permission: Permission) -> list[User]:
    """List the active accounts whose roles allow `permission`."""
    return [user for user in all_users(session) if user.active and viewer_of(user).may(permission)]


def viewer_of(user: User) -> Viewer:
    """Give what the policy knows a person by."""
    return Viewer(user.email, roles_of(user.roles), user.unit, _limit(user.lines), _limit(user.regions))


def existing(session: Session, email: str) -> User:
    """Give the account with this address; raises NoSuchAccount."""
    user = by_email(session, email)
    if user is None:
        raise NoSuchAccount
    return user


def _limit(names: list[Any] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
