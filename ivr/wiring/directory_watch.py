"""Noticing that an administrator changed the directory, without asking the database for each call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.clock import Clock
from config.database.engine import Database
from config.directory.models import UnitRow
from config.directory.store import units_of
from config.directory.units import Unit

LOOK_AGAIN = timedelta(seconds=30)
"""An administrator's change to a unit is heeded after at most this long."""

T = TypeVar("T")


@dataclass(slots=True)
class Built(Generic[T]):
    """Something made from the units (and what `also` stamps), made anew when they changed; threads may share it."""

    database: Database
    clock: Clock
    build: Callable[[Session, tuple[Unit, ...]], T]
    also: Callable[[Session], Any] = lambda _: None
    _made: T | None = None
    _stamp: tuple[Any, ...] | None = None
    _looked_at: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> T:
        """Give it as of now, or of half a minute ago at most."""
        with self._lock:
            now = self.clock()
            if self._made is None or self._looked_at is None or now - self._looked_at > LOOK_AGAIN:
                self._made = self._refreshed()
                self._looked_at = now
            return self._made

    def _refreshed(self) -> T:
        with self.database.begin() as session:
            units = tuple(session.execute(select(func.count(UnitRow.slug), func.max(UnitRow.edited_at))).one())
            stamp = (*units, self.also(session))
            if self._made is not None and stamp == self._stamp:
                return self._made
            made = self.build(session, units_of(session))
        self._stamp = stamp
        return made
