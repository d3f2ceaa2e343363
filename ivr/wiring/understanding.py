"""The rules of understanding over the directory as it stands now."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from casebook.rules.understanding import Directory, UnderstandingRules, understand
from casebook.rules.understanding.shapes import Heard, Suggestion
from config.clock import Clock
from config.database.engine import Database
from config.directory.models import UnitRow
from config.directory.store import units_of

LOOK_AGAIN = timedelta(seconds=30)
"""An administrator's change to a unit is heeded after at most this long."""


@dataclass(slots=True)
class Understander:
    """Understands calls; the index of unit names is built once and anew when the directory changed."""

    database: Database
    rules: UnderstandingRules
    clock: Clock
    _directory: Directory | None = None
    _stamp: tuple[Any, ...] = ()
    _looked_at: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, heard: Heard) -> Suggestion:
        """Give the suggestion for what was heard."""
        return understand(heard, self.directory(), self.rules)

    def directory(self) -> Directory:
        """Give the index of the units as they stand, looking at most every half minute."""
        with self._lock:
            now = self.clock()
            if self._directory is None or self._looked_at is None or now - self._looked_at > LOOK_AGAIN:
                self._refresh()
                self._looked_at = now
            assert self._directory is not None
            return self._directory

    def _refresh(self) -> None:
        with self.database.begin() as session:
            stamp = tuple(session.execute(select(func.count(UnitRow.slug), func.max(UnitRow.edited_at))).one())
            if self._directory is None or stamp != self._stamp:
                self._directory = Directory.build(units_of(session), self.rules)
                self._stamp = stamp
