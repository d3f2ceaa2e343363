"""What the recordings need from the world outside: a store, a way to fetch, a provider that can forget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from config.errors import PermanentError, TemporaryError


class StoreUnavailable(TemporaryError):
    """Không kết nối được với kho bản ghi."""


class StoreFull(TemporaryError):
    """Kho bản ghi đã đầy."""


class StoreReadOnly(TemporaryError):
    """Không ghi được vào kho bản ghi."""


class NotInStore(PermanentError):
    """Kho không có bản ghi này."""


class NotThereYet(TemporaryError):
    """Nhà cung cấp chưa có sẵn bản ghi."""


class FetchDenied(PermanentError):
    """Nhà cung cấp từ chối tài khoản của ta."""


class HostNotAllowed(PermanentError):
    """Địa chỉ bản ghi không thuộc danh sách máy chủ được phép tải."""


class TooBig(PermanentError):
    """Bản ghi có dung lượng vượt giới hạn."""


class Store(Protocol):
    """Keeps sealed recordings by key. Safe for many threads, processes and machines at once.

    A key is 4 to 200 letters, digits, `-`, `_` or `.`, starting with a letter or digit; anything else is a
    ValueError. All methods raise StoreUnavailable when the store cannot be reached.
    """

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` for good before returning, replacing what was there; readers never see a part of it.

        Raises StoreFull or StoreReadOnly, and then what was there before is still there.
        """
        ...

    def get(self, key: str) -> bytes:
        """Give what was put under `key`; raises NotInStore."""
        ...

    def exists(self, key: str) -> bool:
        """Whether something is kept under `key`."""
        ...

    def delete(self, key: str) -> None:
        """Forget `key`; it is no error if it is not there. Raises StoreReadOnly."""
        ...

    def keys(self) -> Iterator[str]:
        """Go through all keys, in no particular order."""
        ...

    def check(self) -> None:
        """Write, read back and delete a probe, and clear away what broken writes left behind.

        Raises the store's errors with a message that tells the operator what to do.
        """
        ...


class Fetcher(Protocol):
    """Brings the bytes of a recording from where the provider keeps them."""

    def fetch(self, url: str) -> bytes:
        """Download `url` whole; raises NotThereYet, FetchDenied, HostNotAllowed or TooBig."""
        ...


class ProviderMedia(Protocol):
    """The provider's own copies of the recordings."""

    def delete(self, provider_sid: str) -> None:
        """Have the provider delete its copy; one that is already gone is done. Raises TemporaryError."""
        ...
