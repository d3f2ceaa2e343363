"""Two carriers at once: a cloud's account (or this machine's test caller) and our own gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from ivr.ports import CallLists, ListedCall, ListedRecording, ProviderAway
from recordings.ports import Fetcher, ProviderMedia


@dataclass(frozen=True, slots=True)
class FetcherByAddress:
    """Fetches what lies below `gateway_url` from the gateway, with its credentials, and all else from `other`."""

    gateway_url: str
    gateway: Fetcher
    other: Fetcher

    def fetch(self, url: str) -> bytes:
        """Download `url` whole."""
        own = url.startswith(f"{self.gateway_url}/")
        return (self.gateway if own else self.other).fetch(url)


@dataclass(frozen=True, slots=True)
class MediaOfBoth:
    """Has a recording deleted wherever it is: a carrier that never had it takes it for deleted."""

    gateway: ProviderMedia
    other: ProviderMedia

    def delete(self, provider_sid: str) -> None:
        """Have the copies deleted; what a carrier raises is raised, and it is tried again later."""
        self.other.delete(provider_sid)
        self.gateway.delete(provider_sid)


@dataclass(frozen=True, slots=True)
class ListsIfThere:
    """The lists of a carrier that need not be running: nothing while it does not answer."""

    carrier: CallLists

    def calls_since(self, moment: datetime) -> Iterator[ListedCall]:
        """Go through its calls, if it answers."""
        with suppress(ProviderAway):
            yield from self.carrier.calls_since(moment)

    def recordings_since(self, moment: datetime) -> Iterator[ListedRecording]:
        """Go through its recordings, if it answers."""
        with suppress(ProviderAway):
            yield from self.carrier.recordings_since(moment)


@dataclass(frozen=True, slots=True)
class JoinedLists:
    """The calls and recordings of several carriers."""

    carriers: tuple[CallLists, ...]

    def calls_since(self, moment: datetime) -> Iterator[ListedCall]:
        """Go through the calls of all."""
        for carrier in self.carriers:
            yield from carrier.calls_since(moment)

    def recordings_since(self, moment: datetime) -> Iterator[ListedRecording]:
        """Go through the recordings of all."""
        for carrier in self.carriers:
            yield from carrier.recordings_since(moment)
