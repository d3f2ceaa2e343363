"""The clock of the house: fires periodic jobs, and only enqueues them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from config.clock import LOCAL_ZONE, Clock, local
from config.database.engine import Database
from config.jobs.models import Tick
from config.jobs.queue import QueueName, defer

KEEP_TICKS = timedelta(days=14)
LATE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that the clock enqueues every so many seconds, or every day at a time (Vietnam's).

    With `tells_day` it is told its `day`, as it may be fired or worked off late, and every day has its own.
    """

    job: str
    every: timedelta | None = None
    daily_at: time | None = None
    queue: QueueName = "default"
    arguments: dict[str, Any] = field(default_factory=dict)
    tells_day: bool = False


def tick(session: Session, periodic: Periodic, now: datetime) -> bool:
    """Enqueue one firing of a periodic job, unless another clock has done so; True if we did."""
    fires_at = firing_time(periodic, now)
    taken = session.execute(
        insert(Tick).values(job=periodic.job, fires_at=fires_at).on_conflict_do_nothing().returning(Tick.job)
    ).first()
    if taken is None:
        return False
    session.execute(delete(Tick).where(Tick.fires_at < now - KEEP_TICKS))
    name, arguments = periodic.job, periodic.arguments
    if periodic.tells_day:
        day = local(fires_at).date().isoformat()
        name, arguments = f"{name}:{day}", {**arguments, "day": day}
    defer(session, periodic.job, queue=periodic.queue, queueing_lock=name, **arguments)
    return True


def firing_time(periodic: Periodic, now: datetime) -> datetime:
    """Give the latest moment at or before `now` at which the job is due: the identity of the firing."""
    if periodic.daily_at is not None:
        here = local(now)
        today = datetime.combine(here.date(), periodic.daily_at, LOCAL_ZONE)
        return today if today <= here else today - timedelta(days=1)
    assert periodic.every is not None
    seconds = int(periodic.every.total_seconds())
    return now.replace(microsecond=0) - timedelta(seconds=int(now.timestamp()) % seconds)


def run_clock(database: Database, periodics: Iterable[Periodic], clock: Clock) -> None:
    """Fire the periodic jobs until told to stop; what was missed while no clock ran fires at once."""
    scheduler = BlockingScheduler(timezone=LOCAL_ZONE)
    for periodic in periodics:
        _fire(database, periodic, clock)
        scheduler.add_job(
            _fire,
            _trigger(periodic),
            args=(database, periodic, clock),
            id=periodic.job,
            coalesce=True,
            misfire_grace_time=LATE_SECONDS,
        )
    scheduler.start()


def _trigger(periodic: Periodic) -> CronTrigger | IntervalTrigger:
    if periodic.daily_at is not None:
        return CronTrigger(hour=periodic.daily_at.hour, minute=periodic.daily_at.minute, timezone=LOCAL_ZONE)
    assert periodic.every is not None
    return IntervalTrigger(seconds=int(periodic.every.total_seconds()))


def _fire(database: Database, periodic: Periodic, clock: Clock) -> None:
    with database.begin() as session:
        tick(session, periodic, clock())
