"""Callers who only disturb: for a while their calls end as a row that says why, and nobody is rung for.

The caller hears nothing different and is recorded as ever. A mute silences nobody in danger, nobody on the
confidential line (a whistle-blower must not be silenced by whom they accuse), and no call that could not be heard.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseEvent, MutedCaller
from casebook.rules import wording
from casebook.rules.states import Action, Status
from casebook.service import audit, cases, events
from config.errors import PermanentError
from recordings.models import Recording, RecordingState
from transcription import service as transcripts

LONGEST_DAYS = 90
"""A mute that is forgotten ends by itself."""

_ACTS = frozenset(action.value for action in Action)


class NoNumber(PermanentError):
    """Người gọi không hiện số nên không chặn được."""


class AlreadyMuted(PermanentError):
    """Số này đang bị tạm chặn rồi; muốn đổi thời hạn, hãy bỏ chặn trước."""


class BadMute(PermanentError):
    """Hãy ghi lý do và chọn số ngày từ 1 đến 90."""


class NoSuchMute(PermanentError):
    """Lệnh chặn này không còn hiệu lực; hãy tải lại danh sách."""


def mute(session: Session, case: Case, days: int, *, why: str, now: datetime, actor: str) -> MutedCaller:
    """Mute the caller of a case for so many days; raises NoNumber, AlreadyMuted or BadMute."""
    if not why or not 1 <= days <= LONGEST_DAYS:
        raise BadMute
    if case.caller_hash is None:
        raise NoNumber
    if of_caller(session, case.caller_hash, now) is not None:
        raise AlreadyMuted
    until = now + timedelta(days=days)
    muted = MutedCaller(caller_hash=case.caller_hash, why=why, muted_by=actor, muted_at=now, until=until)
    session.add(muted)
    session.flush()
    told = {"mute": str(muted.id), "until": until.isoformat(), "why": why}
    events.record(session, case.id, "caller_muted", now=now, actor=actor, **told)
    audit.record(session, "caller_muted", actor, now, mute=str(muted.id), days=days)
    return muted


def of_caller(session: Session, caller_hash: str | None, at: datetime) -> MutedCaller | None:
    """Give the mute that a caller is under at a moment."""
    if caller_hash is None:
        return None
    return session.scalars(select(MutedCaller).where(MutedCaller.caller_hash == caller_hash, _holds(at))).first()


def _holds(at: datetime) -> ColumnElement[bool]:
    return and_(MutedCaller.muted_at <= at, MutedCaller.until > at, MutedCaller.lifted_at.is_(None))


def lift(session: Session, mute_id: UUID, *, now: datetime, actor: str) -> MutedCaller:
    """End a mute before its time; raises NoSuchMute where it has ended."""
    muted = session.get(MutedCaller, mute_id, with_for_update=True, populate_existing=True)
    if muted is None or muted.lifted_at is not None or muted.until <= now:
        raise NoSuchMute
    muted.lifted_at, muted.lifted_by = now, actor
    audit.record(session, "mute_lifted", actor, now, mute=str(mute_id))
    return muted


def restore(session: Session, mute_id: UUID, *, now: datetime, actor: str) -> MutedCaller:
    """Undo a lift: the mute goes on to the end it had; raises NoSuchMute or AlreadyMuted."""
    muted = session.get(MutedCaller, mute_id, with_for_update=True, populate_existing=True)
    if muted is None or muted.lifted_at is None or muted.until <= now:
        raise NoSuchMute
    if of_caller(session, muted.caller_hash, now) is not None:
        raise AlreadyMuted
    muted.lifted_at = muted.lifted_by = None
    audit.record(session, "mute_restored", actor, now, mute=str(mute_id))
    return muted


def hush(session: Session, case: Case, now: datetime) -> bool:
    """Set the case of a muted caller aside, saying why; False where a person has to look all the same."""
    muted = of_caller(session, case.caller_hash, case.opened_at)
    if muted is None or case.emergency or case.confidential or not _all_heard(session, case):
        return False
    events.record(session, case.id, "call_muted", now=now, mute=str(muted.id))
    why = f"Số bị tạm chặn đến {wording.moment(muted.until)}: {muted.why}"
    cases.set_aside(session, case, now=now, actor=events.SYSTEM, why=why)
    return True


def _all_heard(session: Session, case: Case) -> bool:
    """Whether everything said was written down: what nobody and nothing heard may be a call for help."""
    said = [session.get_one(Recording, link.recording_id) for link in case.recordings]
    spoken = (recording for recording in said if recording.state is not RecordingState.ABSENT)
    return all(transcripts.latest(session, recording.id) is not None for recording in spoken)


def let_ring(session: Session, case: Case, now: datetime) -> None:
    """Take a muted call up again in which danger was heard after all, unless somebody has looked after it."""
    if Status(case.status) is not Status.SET_ASIDE:
        return
    happened = select(CaseEvent.kind).where(CaseEvent.case_id == case.id, CaseEvent.kind.in_({*_ACTS, "call_muted"}))
    kinds = list(session.scalars(happened.order_by(CaseEvent.number)))
    if kinds[-2:] == ["call_muted", Action.SET_ASIDE]:
        why = "Số bị tạm chặn, nhưng nghe ra dấu hiệu nguy hiểm tính mạng."
        cases.reopen(session, case, now=now, actor=events.SYSTEM, why=why)
