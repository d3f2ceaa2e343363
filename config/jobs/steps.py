"""Steps: jobs that may be run twice, wait longer after each failure, and end on a list people see."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.jobs import Job
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from config.clock import Clock
from config.database.engine import Database
from config.errors import PermanentError
from config.jobs.models import FailedStep
from config.jobs.queue import QueueName, defer

log = logging.getLogger(__name__)

MINUTE = 60
HOUR = 60 * MINUTE
PATIENT = (5, 30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR, 12 * HOUR)
"""Seconds between tries, a day and a half in all: outlives a mail server that is down for a day."""

BRISK = (2, 5, 15, MINUTE, 5 * MINUTE)
"""Seconds between tries of work inside the house."""


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of job: its name, queue, what it runs, and the seconds to wait after each failure.

    `subject` turns the job's arguments into the name of what it works on, such as `case:<id>`;
    `on_failure` runs, with those arguments, in the transaction that puts it on the failed list.
    """

    name: str
    queue: QueueName
    run: Callable[..., None]
    subject: Callable[[dict[str, Any]], str]
    waits: Sequence[float] = BRISK
    on_failure: Callable[[Session, dict[str, Any]], None] | None = None


class Backoff(BaseRetryStrategy):
    """Try again after the step's next wait; not after a PermanentError, nor when the waits are used up."""

    def __init__(self, waits: Sequence[float]) -> None:
        self.waits = waits

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Decide, from how often `job` was tried before, when it is tried again; None gives up."""
        if isinstance(exception, PermanentError) or job.attempts >= len(self.waits):
            return None
        return RetryDecision(retry_in={"milliseconds": int(1000 * self.waits[job.attempts])})


@dataclass(frozen=True, slots=True)
class StepRunner:
    """Runs a step as a job: gives up on the failed list, and clears it after a success."""

    step: Step
    database: Database
    clock: Clock

    def __call__(self, context: JobContext, /, **arguments: Any) -> None:
        """Run the step with the job's arguments; raises what the step raises."""
        job = context.job
        try:
            self._free_queueing_lock(job)
            self._refuse_poison(job)
            self.step.run(**arguments)
        except Exception as error:  # whatever went wrong must reach the failed list
            log.warning("step %s failed on %s: %s", self.step.name, self.step.subject(arguments), describe(error))
            if Backoff(self.step.waits).get_retry_decision(exception=error, job=job) is None:
                with self.database.begin() as session:
                    _write_failure(session, self.step, arguments, describe(error), job.attempts + 1, self.clock())
            raise
        with self.database.begin() as session:
            resolve(session, self.step.name, self.step.subject(arguments), "tự khắc phục", self.clock())

    def _free_queueing_lock(self, job: Job) -> None:
        """A job that has begun is no longer the waiting one: it can be retried beside the next that waits."""
        with self.database.begin() as session:
            session.execute(text("UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE id = :id"), {"id": job.id})

    def _refuse_poison(self, job: Job) -> None:
        """A job that killed its worker each time must not do so for ever."""
        if job.attempts > len(self.step.waits) + 1:
            raise PoisonJob


class PoisonJob(PermanentError):
    """Bước này đã làm dừng tiến trình nhiều lần."""


def describe(error: BaseException) -> str:
    """Say in one line what went wrong."""
    return str(error).strip() or type(error).__doc__ or type(error).__name__


def retry(session: Session, failure_id: UUID, *, by: str, now: datetime) -> bool:
    """Put a failed step back on the queue on a person's word; False if it was dealt with already."""
    failure = session.get(FailedStep, failure_id, with_for_update=True)
    if failure is None or failure.resolved_at is not None:
        return False
    failure.resolved_at, failure.resolved_by = now, by
    queue: QueueName = failure.queue  # type: ignore[assignment]  # written from a Step
    defer(session, failure.job, queue=queue, **failure.arguments)
    return True


def note_failure(session: Session, step: Step, arguments: dict[str, Any], reason: str, now: datetime) -> None:
    """Put something on the failed list that is not an exception, such as a unit without an address."""
    _write_failure(session, step, arguments, reason, 1, now)


def open_failures(session: Session, limit: int = 200) -> list[FailedStep]:
    """List what waits for a person, newest first."""
    rows = select(FailedStep).where(FailedStep.resolved_at.is_(None)).order_by(FailedStep.last_at.desc())
    return list(session.scalars(rows.limit(limit)))


def has_failed(session: Session, job: str, subject: str) -> bool:
    """Whether this step of this subject stands on the failed list."""
    rows = select(FailedStep.id).where(FailedStep.job == job, FailedStep.subject == subject)
    return session.scalars(rows.where(FailedStep.resolved_at.is_(None))).first() is not None


def _write_failure(
    session: Session, step: Step, arguments: dict[str, Any], reason: str, attempts: int, now: datetime
) -> None:
    row = insert(FailedStep).values(
        job=step.name,
        queue=step.queue,
        subject=step.subject(arguments),
        arguments=arguments,
        reason=reason,
        attempts=attempts,
        first_at=now,
        last_at=now,
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=["subject", "job"],
            index_where=FailedStep.resolved_at.is_(None),
            set_={"reason": reason, "attempts": attempts, "last_at": now},
        )
    )
    if step.on_failure is not None:
        step.on_failure(session, arguments)


def resolve(session: Session, job: str, subject: str, by: str, now: datetime) -> None:
    """Take a step off the failed list: it succeeded, or a person settled the matter otherwise."""
    session.execute(
        update(FailedStep)
        .where(FailedStep.job == job, FailedStep.subject == subject, FailedStep.resolved_at.is_(None))
        .values(resolved_at=now, resolved_by=by)
    )
