"""What tests of the way from a call to an answered case share: the house, and a provider that holds its recordings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from config.crypto import KeyRing
from config.database.engine import Database
from tests.integration.casebook.hotline_house import Scene, scene
from tests.integration.recordings.provider import Provider, running_provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def hotline(database: Database, keys: KeyRing, provider: Provider, tmp_path: Path, now: datetime) -> Iterator[Scene]:
    with scene(database, keys, provider, tmp_path, now) as hotline:
        yield hotline
