"""Two carriers at once: each recording is fetched from, and deleted at, the one that has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from ivr.adapters.listed import ListedInMemory
from ivr.ports import ListedCall
from ivr.wiring.carriers import FetcherByAddress, JoinedLists, MediaOfBoth

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass
class Named:
    """A carrier that notes what is asked of it."""

    name: str
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        return self.name.encode()

    def delete(self, provider_sid: str) -> None:
        self.asked.append(provider_sid)


def test_what_the_gateway_holds_is_fetched_from_it_and_all_else_elsewhere() -> None:
    fetcher = FetcherByAddress("http://127.0.0.1:8792", Named("gateway"), Named("cloud"))
    assert fetcher.fetch("http://127.0.0.1:8792/2010-04-01/x") == b"gateway"
    assert fetcher.fetch("https://api.twilio.com/2010-04-01/x") == b"cloud"
    assert fetcher.fetch("http://127.0.0.1:87920/x") == b"cloud"


def test_a_recording_is_deleted_wherever_it_is() -> None:
    gateway, cloud = Named("gateway"), Named("cloud")
    MediaOfBoth(gateway, cloud).delete("RE1")
    assert gateway.asked == cloud.asked == ["RE1"]


def test_the_lists_of_all_carriers_are_one() -> None:
    calls = [ListedCall(sid, "0967771010", "", "completed", "inbound", 5) for sid in ("CA1", "CA2")]
    lists = JoinedLists(tuple(ListedInMemory([(NOW, call)]) for call in calls))
    assert list(lists.calls_since(NOW)) == calls
    assert list(lists.recordings_since(NOW)) == []
