"""Jobs: in the transaction of their row, run at least once, given up on a list that people see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from config.clock import Clock
from config.database.engine import Database
from config.errors import PermanentError, TemporaryError
from config.jobs.models import FailedStep, Tick
from config.jobs.queue import defer
from config.jobs.steps import Step, note_failure, open_failures, retry
from config.jobs.ticker import Periodic, tick
from config.jobs.worker import RETRY_STALLED, build_worker, run_worker


class Out(TemporaryError):
    """Chưa được."""


class Bad(PermanentError):
    """Không bao giờ được."""


def step_that(run: Callable[..., None], waits: tuple[float, ...] = ()) -> Step:
    return Step("work", "default", run, lambda arguments: f"thing:{arguments['thing']}", waits)


def work_off(database: Database, clock: Clock, *steps: Step) -> None:
    run_worker(build_worker(database, steps, clock), ["default"], 1, wait=False)


def queue(database: Database, thing: str = "1", **options: Any) -> None:
    with database.begin() as session:
        defer(session, "work", thing=thing, **options)


def failures(database: Database) -> list[FailedStep]:
    with database.begin() as session:
        return open_failures(session)


def test_a_job_runs_after_its_transaction_commits(database: Database, clock: Clock) -> None:
    done: list[str] = []
    queue(database)
    work_off(database, clock, step_that(lambda thing: done.append(thing)))
    assert done == ["1"]


def test_a_rolled_back_transaction_leaves_no_job(database: Database, clock: Clock) -> None:
    done: list[str] = []
    with database.begin() as session:
        defer(session, "work", thing="1")
        session.rollback()
    work_off(database, clock, step_that(lambda thing: done.append(thing)))
    assert done == []


def test_a_second_waiting_job_with_one_queueing_lock_is_not_added(database: Database) -> None:
    with database.begin() as session:
        assert defer(session, "work", queueing_lock="a", thing="1")
        assert not defer(session, "work", queueing_lock="a", thing="1")
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 1


def test_a_temporary_failure_is_tried_again_until_it_works(database: Database, clock: Clock) -> None:
    tries: list[str] = []

    def run(thing: str) -> None:
        tries.append(thing)
        if len(tries) < 3:
            raise Out

    queue(database)
    work_off(database, clock, step_that(run, (0, 0, 0)))
    work_off(database, clock, step_that(run, (0, 0, 0)))
    work_off(database, clock, step_that(run, (0, 0, 0)))
    assert tries == ["1", "1", "1"]
    assert failures(database) == []


def test_a_step_that_keeps_failing_ends_on_the_failed_list_with_its_reason(database: Database, clock: Clock) -> None:
    def run(thing: str) -> None:
        raise Out

    queue(database)
    for _ in range(3):
        work_off(database, clock, step_that(run, (0,)))
    (failure,) = failures(database)
    assert (failure.subject, failure.reason, failure.attempts) == ("thing:1", "Chưa được.", 2)


def test_a_permanent_failure_is_not_tried_again(database: Database, clock: Clock) -> None:
    tries: list[str] = []

    def run(thing: str) -> None:
        tries.append(thing)
        raise Bad

    queue(database)
    for _ in range(2):
        work_off(database, clock, step_that(run, (0, 0)))
    assert tries == ["1"]
    assert [failure.reason for failure in failures(database)] == ["Không bao giờ được."]


def test_the_retry_button_runs_the_step_again_and_success_clears_the_list(
    database: Database, clock: Clock, now: datetime
) -> None:
    broken = [True]

    def run(thing: str) -> None:
        if broken:
            raise Bad

    queue(database)
    work_off(database, clock, step_that(run))
    (failure,) = failures(database)
    broken.clear()
    with database.begin() as session:
        assert retry(session, failure.id, by="an@soyte.example", now=now)
        assert not retry(session, failure.id, by="an@soyte.example", now=now), "pressed twice"
    work_off(database, clock, step_that(run))
    assert failures(database) == []
    with database.begin() as session:
        assert session.scalars(select(FailedStep.resolved_by)).all() == ["an@soyte.example"]


def test_one_subject_stands_on_the_failed_list_once(database: Database, now: datetime) -> None:
    step = step_that(lambda thing: None)
    with database.begin() as session:
        note_failure(session, step, {"thing": "1"}, "thiếu địa chỉ", now)
        note_failure(session, step, {"thing": "1"}, "vẫn thiếu địa chỉ", now + timedelta(hours=1))
    assert [failure.reason for failure in failures(database)] == ["vẫn thiếu địa chỉ"]


def test_the_job_of_a_killed_worker_is_taken_up_again(database: Database, clock: Clock) -> None:
    done: list[str] = []
    queue(database)
    with database.engine.begin() as connection:
        # What kill -9 leaves behind: a job being done by a worker whose heart stopped.
        connection.execute(
            text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')")
        )
        connection.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing',"
                " worker_id = (SELECT max(id) FROM procrastinate_workers)"
            )
        )
    with database.begin() as session:
        defer(session, RETRY_STALLED)
    for _ in range(2):
        work_off(database, clock, step_that(lambda thing: done.append(thing)))
    assert done == ["1"]


def test_a_job_that_fails_is_tried_again_even_while_its_like_waits(database: Database, clock: Clock) -> None:
    tries: list[str] = []

    def run(thing: str) -> None:
        tries.append(thing)
        if len(tries) < 3:
            queue(database, queueing_lock="a")
            raise Out

    queue(database, queueing_lock="a")
    work_off(database, clock, step_that(run, (0, 0, 0, 0)))
    assert len(tries) >= 3
    assert failures(database) == []


@pytest.mark.parametrize("task", ["work", RETRY_STALLED])
def test_a_killed_workers_job_gives_way_to_one_with_its_lock_that_waits(
    database: Database, clock: Clock, task: str
) -> None:
    arguments: dict[str, Any] = {"thing": "1"} if task == "work" else {}
    with database.begin() as session:
        defer(session, task, queueing_lock="a", **arguments)
        session.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"))
        session.execute(
            text("UPDATE procrastinate_jobs SET status='doing', worker_id=(SELECT max(id) FROM procrastinate_workers)")
        )
        defer(session, task, queueing_lock="a", **arguments)
        defer(session, RETRY_STALLED)
    done: list[str] = []
    for _ in range(2):
        work_off(database, clock, step_that(lambda thing: done.append(thing)))
    with database.begin() as session:
        assert set(session.scalars(text("SELECT status::text FROM procrastinate_jobs"))) == {"succeeded"}


def test_two_clocks_enqueue_one_job(database: Database, now: datetime) -> None:
    periodic = Periodic("work", every=timedelta(minutes=5))
    with database.begin() as session:
        assert tick(session, periodic, now)
    with database.begin() as session:
        assert not tick(session, periodic, now + timedelta(seconds=20))
        assert tick(session, replace(periodic, job="other"), now)
    with database.begin() as session:
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 2


def test_the_next_period_fires_again_and_old_ticks_are_forgotten(database: Database, now: datetime) -> None:
    periodic = Periodic("work", every=timedelta(minutes=5))
    with database.begin() as session:
        tick(session, periodic, now - timedelta(days=30))
        assert tick(session, periodic, now)
        assert session.scalars(select(Tick.fires_at)).all() == [now]
