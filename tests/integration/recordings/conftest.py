from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from config.clock import Clock
from config.crypto import KeyRing
from config.database.engine import Database
from recordings.adapters.fetch import HttpFetcher
from recordings.adapters.local_store import LocalStore
from recordings.models import Recording
from recordings.service import RecordingTools, expect
from tests.integration.recordings.provider import PASSWORD, USER, Provider, running_provider

Arrive = Callable[..., UUID]


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "kho")


@pytest.fixture
def tools(database: Database, store: LocalStore, keys: KeyRing, provider: Provider, clock: Clock) -> RecordingTools:
    fetcher = HttpFetcher(provider.url, USER, PASSWORD)
    return RecordingTools(database, store, keys, fetcher, clock)


@pytest.fixture
def arrive(tools: RecordingTools) -> Arrive:
    """Write down that a recording exists at a URL; gives its id."""

    def arrived(url: str | None, sid: str | None = "RE1", call_sid: str = "CA1") -> UUID:
        with tools.db.begin() as session:
            return expect(
                session,
                provider_sid=sid,
                call_sid=call_sid,
                purpose="story",
                source_url=url,
                now=tools.clock(),
            ).id

    return arrived


@pytest.fixture
def row(tools: RecordingTools) -> Callable[[UUID], Recording]:
    """Read a recording's row as it is now."""

    def read(recording_id: UUID) -> Recording:
        with tools.db.begin() as session:
            return session.get_one(Recording, recording_id)

    return read
