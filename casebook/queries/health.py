"""How the running house is: queues, workers, clock, mails, calls, as numbers and moments without anybody's data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from casebook.models import Case, OutboxMail
from casebook.rules import wording
from casebook.rules.wording import Say, plain
from config.checks import Finding, mind, well, wrong
from config.jobs.models import FailedStep, Tick
from config.jobs.worker import STALLED_AFTER

QUEUE_NAMES = {"default": "Hàng đợi việc chung", "speech": "Hàng đợi chép lời", "mail": "Hàng đợi gửi thư"}
"""What the queues are called, in the order they are shown."""

SLOW = {"default": timedelta(minutes=5), "speech": timedelta(minutes=30), "mail": timedelta(minutes=10)}
"""How long a job may wait before the operator should know; speech takes as long as people talk."""

A_MINUTE = timedelta(minutes=1)

STUCK = 12
"""Times that, and something is wrong."""

CLOCK_LATE = timedelta(minutes=5)
"""The clock fires something every half minute; silence for so long means that it does not run."""

DAILY_LATE = timedelta(hours=26)
"""A daily mail is a day apart, with some hours for a weekend's slow mail server."""

MORE_WORKERS = "Chạy thêm tiến trình làm việc: python app.py worker. Xem cả trang Việc mắc lỗi."

_QUEUES = text("""
    SELECT queue_name,
           count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) AS waiting,
           count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()) AS later,
           count(*) FILTER (WHERE status = 'doing') AS doing,
           coalesce(extract(epoch FROM now() - min(coalesce(scheduled_at, queued.at)) FILTER (
               WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now())), 0) AS oldest
    FROM procrastinate_jobs AS job
    LEFT JOIN LATERAL (
        SELECT max(at) AS at FROM procrastinate_events
        WHERE job_id = job.id AND type IN ('deferred', 'deferred_for_retry')
    ) AS queued ON true
    WHERE status IN ('todo', 'doing')
    GROUP BY queue_name
""")

_WORKERS = text(
    "SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => :alive)),"
    " extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
)


@dataclass(frozen=True, slots=True)
class QueueState:
    """A queue: jobs that wait now, that wait for a later try, that are being done; how long the oldest has waited."""

    name: str
    waiting: int = 0
    later: int = 0
    doing: int = 0
    oldest: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Pulse:
    """The house's signs of life at one moment; a moment is None where the thing never happened."""

    queues: tuple[QueueState, ...]
    workers: int
    last_worker: timedelta | None
    last_tick: datetime | None
    failed_steps: int
    mails_undecided: int
    last_mail: datetime | None
    last_daily: datetime | None
    last_case: datetime | None


def take_pulse(session: Session) -> Pulse:
    """Read the signs of life; `session` must see every mail and case, of which only moments and counts are taken."""
    workers, silent = session.execute(_WORKERS, {"alive": STALLED_AFTER}).one()
    undecided = select(func.count()).where(OutboxMail.state.in_(("failed", "uncertain")))
    sent = select(func.max(OutboxMail.sent_at)).where(OutboxMail.state == "sent")
    failed = select(func.count()).where(FailedStep.resolved_at.is_(None))
    return Pulse(
        queues=_queues(session),
        workers=workers,
        last_worker=None if silent is None else timedelta(seconds=float(silent)),
        last_tick=session.scalar(select(func.max(Tick.fires_at))),
        failed_steps=session.scalar(failed) or 0,
        mails_undecided=session.scalar(undecided) or 0,
        last_mail=session.scalar(sent),
        last_daily=session.scalar(sent.where(OutboxMail.kind == "daily")),
        last_case=session.scalar(select(func.max(Case.opened_at))),
    )


def _queues(session: Session) -> tuple[QueueState, ...]:
    found = {
        row.queue_name: QueueState(
            row.queue_name, row.waiting, row.later, row.doing, timedelta(seconds=max(0.0, float(row.oldest)))
        )
        for row in session.execute(_QUEUES)
    }
    return tuple(found.get(name, QueueState(name)) for name in QUEUE_NAMES)


