"""A store that lives as long as its process: for tests and demonstrations."""

from __future__ import annotations

from collections.abc import Iterator

from config.told import Told
from recordings.ports import NotInStore
from recordings.rules.keys import checked_key


class MemoryStore:
    """A `Store` in a dictionary."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` under `key`."""
        self._kept[checked_key(key)] = bytes(data)

    def get(self, key: str) -> bytes:
        """Give what was put under `key`."""
        try:
            return self._kept[checked_key(key)]
        except KeyError:
            raise NotInStore(Told("Kho không có bản ghi %(key)s.", key=key)) from None

    def exists(self, key: str) -> bool:
        """Whether something is kept under `key`."""
        return checked_key(key) in self._kept

    def delete(self, key: str) -> None:
        """Forget `key`."""
        self._kept.pop(checked_key(key), None)

    def keys(self) -> Iterator[str]:
        """Go through all keys."""
        return iter(list(self._kept))

    def check(self) -> None:
        """Do nothing: memory is there."""
