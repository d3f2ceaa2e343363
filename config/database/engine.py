"""The way to the database: one engine a process, one transaction a request or job."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from config.errors import TemporaryError

CONNECT_TIMEOUT = 3
"""Seconds; a webhook has 15 in all and must still answer when the database is away."""


TRUSTED_SECONDS = 1.0
"""A connection used this lately is taken to be alive; asking first would cost every webhook a round trip."""


class DatabaseAway(TemporaryError):
    """Cơ sở dữ liệu không trả lời."""


class Database:
    """A pool of connections to the hotline's PostgreSQL."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine: Engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=CONNECT_TIMEOUT,
            connect_args={"connect_timeout": CONNECT_TIMEOUT},
            # What failed to be written is what somebody said or who they are: errors and logs must not tell it.
            hide_parameters=True,
        )
        event.listen(self.engine, "checkin", _note_rest)
        event.listen(self.engine, "checkout", _try_rested)
        event.listen(self.engine, "handle_error", _leave_out_rows)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a session in one transaction: committed if the block ends well, else rolled back.

        Raises DatabaseAway if the connection cannot be had or is lost.
        """
        try:
            with self._sessions.begin() as session:
                yield session
        except OperationalError as error:
            raise DatabaseAway from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseAway from error
            raise

    def answers(self) -> bool:
        """Whether the database can be reached now."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except OperationalError:
            return False
        return True

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _leave_out_rows(context: ExceptionContext) -> None:
    """Cut an error's text to its first line: below it PostgreSQL tells the row or the key that was refused."""
    told = context.original_exception
    if not isinstance(told, psycopg.Error):
        return
    whole, first = str(told), next(iter(str(told).splitlines()), "")
    told.args = (first,)
    if context.sqlalchemy_exception is not None:
        said = str(context.sqlalchemy_exception.args[0])
        context.sqlalchemy_exception.args = (said.replace(whole, first),)


def _note_rest(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _try_rested(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Try a connection that has rested for a while, so that one the server closed is replaced unseen.

    Raises DisconnectionError, on which the pool opens another.
    """
    if time.monotonic() - record.info.get("rests_since", time.monotonic()) < TRUSTED_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error
