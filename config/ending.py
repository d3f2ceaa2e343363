"""Ending in good time: what goes on for long in a process ends when the process is told to stop."""

from __future__ import annotations

import signal
import threading
from types import FrameType

ENDING = threading.Event()
"""Set once this process was told to stop."""


def end_in_good_time() -> None:
    """Have SIGTERM set ENDING, and then do what it did before; to be called in the main thread."""
    before = signal.getsignal(signal.SIGTERM)

    def end(number: int, frame: FrameType | None) -> None:
        ENDING.set()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, end)
