"""Log-ins of browsers: begun, looked up with every request, proven again, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casebook.models import DeskSession, User
from casebook.rules import sessions as rules
from casebook.service import audit
from config.crypto import KeyRing
from config.errors import PermanentError

LONGEST_ADDRESS = 64
KEPT = timedelta(days=90)
"""How long an ended session stays in the list of those who look after the desk."""


class NoSuchSession(PermanentError):
    """Phiên đăng nhập này không còn."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser as it comes in: from which address, and what it calls itself."""

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A session as its owner sees it in the list."""

    id: UUID
    browser: str
    address: str
    began_at: datetime
    seen_at: datetime
    second_factor: bool


def address_context(session_id: UUID) -> str:
    """What a sealed address is bound to."""
    return f"desk-session:{session_id}"


def begin(session: Session, user: User, visit: Visit, keys: KeyRing, now: datetime, *, second: bool) -> DeskSession:
    """Write down that a person logged in; `second` says that they showed a second factor."""
    session_id = uuid4()
    row = DeskSession(
        id=session_id,
        user_id=user.id,
        began_at=now,
        seen_at=now,
        proven_at=now,
        second_factor=second,
        address_sealed=keys.seal(visit.address[:LONGEST_ADDRESS].encode(), address_context(session_id)),
        browser=rules.browser_name(visit.agent),
    )
    session.add(row)
    user.last_login_at = now
    session.flush()
    audit.record(session, "login", user.email, now)
    return row


def current(session: Session, session_id: UUID, now: datetime, *, seen: bool) -> tuple[User, DeskSession] | None:
    """Give the person and the session of a browser; None once it was ended or its time is over.

    `seen` says that the person did something, which keeps the session alive.
    """
    asked = select(User, DeskSession).join(DeskSession, DeskSession.user_id == User.id)
    found = session.execute(asked.where(DeskSession.id == session_id)).one_or_none()
    if found is None:
        return None
    user, row = found
    if not user.active or not rules.stands(row.began_at, row.seen_at, row.ended_at, now):
        return None
    if seen and now - row.seen_at >= rules.SEEN_EVERY:
        row.seen_at = now
    return user, row


def of_user(session: Session, user_id: UUID, keys: KeyRing, now: datetime) -> list[Seen]:
    """List the sessions of a person that are good now, the last seen first."""
    rows = select(DeskSession).where(DeskSession.user_id == user_id, DeskSession.ended_at.is_(None))
    standing = session.scalars(rows.order_by(DeskSession.seen_at.desc())).all()
    return [
        Seen(
            row.id,
            row.browser,
            keys.open(row.address_sealed, address_context(row.id)).decode(),
            row.began_at,
            row.seen_at,
            row.second_factor,
        )
        for row in standing
        if rules.stands(row.began_at, row.seen_at, row.ended_at, now)
    ]


def end(session: Session, user: User, session_id: UUID, now: datetime, *, by: str) -> DeskSession:
    """End one session of a person; raises NoSuchSession where it is not theirs or has ended."""
    row = session.get(DeskSession, session_id, with_for_update=True)
    if row is None or row.user_id != user.id or row.ended_at is not None:
        raise NoSuchSession
    row.ended_at, row.ended_by = now, by
    audit.record(session, "session_ended", by, now, account=user.email, browser=row.browser)
    return row


def end_all(session: Session, user_id: UUID, now: datetime, *, by: str, but: UUID | None = None) -> int:
    """End every session of a person, except one; gives how many that were. The caller writes down why."""
    standing = update(DeskSession).where(DeskSession.user_id == user_id, DeskSession.ended_at.is_(None))
    if but is not None:
        standing = standing.where(DeskSession.id != but)
    ended = session.scalars(standing.values(ended_at=now, ended_by=by).returning(DeskSession.id)).all()
    return len(ended)


def log_out(session: Session, session_id: UUID, email: str, now: datetime) -> None:
    """End the session of somebody who leaves."""
    end_quietly(session, session_id, now, by=email)
    audit.record(session, "logout", email, now)


def end_quietly(session: Session, session_id: UUID, now: datetime, *, by: str) -> None:
    """End a session if it is not over yet. The caller writes down why."""
    row = session.get(DeskSession, session_id, with_for_update=True)
    if row is not None and row.ended_at is None:
        row.ended_at, row.ended_by = now, by


def forget_old(session: Session, now: datetime) -> None:
    """Delete the sessions that are long over: where people logged in from is nobody's business for ever."""
    session.execute(delete(DeskSession).where(DeskSession.seen_at < now - KEPT))
