"""What waits for a person because it will not go on by itself: failed steps, doubtful mails, units without address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseRecording, OutboxMail
from casebook.queries.visible import visible
from casebook.rules.failure_reasons import Reason, told
from casebook.rules.policy import Permission, Viewer
from casebook.rules.states import FINISHED
from config.directory.units import Unit
from config.jobs.models import FailedStep
from config.jobs.steps import open_failures

STEP_NAMES = {
    "collect": "Tải bản ghi âm",
    "transcribe": "Chép lời",
    "structure": "Lập phản ánh",
    "forward_due": "Quét phản ánh chờ chuyển",
    "forward": "Soạn phiếu chuyển",
    "send_mail": "Gửi thư",
    "daily_mail": "Thư tổng hợp hằng ngày",
    "forget_provider_copy": "Xóa bản ghi ở nhà mạng",
    "housekeeping": "Dọn dẹp định kỳ",
    "reconcile": "Đối soát với nhà mạng",
    "disguise": "Tạo bản ghi đã đổi giọng",
    "prove_chains": "Kiểm tra nhật ký sự kiện",
}
"""What people call the steps of the journey."""

MAIL_STEP = "send_mail"


@dataclass(frozen=True, slots=True)
class StuckStep:
    """A step on the failed list; `code` is the case it belongs to, if the person may see it."""

    id: UUID
    job: str
    step: str
    code: str | None
    reason: Reason
    attempts: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class StuckMail:
    """A mail that failed, or of which nobody knows whether it arrived."""

    id: UUID
    code: str | None
    kind: str
    recipient: str
    subject: str
    state: str
    failure: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MuteUnit:
    """A unit without an address, or a retired one, and how many open cases it has."""

    slug: str
    name: str
    cases: int


def stuck_steps(session: Session, viewer: Viewer) -> list[StuckStep]:
    """List the failed steps, newest first; mails have a list of their own."""
    failures = [failure for failure in open_failures(session) if failure.job != MAIL_STEP]
    codes = _codes(session, viewer, [failure.subject for failure in failures])
    return [_step(failure, codes.get(failure.subject)) for failure in failures]


def stuck_mails(session: Session, viewer: Viewer, limit: int = 200) -> list[StuckMail]:
    """List the mails that wait for a decision, newest first; those of cases that may not be seen stay away."""
    rows = (
        select(OutboxMail, Case.code)
        .outerjoin(Case, Case.id == OutboxMail.case_id)
        .where(OutboxMail.state.in_(("failed", "uncertain")), or_(OutboxMail.case_id.is_(None), visible(viewer)))
        .order_by(OutboxMail.created_at.desc())
        .limit(limit)
    )
    return [_mail(mail, code) for mail, code in session.execute(rows)]


def mute_units(session: Session, units: tuple[Unit, ...]) -> list[MuteUnit]:
    """List the units that no letter can reach, those with open cases first."""
    return _with_cases(session, [unit for unit in units if not unit.email and not unit.retired])


def retired_units(session: Session, units: tuple[Unit, ...]) -> list[MuteUnit]:
    """List the retired units that still have open cases, those with most first."""
    listed = _with_cases(session, [unit for unit in units if unit.retired])
    return [unit for unit in listed if unit.cases]


def _with_cases(session: Session, units: list[Unit]) -> list[MuteUnit]:
    grouped = (
        select(Case.responsible_unit, func.count())
        .where(Case.responsible_unit.in_([unit.slug for unit in units]), Case.status.not_in(FINISHED))
        .group_by(Case.responsible_unit)
    )
    waiting = dict(session.execute(grouped).all())
    found = [MuteUnit(unit.slug, unit.name, waiting.get(unit.slug, 0)) for unit in units]
    return sorted(found, key=lambda unit: (-unit.cases, unit.name))


def how_many(session: Session, viewer: Viewer) -> int:
    """Count what waits for a person, for the number beside the link."""
    if not viewer.may(Permission.SEE_FAILURES):
        return 0
    steps = select(func.count()).where(FailedStep.resolved_at.is_(None), FailedStep.job != MAIL_STEP)
    mails = (
        select(func.count())
        .select_from(OutboxMail)
        .outerjoin(Case, Case.id == OutboxMail.case_id)
        .where(OutboxMail.state.in_(("failed", "uncertain")), or_(OutboxMail.case_id.is_(None), visible(viewer)))
    )
    return (session.scalar(steps) or 0) + (session.scalar(mails) or 0)


def _codes(session: Session, viewer: Viewer, subjects: list[str]) -> dict[str, str]:
    """Give the case codes of subjects such as `case:<id>` and `recording:<id>`, where they may be seen."""
    by_case = select(Case.id, Case.code).where(Case.id.in_(_ids("case", subjects)), visible(viewer))
    by_recording = (
        select(CaseRecording.recording_id, Case.code)
        .join(Case, Case.id == CaseRecording.case_id)
        .where(CaseRecording.recording_id.in_(_ids("recording", subjects)), visible(viewer))
    )
    named = {f"case:{case_id}": code for case_id, code in session.execute(by_case)}
    return named | {f"recording:{recording}": code for recording, code in session.execute(by_recording)}


def _ids(kind: str, subjects: list[str]) -> list[UUID]:
    return [UUID(subject.partition(":")[2]) for subject in subjects if subject.startswith(f"{kind}:")]


def _step(failure: FailedStep, code: str | None) -> StuckStep:
    return StuckStep(
        id=failure.id,
        job=failure.job,
        step=STEP_NAMES.get(failure.job, failure.job),
        code=code,
        reason=told(failure.reason),
        attempts=failure.attempts,
        first_at=failure.first_at,
        last_at=failure.last_at,
    )


def _mail(mail: OutboxMail, code: str | None) -> StuckMail:
    return StuckMail(
        id=mail.id,
        code=code,
        kind=mail.kind,
        recipient=mail.recipient,
        subject=mail.subject,
        state=mail.state,
        failure=mail.failure,
        created_at=mail.created_at,
    )
