"""Who works at the desk: invited, given roles and a field of view, closed. Every change is an event of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from casebook.models import User
from casebook.rules.policy import Role, reads_secrets, roles_of
from casebook.service import audit, links, notices, second_factor, users
from casebook.service.notices import Post
from casebook.tools import House
from config.errors import PermanentError
from transcription.rules.text import fold

RIGHTS = "rights"
"""The kind of mails that tell of rights to read what is secret, and of doors that were changed."""


class ChangedMeanwhile(PermanentError):
    """Người khác vừa sửa tài khoản này. Hãy xem lại rồi lưu lần nữa."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is at the desk and how far they see; None for no limit."""

    name: str
    roles: frozenset[Role]
    unit: str | None = None
    lines: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None

    def data(self) -> dict[str, Any]:
        """Give it as an event keeps it."""
        limits = {"lines": self.lines, "regions": self.regions}
        listed = {name: None if limit is None else sorted(limit) for name, limit in limits.items()}
        return {"name": self.name, "roles": sorted(role.value for role in self.roles), "unit": self.unit, **listed}


def standing_of(user: User) -> Standing:
    """Give what an account stands for now."""
    return Standing(user.name, roles_of(user.roles), user.unit, _limit(user.lines), _limit(user.regions))


def invite(session: Session, email: str, standing: Standing, house: House, now: datetime, *, by: str) -> User:
    """Make an account without a password and mail its owner a link; raises AccountExists."""
    user = users.create(session, email=email, name=standing.name, roles=standing.roles, password=None, now=now, by=by)
    _set(user, standing)
    links.send(session, user, links.INVITATION, house, now, by=by)
    tell_of_rights(session, user, standing.roles, house, now, by=by)
    return user


def send_link(session: Session, user: User, house: House, now: datetime, *, by: str) -> str:
    """Mail the link again: an invitation to somebody who never came, else a reset; gives which."""
    purpose = links.RESET if user.password_hash else links.INVITATION
    links.send(session, user, purpose, house, now, by=by)
    return purpose


def change(
    session: Session,
    user: User,
    wanted: Standing,
    house: House,
    now: datetime,
    *,
    by: str,
    seen: Standing | None = None,
) -> None:
    """Say what a person is from now on; raises LastOperator, or ChangedMeanwhile if it is not `seen` that stands."""
    session.refresh(user, with_for_update=True)
    before = standing_of(user)
    if seen is not None and seen != before:
        raise ChangedMeanwhile
    if wanted == before:
        return
    if not users.runs_people(wanted.roles):
        users.keep_an_operator(session, user)
    _set(user, wanted)
    kind = "account_changed" if wanted.roles == before.roles else "roles_changed"
    audit.record(session, kind, by, now, account=user.email, before=before.data(), after=wanted.data())
    tell_of_rights(session, user, wanted.roles - before.roles, house, now, by=by)


def reset_factor(session: Session, user: User, house: House, now: datetime, *, by: str) -> None:
    """Take a lost second factor away, and tell its owner, who may know nothing of it."""
    second_factor.turn_off(session, user, now, by=by)
    Post(session, house, now, RIGHTS).to([(user.email, user.name)], notices.factor_reset(house))


def tell_of_rights(
    session: Session, user: User, gained: Iterable[Role], house: House, now: datetime, *, by: str
) -> None:
    """Write down and mail to custodians and chiefs that somebody may read secrets from now on."""
    secret = reads_secrets(gained)
    if not secret:
        return
    audit.record(session, "reading_rights_given", by, now, account=user.email, roles=sorted(secret))
    notice = notices.rights_given(user, secret, by, house)
    Post(session, house, now, RIGHTS).to(notices.guardians(session, house), notice)


def found(session: Session, text: str) -> list[User]:
    """List the accounts whose name or address holds `text`, with or without diacritics; the closed ones last."""
    wanted = fold(text)
    rows = [user for user in users.all_users(session) if wanted in fold(f"{user.name} {user.email}")]
    return sorted(rows, key=lambda user: (not user.active, fold(user.name), user.email))


def _set(user: User, standing: Standing) -> None:
    user.name, user.unit = standing.name, standing.unit
    user.roles = sorted(role.value for role in standing.roles)
    user.lines = _listed(standing.lines)
    user.regions = _listed(standing.regions)


def _listed(limit: Sequence[str] | None) -> list[str] | None:
    return None if limit is None else sorted(limit)


def _limit(kept: list[Any] | None) -> tuple[str, ...] | None:
    return None if kept is None else tuple(sorted(kept))
