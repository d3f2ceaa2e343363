"""Collects one recording in a process of its own that is killed with SIGKILL at a named point.

Usage: python -m tests.integration.recordings.killed POINT RECORDING_ID DATABASE_URL STORE KEYS HASH PROVIDER_URL
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from config.clock import system_clock
from config.crypto import KeyRing
from config.database.engine import Database
from recordings.adapters.fetch import HttpFetcher
from recordings.adapters.local_store import LocalStore
from recordings.service import RecordingTools, collect
from tests.integration.recordings.provider import PASSWORD, USER

POINTS = ("before fetching", "after fetching", "half written", "after storing", "after all")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class MortalFetcher(HttpFetcher):
    before: Callable[[], None]
    after: Callable[[], None]

    def fetch(self, url: str) -> bytes:
        self.before()
        data = super().fetch(url)
        self.after()
        return data


class MortalStore(LocalStore):
    half: Callable[[], None]
    after: Callable[[], None]

    def put(self, key: str, data: bytes) -> None:
        super().put(key, data)
        self.after()

    def _replace(self, path: Path, data: bytes) -> None:
        (self.root / ".parts" / "half").write_bytes(data[: len(data) // 2])
        self.half()
        super()._replace(path, data)


def main(point: str, recording_id: str, database: str, store: str, keys: str, hash_key: str, provider: str) -> None:
    def at(name: str) -> Callable[[], None]:
        return die if point == name else lambda: None

    fetcher, mortal_store = MortalFetcher(provider, USER, PASSWORD), MortalStore(Path(store))
    fetcher.before, fetcher.after = at("before fetching"), at("after fetching")
    mortal_store.half, mortal_store.after = at("half written"), at("after storing")
    ring = KeyRing.parse(keys, bytes.fromhex(hash_key))
    tools = RecordingTools(Database(database), mortal_store, ring, fetcher, system_clock)
    collect(UUID(recording_id), tools)
    at("after all")()


if __name__ == "__main__":
    main(*sys.argv[1:])
