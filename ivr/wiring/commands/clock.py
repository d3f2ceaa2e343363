"""`clock`: the process that fires periodic jobs."""

from __future__ import annotations

import signal
from datetime import time, timedelta
from types import FrameType
from typing import NoReturn

import click

from casebook import pipeline
from config.jobs.ticker import Periodic, run_clock
from config.processes import end_with_supervisor
from ivr.reconcile import reconcile_periodic
from ivr.wiring.house import House, open_house

RELEARN = "relearn"
"""The job that learns the categories anew; its step is the worker's, which loads the libraries for it."""

RELEARN_AT = time(2, 30)
"""When nobody calls much (Vietnam's time)."""


@click.command()
def command() -> None:
    """Chạy đồng hồ: đến giờ thì xếp việc định kỳ vào hàng đợi."""
    end_with_supervisor()
    signal.signal(signal.SIGTERM, _leave)
    with open_house("clock") as house:
        run_clock(house.database, periodics(house), house.clock)


def periodics(house: House) -> list[Periodic]:
    """List everything that the clock fires."""
    settings = house.settings
    cases = pipeline.periodics(
        forward_every=timedelta(minutes=settings.forward_every_minutes), daily_at=settings.daily_mail_at
    )
    cases.append(Periodic(RELEARN, daily_at=RELEARN_AT))
    if not house.has_account and not settings.gateway:
        # The test caller keeps no lists once it has hung up.
        return cases
    return [*cases, reconcile_periodic(timedelta(minutes=settings.reconcile_every_minutes))]


def _leave(_sign: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
