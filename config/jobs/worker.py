"""A worker process: takes jobs from its queues and runs the steps they name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import procrastinate
from procrastinate import JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from config.clock import Clock
from config.database.engine import Database
from config.jobs.steps import Backoff, Step, StepRunner

RETRY_STALLED = "retry_stalled_jobs"
KEEP_DONE_HOURS = 72
STALLED_AFTER = 30.0
"""Seconds without a heartbeat after which a worker counts as dead."""

GRACE_SECONDS = 20.0
"""How long running jobs may go on after a worker is told to stop; later they are resumed elsewhere."""


def build_worker(database: Database, steps: Iterable[Step], clock: Clock) -> procrastinate.App:
    """Build the job application that knows every step."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=database.url))
    for step in steps:
        runner = StepRunner(step, database, clock)
        app.task(name=step.name, queue=step.queue, retry=Backoff(step.waits), pass_context=True)(runner.__call__)
    app.task(name=RETRY_STALLED, pass_context=True)(_retry_stalled)
    return app


async def _retry_stalled(context: JobContext) -> None:
    """Give the jobs of dead workers to living ones, and forget jobs done long ago."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            # A job with the same queueing lock waits: it will do this one's work.
            await manager.finish_job(job, Status.FAILED, delete_job=True)
    await manager.delete_old_jobs(nb_hours=KEEP_DONE_HOURS)


def run_worker(app: procrastinate.App, queues: Sequence[str], concurrency: int, *, wait: bool = True) -> None:
    """Work until told to stop (SIGINT, SIGTERM), or, without `wait`, until the queues are empty."""
    asyncio.run(_run(app, queues, concurrency, wait=wait))


async def _run(app: procrastinate.App, queues: Sequence[str], concurrency: int, *, wait: bool) -> None:
    async with app.open_async():
        await app.run_worker_async(
            queues=list(queues),
            concurrency=concurrency,
            wait=wait,
            install_signal_handlers=wait,
            stalled_worker_timeout=STALLED_AFTER,
            shutdown_graceful_timeout=GRACE_SECONDS,
        )
