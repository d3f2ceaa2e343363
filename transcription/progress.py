"""How far a slow step has come: reported through one call, shown on a terminal with rich."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars


class Progress(Protocol):
    """Told again and again how far each step has come."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """`done` of `total` bytes of `step` (words for the operator); `total` 0 means unknown."""
        ...


def silent(step: str, done: int, total: int) -> None:
    """Report to nobody."""


class BarProgress:
    """A progress bar on the terminal for each step, used as a context manager around the slow work."""

    def __init__(self, console: Console | None = None) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._bars = Bars(*columns, console=console)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Move the step's bar to `done` of `total` bytes; a bar without an end when `total` is 0."""
        if step not in self._tasks:
            self._tasks[step] = self._bars.add_task(step, total=total or None)
        self._bars.update(self._tasks[step], completed=done, total=total or None)
