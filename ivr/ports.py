"""What the telephone side needs from the carrier besides its webhooks: its own lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from config.errors import PermanentError, TemporaryError


class ProviderAway(TemporaryError):
    """Không hỏi được nhà cung cấp thoại lúc này."""


class ProviderDenied(PermanentError):
    """Nhà cung cấp thoại từ chối tài khoản: kiểm tra Account SID và Auth Token."""


@dataclass(frozen=True)
class ListedCall:
    """A call as the carrier lists it; numbers as it writes them, `duration_s` None while it runs."""

    sid: str
    dialled: str
    caller: str
    status: str
    direction: str
    duration_s: int | None


@dataclass(frozen=True)
class ListedRecording:
    """A recording as the carrier lists it; `url` is where its media is."""

    sid: str
    call_sid: str
    status: str
    url: str


class CallLists(Protocol):
    """The carrier's memory of calls and recordings. All methods raise ProviderAway or ProviderDenied."""

    def calls_since(self, moment: datetime) -> Iterator[ListedCall]:
        """Go through the calls that began at `moment` (aware) or later, in no particular order."""
        ...

    def recordings_since(self, moment: datetime) -> Iterator[ListedRecording]:
        """Go through the recordings made at `moment` (aware) or later, in no particular order."""
        ...
