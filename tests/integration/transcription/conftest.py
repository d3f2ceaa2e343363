from __future__ import annotations

import pytest
from sqlalchemy import Table

from config.database.base import Base
from config.database.engine import Database
from recordings.models import Recording
from transcription.models import Transcript


@pytest.fixture(scope="module")
def module_database(module_database: Database) -> Database:
    """The module's database with the tables these tests are about."""
    tables = [table for model in (Recording, Transcript) if isinstance(table := model.__table__, Table)]
    Base.metadata.create_all(module_database.engine, tables)
    return module_database