def findings(pulse: Pulse, now: datetime, say: Say = plain) -> Iterator[tuple[str, Finding]]:
    """Judge the signs of life: what each means in a plain sentence, and what to do."""
    yield "Tiến trình làm việc", _workers(pulse, say)
    yield "Bộ hẹn giờ", _clock(pulse, now, say)
    for queue in pulse.queues:
        yield QUEUE_NAMES[queue.name], _queue(queue, say)
    yield "Việc mắc lỗi", _failures(pulse, say)
    yield "Thư gửi gần nhất", _since(pulse.last_mail, now, say, "Chưa gửi thư nào")
    yield "Thư tổng hợp gần nhất", _daily(pulse, now, say)
    yield "Cuộc gọi gần nhất", _since(pulse.last_case, now, say, "Chưa có cuộc gọi nào mở phản ánh")


def _workers(pulse: Pulse, say: Say) -> Finding:
    if pulse.workers:
        return well(say("%(n)s tiến trình đang chạy", n=pulse.workers))
    fix = "Chạy: python app.py worker (make run đã gồm)."
    if pulse.last_worker is None:
        return wrong("Không có tiến trình làm việc nào: cuộc gọi được ghi nhưng chưa chép lời, chưa gửi đi", fix)
    ago = wording.span(pulse.last_worker, say)
    return wrong(say("Tiến trình cuối cùng ngừng %(ago)s trước", ago=ago), fix)


def _clock(pulse: Pulse, now: datetime, say: Say) -> Finding:
    fix = "Chạy: python app.py clock (make run đã gồm)."
    if pulse.last_tick is None:
        return wrong("Chưa chạy lần nào: thư tổng hợp và nhắc việc không tự gửi", fix)
    if now - pulse.last_tick > CLOCK_LATE:
        return wrong(say("Ngừng từ %(at)s", at=wording.moment(pulse.last_tick, say)), fix)
    return well("Đang chạy")


def _queue(queue: QueueState, say: Say) -> Finding:
    told = say("%(waiting)s việc đang chờ, %(doing)s đang làm", waiting=queue.waiting, doing=queue.doing)
    told += say(", %(n)s chờ đến giờ thử lại", n=queue.later) if queue.later else ""
    if not queue.waiting:
        return well(told)
    if queue.oldest >= A_MINUTE:
        told += say("; việc cũ nhất chờ %(span)s", span=wording.span(queue.oldest, say))
    verdict: Callable[[str, str], Finding] = wrong if queue.oldest > STUCK * SLOW[queue.name] else mind
    return verdict(told, MORE_WORKERS) if queue.oldest > SLOW[queue.name] else well(told)


def _failures(pulse: Pulse, say: Say) -> Finding:
    if not pulse.failed_steps and not pulse.mails_undecided:
        return well("Không có")
    steps, mails = pulse.failed_steps, pulse.mails_undecided
    told = say("%(steps)s bước dừng lại, %(mails)s thư cần quyết định", steps=steps, mails=mails)
    return mind(told, "Mở trang Việc mắc lỗi, sửa nguyên nhân rồi bấm làm lại.")


def _daily(pulse: Pulse, now: datetime, say: Say) -> Finding:
    if pulse.last_daily is None:
        return mind("Chưa gửi thư tổng hợp nào", "Đặt HOTLINE_SUPERVISOR_EMAILS và chạy bộ hẹn giờ.")
    told = wording.moment(pulse.last_daily, say)
    if now - pulse.last_daily > DAILY_LATE:
        return mind(say("%(at)s: đã quá một ngày", at=told), "Kiểm tra bộ hẹn giờ và hàng đợi gửi thư.")
    return well(told)


def _since(at: datetime | None, now: datetime, say: Say, never: str) -> Finding:
    if at is None:
        return well(never)
    return well(say("%(at)s, %(ago)s trước", at=wording.moment(at, say), ago=wording.span(now - at, say)))
