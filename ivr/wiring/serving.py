"""The long-running processes: web, worker, clock, test mailbox."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from datetime import timedelta
from types import FrameType
from typing import NoReturn

from casebook import pipeline
from casebook.adapters.mail_sink import run_mail_sink
from config.jobs.ticker import Periodic, run_clock
from config.jobs.worker import build_worker, run_worker
from config.settings import load_settings
from config.web_server import WebServer
from ivr.reconcile import reconcile_periodic, reconcile_step
from ivr.wiring.house import House, open_house
from ivr.wiring.web_app import create_app


def serve_web() -> None:
    """Serve the web application until told to stop; each process builds its own house."""
    settings = load_settings()
    WebServer(
        _web_application, bind=settings.bind, processes=settings.web_processes, threads=settings.web_threads
    ).run()


def _web_application() -> object:
    # gunicorn ends the process when the worker stops; the house lives as long as the process.
    opened = open_house("web")
    house = opened.__enter__()
    app = create_app(house)
    app.extensions["house"] = opened
    return app


def serve_jobs(queues: Sequence[str], concurrency: int) -> None:
    """Take jobs from `queues` until told to stop."""
    with open_house("worker") as house:
        steps = [*pipeline.steps(house.tools), reconcile_step(house.reconciler)]
        run_worker(build_worker(house.database, steps, house.clock), queues, concurrency)


def serve_clock() -> None:
    """Fire the periodic jobs until told to stop."""
    signal.signal(signal.SIGTERM, _leave)
    with open_house("clock") as house:
        run_clock(house.database, periodics(house), house.clock)


def periodics(house: House) -> list[Periodic]:
    """List everything that the clock fires."""
    settings = house.settings
    cases = pipeline.periodics(
        forward_every=timedelta(minutes=settings.forward_every_minutes), daily_at=settings.daily_mail_at
    )
    if not house.has_account:
        # The test caller keeps no lists once it has hung up.
        return cases
    return [*cases, reconcile_periodic(timedelta(minutes=settings.reconcile_every_minutes))]


def serve_mail_sink() -> None:
    """Take mail into the local test mailbox until told to stop."""
    settings = load_settings()
    run_mail_sink(settings.mail_sink_bind, settings.mail_sink_dir)


def _leave(_sign: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
