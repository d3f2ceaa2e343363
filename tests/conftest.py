"""What every test may lean on: a real PostgreSQL, a key ring, a clock that stands still."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from config.clock import Clock
from config.crypto import KeyRing, generate_key_text
from config.database.embedded import EmbeddedPostgres
from config.database.engine import Database
from config.database.schema import upgrade

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
"""A Saturday, 9:30 in the morning in Vietnam."""


OUR_TABLES = text(
    "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)
FIRST_NUMBERS = text(
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
    " FROM pg_sequences WHERE schemaname = 'public'"
)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """One embedded PostgreSQL for the whole run; gives its URL."""
    with tempfile.TemporaryDirectory(prefix="lang-nghe-pg-") as directory:
        server = EmbeddedPostgres(Path(directory) / "pg")
        with _admin(server.url) as admin:
            # Tests lose nothing in a power cut.
            admin.exec_driver_sql("ALTER SYSTEM SET fsync = off")
            admin.exec_driver_sql("SELECT pg_reload_conf()")
        yield server.url
        server.stop()


@pytest.fixture(scope="session")
def template_database(postgres: str) -> str:
    """A migrated, empty database that fresh ones are copied from."""
    with _admin(postgres) as admin:
        admin.exec_driver_sql("CREATE DATABASE template_hotline")
    upgrade(_named(postgres, "template_hotline"))
    return "template_hotline"


@pytest.fixture(scope="module")
def database_url(postgres: str, template_database: str) -> Iterator[str]:
    """A fresh migrated database for a test module; gives its URL."""
    name = f"test_{secrets.token_hex(6)}"
    with _admin(postgres) as admin:
        admin.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template_database}")
    yield _named(postgres, name)
    with _admin(postgres) as admin:
        admin.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def module_database(database_url: str) -> Iterator[Database]:
    """The connections to the module's database; rows stay from test to test."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def database(module_database: Database) -> Database:
    """The module's database with every table emptied."""
    with module_database.engine.begin() as connection:
        names = connection.scalars(OUR_TABLES).all()
        full = connection.scalars(
            text(" UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT FROM {t})" for t in names))
        )
        # Neither foreign keys nor triggers; TRUNCATE would take a fifth of a second a test.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in full.all():
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(FIRST_NUMBERS)
    return module_database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session in one transaction, committed when the test ends well."""
    with database.begin() as session:
        yield session


@pytest.fixture(scope="session")
def keys() -> KeyRing:
    """A key ring of the run's own."""
    return KeyRing.parse(generate_key_text(), secrets.token_bytes(32))


@pytest.fixture
def now() -> datetime:
    """The moment at which tests happen."""
    return NOW


@pytest.fixture
def clock(now: datetime) -> Clock:
    """A clock that stands at `now`."""
    return lambda: now


@contextmanager
def _admin(url: str) -> Iterator[Connection]:
    """A connection outside transactions, as CREATE DATABASE asks for."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)
