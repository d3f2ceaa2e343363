"""The way to the database: one engine a process, one transaction a request or job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from config.errors import TemporaryError

CONNECT_TIMEOUT = 3
"""Seconds; a webhook has 15 in all and must still answer when the database is away."""


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
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_TIMEOUT},
        )
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
