"""Bringing a database to the present schema: Alembic migrations, one process at a time."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 7_259_301
"""Key of the advisory lock that keeps two upgrades from running at once."""


def upgrade(url: str) -> None:
    """Run every migration that the database at `url` lacks."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
            command.upgrade(_alembic(connection), "head")
    finally:
        engine.dispose()


def missing_revisions(connection: Connection) -> list[str]:
    """Name the migrations that the database lacks, oldest first; none when it is up to date."""
    script = ScriptDirectory.from_config(_alembic(connection))
    here = MigrationContext.configure(connection).get_current_revision()
    wanted = [revision.revision for revision in script.walk_revisions() if revision.revision != here]
    if here is None:
        return wanted[::-1]
    newer = [revision.revision for revision in script.iterate_revisions("head", here)]
    return newer[::-1]


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
