"""Keeps sealed recordings as files in a directory of this machine (or one mounted on it)."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from config.errors import TemporaryError
from config.told import Told
from recordings.ports import NotInStore, StoreFull, StoreReadOnly, StoreUnavailable
from recordings.rules.keys import checked_key

PARTS = ".parts"
"""Where files grow until they are whole; on the same file system, so that renaming is atomic."""

ABANDONED_S = 24 * 3600
"""Seconds after which an unfinished file belongs to a writer that died."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class LocalStore:
    """A `Store` in a directory: `ab/cd/abcd…`, written beside, synced, then renamed into place."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __repr__(self) -> str:
        return f"LocalStore({str(self.root)!r})"

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` under `key`, on the disk itself before returning."""
        path = self._path(key)
        with self._translated():
            _make_directories(path.parent, above=self.root)
            _make_directories(self.root / PARTS, above=self.root)
            self._replace(path, data)

    def get(self, key: str) -> bytes:
        """Give what was put under `key`."""
        path = self._path(key)
        with self._translated():
            try:
                return path.read_bytes()
            except FileNotFoundError:
                self._raise_if_gone()
                raise NotInStore(Told("Kho không có bản ghi %(key)s.", key=key)) from None

    def exists(self, key: str) -> bool:
        """Whether something is kept under `key`."""
        path = self._path(key)
        with self._translated():
            try:
                path.stat()
            except FileNotFoundError:
                self._raise_if_gone()
                return False
            return True

    def delete(self, key: str) -> None:
        """Forget `key`, on the disk itself before returning."""
        path = self._path(key)
        with self._translated():
            try:
                path.unlink()
            except FileNotFoundError:
                self._raise_if_gone()
                return
            _sync_directory(path.parent)

    def keys(self) -> Iterator[str]:
        """Go through all keys."""
        with self._translated():
            self._raise_if_gone()
            for path in self.root.glob("[!.]*/*/*"):
                yield path.name

    def check(self) -> None:
        """Write, read and delete a probe; clear away parts of writers that died a day ago."""
        probe = f"probe-{uuid4().hex}"
        self.put(probe, probe.encode())
        if self.get(probe) != probe.encode():
            text = "Kho %(root)s đọc ra khác với dữ liệu đã ghi: hãy kiểm tra ổ đĩa."
            raise StoreUnavailable(Told(text, root=self.root))
        self.delete(probe)
        with self._translated():
            _clear_old(self.root / PARTS)

    def _path(self, key: str) -> Path:
        name = checked_key(key)
        return self.root / name[:2] / name[2:4] / name

    def _replace(self, path: Path, data: bytes) -> None:
        """Write a part, then rename it over `path`; a failure leaves `path` as it was."""
        descriptor, part = tempfile.mkstemp(dir=self.root / PARTS)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(path)
        except OSError:
            with suppress(OSError):
                Path(part).unlink()
            raise
        _sync_directory(path.parent)

    def _raise_if_gone(self) -> None:
        """Tell a missing recording from a missing disk."""
        if not self.root.is_dir():
            text = "Thư mục kho bản ghi %(root)s không có: ổ đĩa đã được gắn chưa?"
            raise StoreUnavailable(Told(text, root=self.root))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn the operating system's errors into the store's."""
        try:
            yield
        except OSError as error:
            raise _meaning(error, self.root) from error


def _meaning(error: OSError, root: Path) -> TemporaryError:
    """Give the store's error for the operating system's."""
    if error.errno in _FULL:
        return StoreFull(f"Kho bản ghi {root} đã đầy: hãy dọn ổ đĩa hoặc thêm dung lượng.")
    if error.errno in _READ_ONLY:
        return StoreReadOnly(f"Không ghi được vào kho {root}: kiểm tra quyền và chế độ gắn ổ đĩa.")
    return StoreUnavailable(f"Kho bản ghi {root} không dùng được: {error.strerror or error}.")


def _make_directories(directory: Path, *, above: Path) -> None:
    """Make `directory` and what is missing over it, readable by us alone, and sync each one's parent."""
    if directory.is_dir():
        return
    if directory != above:
        _make_directories(directory.parent, above=above)
        directory.mkdir(mode=0o700, exist_ok=True)
    else:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sync_directory(directory.parent)


def _sync_directory(directory: Path) -> None:
    """Have the file system remember the names in `directory` through a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _clear_old(parts: Path) -> None:
    """Delete unfinished files that nobody is writing any more."""
    # The file system stamps files by the machine's clock, so that is the clock to compare with.
    oldest = time.time() - ABANDONED_S
    for part in parts.iterdir():
        with suppress(FileNotFoundError):
            if part.stat().st_mtime < oldest:
                part.unlink()
