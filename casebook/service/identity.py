"""Custody of who called: an inspector asks, a custodian decides, each look is written down."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, IdentityRequest
from casebook.rules import policy
from casebook.rules.policy import Permission, Viewer
from casebook.rules.states import Status
from casebook.service import events, notices, users
from casebook.service.notices import IDENTITY, Post
from casebook.tools import House
from config.errors import PermanentError

GRANTED_FOR = timedelta(hours=24)
"""How long a granted look may be taken."""

WITHDRAWN = "Sự đồng ý đã được thu lại."

RECENT = timedelta(days=30)
"""How far back a custodian sees what was decided."""


class AskedAlready(PermanentError):
    """Bạn đã gửi yêu cầu xem danh tính này; hãy chờ người giữ danh tính quyết định."""


class NotYours(PermanentError):
    """Yêu cầu này không còn chờ, hoặc phải do người giữ danh tính khác quyết định."""


class NoGrant(PermanentError):
    """Chưa có đồng ý còn hiệu lực để xem danh tính này."""


class MissingReason(PermanentError):
    """Hãy ghi lý do từ chối để người hỏi biết phải làm gì."""


def ask(session: Session, case: Case, why: str, house: House, *, now: datetime, actor: str) -> IdentityRequest:
    """Ask the custodians for a look at who called; raises AskedAlready."""
    standing = latest(session, case.id, actor)
    if standing is not None and standing.granted is None:
        raise AskedAlready
    request = IdentityRequest(case_id=case.id, code=case.code, asked_by=actor, asked_at=now, why=why)
    session.add(request)
    session.flush()
    events.record(session, case.id, "identity_asked", now=now, actor=actor, why=why)
    asker = users.existing(session, actor).name
    notice = notices.identity_asked(request, f"{asker} ({actor})", house)
    Post(session, house, now, IDENTITY, case.id).to(notices.custodians(session), notice)
    return request


def latest(session: Session, case_id: UUID, asker: str) -> IdentityRequest | None:
    """Give the last request of this person about this case."""
    own = select(IdentityRequest).where(IdentityRequest.case_id == case_id, IdentityRequest.asked_by == asker)
    # Of two at one moment the one that waits.
    order = (IdentityRequest.asked_at.desc(), IdentityRequest.granted.is_(None).desc())
    return session.scalars(own.order_by(*order).limit(1)).first()


def is_good(request: IdentityRequest | None, now: datetime) -> bool:
    """Whether the request was granted and its time is not over."""
    return request is not None and bool(request.granted) and request.good_until is not None and now < request.good_until


def waiting(session: Session) -> list[IdentityRequest]:
    """List the requests that nobody decided yet, the oldest first."""
    undecided = select(IdentityRequest).where(IdentityRequest.granted.is_(None))
    return list(session.scalars(undecided.order_by(IdentityRequest.asked_at)))


def decided(session: Session, now: datetime) -> list[IdentityRequest]:
    """List what was decided lately, the last first."""
    lately = select(IdentityRequest).where(IdentityRequest.decided_at > now - RECENT)
    return list(session.scalars(lately.order_by(IdentityRequest.decided_at.desc()).limit(100)))


def may_decide(session: Session, request: IdentityRequest, viewer: Viewer) -> bool:
    """Whether this custodian may decide about the request: another's, unless there is no other custodian."""
    others = [user for user in users.who_may(session, Permission.GRANT_IDENTITY) if user.email != viewer.actor]
    return policy.may_decide_request(viewer, request.asked_by, only_custodian=not others)


def decide(
    session: Session, request_id: UUID, viewer: Viewer, house: House, *, grant: bool, words: str, now: datetime
) -> IdentityRequest:
    """Grant a look for a day, or refuse it with words; raises NotYours or MissingReason."""
    request = session.get(IdentityRequest, request_id, with_for_update=True)
    if request is None or request.granted is not None or not may_decide(session, request, viewer):
        raise NotYours
    if not grant and not words:
        raise MissingReason
    request.granted, request.decision = grant, words
    request.decided_by, request.decided_at = viewer.actor, now
    request.good_until = now + GRANTED_FOR if grant else None
    _tell(session, request, house, now, "identity_granted" if grant else "identity_refused", viewer.actor)
    return request


def withdraw(session: Session, request_id: UUID, viewer: Viewer, house: House, now: datetime) -> IdentityRequest:
    """Take a grant back that is still good; raises NotYours."""
    request = session.get(IdentityRequest, request_id, with_for_update=True)
    if request is None or not is_good(request, now) or not may_decide(session, request, viewer):
        raise NotYours
    request.granted, request.good_until, request.decision = False, None, WITHDRAWN
    request.decided_by, request.decided_at = viewer.actor, now
    _tell(session, request, house, now, "identity_withdrawn", viewer.actor)
    return request


def _tell(session: Session, request: IdentityRequest, house: House, now: datetime, kind: str, by: str) -> None:
    events.record(session, request.case_id, kind, now=now, actor=by, asker=request.asked_by, words=request.decision)
    asker = users.by_email(session, request.asked_by)
    if asker is not None and asker.active:
        notice = notices.identity_decided(request, house)
        Post(session, house, now, IDENTITY, request.case_id).to([(asker.email, asker.name)], notice)


def look(session: Session, case: Case, *, now: datetime, actor: str) -> None:
    """Write down a look that was granted; raises NoGrant. Only then may the caller be shown."""
    request = latest(session, case.id, actor)
    if request is None or not is_good(request, now):
        raise NoGrant
    events.record(session, case.id, "identity_viewed", now=now, actor=actor, why=request.why)


def break_glass(session: Session, case: Case, viewer: Viewer, why: str, house: House, now: datetime) -> None:
    """Write down a look at who called while a life is in danger, and tell the custodians; raises NoGrant."""
    if not policy.may_break_glass(viewer, emergency=case.emergency, status=Status(case.status)):
        raise NoGrant
    events.record(session, case.id, "identity_viewed", now=now, actor=viewer.actor, why=why, unasked=True)
    looker = users.existing(session, viewer.actor).name
    notice = notices.glass_broken(case, f"{looker} ({viewer.actor})", why, house)
    Post(session, house, now, IDENTITY, case.id).to(notices.custodians(session), notice)
