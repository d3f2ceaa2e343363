"""What every `CallLists` does, be it in memory or over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ivr.adapters.listed import ListedInMemory
from ivr.adapters.provider import ProviderApi
from ivr.caller.media import MediaServer
from ivr.carrier.ledger import Account, CarriedCall, HeldRecording
from ivr.ports import CallLists, ListedCall, ListedRecording, ProviderAway, ProviderDenied

BEGAN = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ACCOUNT = Account("AC" + "1" * 32, "a-token")
Fill = Callable[[int], CallLists]


@pytest.fixture
def server() -> Iterator[MediaServer]:
    with MediaServer(ACCOUNT) as server:
        yield server


@pytest.fixture(params=["memory", "http"])
def fill(request: pytest.FixtureRequest) -> Fill:
    """Give lists that hold some calls, each an hour after the one before, and one recording of each."""
    if request.param == "memory":
        return _in_memory
    server: MediaServer = request.getfixturevalue("server")

    def over_http(number: int) -> CallLists:
        for n in range(number):
            moment = BEGAN + timedelta(hours=n)
            call = CarriedCall(f"CA{n:032d}", "+84912345678", "+84967771010", moment, "completed", moment, 30 + n)
            server.ledger.keep_call(call)
            server.ledger.keep_recording(HeldRecording(f"RE{n:032d}", call.sid, b"", 3, moment))
        return ProviderApi(server.url, ACCOUNT.sid, ACCOUNT.auth_token, page_size=2)

    return over_http


def _in_memory(number: int) -> CallLists:
    lists = ListedInMemory()
    for n in range(number):
        moment, sid = BEGAN + timedelta(hours=n), f"CA{n:032d}"
        lists.calls.append((moment, ListedCall(sid, "+84967771010", "+84912345678", "completed", "inbound", 30 + n)))
        lists.recordings.append((moment, ListedRecording(f"RE{n:032d}", sid, "completed", "http://x")))
    return lists


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_everything_since_a_moment_is_listed_once_however_many_pages(fill: Fill, number: int) -> None:
    lists = fill(number)
    calls, recordings = list(lists.calls_since(BEGAN)), list(lists.recordings_since(BEGAN))
    assert sorted(call.sid for call in calls) == [f"CA{n:032d}" for n in range(number)]
    assert sorted(recording.sid for recording in recordings) == [f"RE{n:032d}" for n in range(number)]


def test_what_came_before_the_moment_is_left_out(fill: Fill) -> None:
    lists = fill(3)
    since = BEGAN + timedelta(hours=2)
    assert [call.sid for call in lists.calls_since(since)] == [f"CA{2:032d}"]
    assert [recording.call_sid for recording in lists.recordings_since(since)] == [f"CA{2:032d}"]


def test_a_call_is_listed_with_its_numbers_state_and_length(fill: Fill) -> None:
    (call,) = fill(1).calls_since(BEGAN)
    assert call == ListedCall(f"CA{0:032d}", "+84967771010", "+84912345678", "completed", "inbound", 30)


def test_the_media_of_a_recording_is_at_the_provider(server: MediaServer) -> None:
    server.ledger.keep_recording(HeldRecording("RE1", "CA1", b"", 3, BEGAN))
    (recording,) = ProviderApi(server.url, ACCOUNT.sid, ACCOUNT.auth_token).recordings_since(BEGAN)
    assert recording.url == server.media_url("RE1")


def test_an_account_that_is_taken_passes_the_check_and_another_is_denied(server: MediaServer) -> None:
    ProviderApi(server.url, ACCOUNT.sid, ACCOUNT.auth_token).check()
    with pytest.raises(ProviderDenied):
        ProviderApi(server.url, ACCOUNT.sid, "wrong").check()


def test_a_provider_that_cannot_be_reached_or_does_not_know_the_account_is_away(server: MediaServer) -> None:
    with pytest.raises(ProviderAway, match="ConnectionError"):
        ProviderApi("http://127.0.0.1:1", ACCOUNT.sid, "x").check()
    with pytest.raises(ProviderAway, match="404"):
        list(ProviderApi(f"{server.url}/nowhere", ACCOUNT.sid, ACCOUNT.auth_token).calls_since(BEGAN))
