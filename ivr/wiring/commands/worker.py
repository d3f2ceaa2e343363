"""`worker`: a process that takes jobs."""

from __future__ import annotations

import logging
import threading

import click

from casebook import pipeline
from casebook.service.relearning import Teacher
from casebook.understanding_files import UNDERSTANDING_DATA
from config.errors import HotlineError
from config.jobs.steps import Step
from config.jobs.worker import build_worker, run_worker
from config.processes import end_with_supervisor
from ivr.reconcile import reconcile_step
from ivr.wiring.commands.clock import RELEARN
from ivr.wiring.house import House, open_house

log = logging.getLogger(__name__)

QUEUES = ("default", "speech", "mail")


@click.command()
@click.option("--queues", default=",".join(QUEUES), show_default=True, help="Các hàng đợi, cách nhau bằng dấu phẩy.")
@click.option("--concurrency", default=1, show_default=True, help="Số việc làm cùng lúc.")
def command(queues: str, concurrency: int) -> None:
    """Chạy một worker: tải bản ghi, chép lời, lập phản ánh, gửi thư."""
    names = queue_names(queues)
    end_with_supervisor()
    with open_house("+".join(names)) as house:
        if "speech" in names:
            threading.Thread(target=_warm_up, args=(house,), daemon=True).start()
        steps = [*pipeline.steps(house.tools), reconcile_step(house.reconciler), relearn_step(house)]
        run_worker(build_worker(house.database, steps, house.clock), names, concurrency)


def relearn_step(house: House) -> Step:
    """Give the job that learns the categories anew from the confirmed cases."""

    def run() -> None:
        sense = house.understand.sense()
        teacher = Teacher(house.database, house.keys, house.clock, UNDERSTANDING_DATA / "examples.jsonl")
        teacher.relearn(sense.directory, sense.rules)

    return Step(RELEARN, "default", run, lambda _: RELEARN)


def queue_names(text: str) -> tuple[str, ...]:
    """Read the names of queues; raises click.BadParameter for one that does not exist."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names or set(names) - set(QUEUES):
        raise click.BadParameter(f"Hàng đợi phải là: {', '.join(QUEUES)}")
    return names


def _warm_up(house: House) -> None:
    """Load the speech engine before the first call needs it; a missing model is the first job's to report."""
    try:
        house.engine()
    except HotlineError as error:
        log.warning("no speech engine yet: %s", error)
