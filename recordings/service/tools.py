"""What the work on recordings needs, put together once at start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from config.clock import Clock
from config.crypto import KeyRing
from config.database.engine import Database, DatabaseAway
from recordings.audio import MAX_DURATION_S
from recordings.ports import Fetcher, Store


@dataclass(frozen=True, slots=True)
class Limits:
    """What a recording may be at most; its bytes are limited by the fetcher. `max_duration_s` in seconds."""

    max_duration_s: float = MAX_DURATION_S


@dataclass(frozen=True, slots=True)
class RecordingTools:
    """Database, store, keys, fetcher, limits and clock, for jobs that must not hold a transaction open."""

    db: Database
    store: Store
    keys: KeyRing
    fetcher: Fetcher
    clock: Clock
    limits: Limits = field(default_factory=Limits)


@contextmanager
def alone_with(db: Database, store_key: str) -> Iterator[None]:
    """Let nobody else, on any machine, store or delete the bytes under `store_key` during the block.

    Recordings with the same bytes share them, so one must not be stored while the last other is deleted. It
    is an advisory lock of a connection, not of a transaction: the store may be slow, and a process that
    dies frees it. Raises DatabaseAway.
    """
    try:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(hashtextextended(:key, 0))"), {"key": store_key})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:key, 0))"), {"key": store_key})
    except OperationalError as error:
        raise DatabaseAway from error
