"""Running the hotline's processes under one command: started together, restarted, stopped together."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.errors import PermanentError, TemporaryError

log = logging.getLogger(__name__)

SUPERVISOR_VARIABLE = "HOTLINE_SUPERVISOR_PID"
STOP_SECONDS = 30.0
"""Longer than a worker's grace, so that running jobs can end."""

LONGEST_PAUSE = 30.0
LOOK_SECONDS = 0.5


class AlreadyRunning(PermanentError):
    """Đường dây nóng đang chạy trên thư mục dữ liệu này rồi."""


@dataclass(slots=True)
class Child:
    """One supervised process."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    start_again_at: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Keeps children running until it is told to stop (Ctrl-C or SIGTERM).

    `watch` is called again and again, to see to what runs beside the children.
    """

    children: Sequence[Child]
    environment: Mapping[str, str]
    watch: Callable[[], None] = lambda: None
    stopping: threading.Event = field(default_factory=threading.Event)
    watch_again_at: float = 0.0

    def run(self, when_started: Callable[[], None]) -> None:
        """Start the children, restart those that die, and stop all at the end.

        `when_started` runs beside, once every child was started.
        """
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, self._told_to_stop)
        try:
            for child in self.children:
                self._tend(child)
            threading.Thread(target=when_started, daemon=True).start()
            while not self.stopping.wait(LOOK_SECONDS):
                self._watch()
                for child in self.children:
                    self._tend(child)
        finally:
            self._stop_all()

    def _told_to_stop(self, _sign: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _watch(self) -> None:
        now = time.monotonic()
        if now < self.watch_again_at:
            return
        try:
            self.watch()
        except TemporaryError as error:
            log.error("%s", error)
            self.watch_again_at = now + LONGEST_PAUSE

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_again_at:
                child.process, child.started = self._start(child), now
            return
        code = child.process.poll()
        if code is None:
            return
        child.failures = child.failures + 1 if now - child.started < LONGEST_PAUSE else 1
        pause = min(2.0 ** (child.failures - 1), LONGEST_PAUSE)
        log.error("%s ended with code %s; starting again in %.0f s", child.name, code, pause)
        child.process, child.start_again_at = None, now + pause

    def _start(self, child: Child) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **self.environment, SUPERVISOR_VARIABLE: str(os.getpid())}
        # A session of its own: Ctrl-C reaches only the supervisor, which stops the children in order.
        return subprocess.Popen(child.command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)

    def _stop_all(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def command_line(*arguments: str) -> list[str]:
    """Give the command line that runs one of the hotline's own commands."""
    return [sys.executable, str(Path(sys.argv[0]).resolve()), *arguments]


def end_with_supervisor() -> None:
    """Have this process told to stop when its supervisor is gone, even if that was killed."""
    supervisor = os.environ.get(SUPERVISOR_VARIABLE)
    if supervisor is not None:
        threading.Thread(target=_watch, args=(int(supervisor),), daemon=True).start()


def _watch(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(1.0)
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data directory for one supervisor; raises AlreadyRunning."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield
