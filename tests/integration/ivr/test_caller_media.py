"""The provider's REST face, read by the provider's own client library and by plain requests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped, unused-ignore]
from twilio.rest import Client  # type: ignore[import-untyped, unused-ignore]

from ivr.adapters.sound import quiet_wav
from ivr.caller.media import MediaServer, PortBusyError
from ivr.caller.script import MediaFault
from ivr.carrier.ledger import Account, CarriedCall, HeldRecording, new_sid

ACCOUNT = Account("AC" + "2" * 32, "a-token-for-tests")
AUTH = (ACCOUNT.sid, ACCOUNT.auth_token)
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
WAV = quiet_wav(2.0)


@pytest.fixture
def media() -> Iterator[MediaServer]:
    with MediaServer(ACCOUNT) as server:
        yield server


def hold(media: MediaServer, count: int = 1, fault: MediaFault = MediaFault.NONE) -> list[str]:
    """Let the provider hold a call with `count` recordings, a minute apart; their SIDs, oldest first."""
    call = CarriedCall(new_sid("CA"), "+84900000000", "+84967771010", NOON, "completed", NOON, 62)
    media.ledger.keep_call(call)
    sids = [new_sid("RE") for _ in range(count)]
    for minutes, sid in enumerate(sids):
        made = NOON + timedelta(minutes=minutes)
        media.ledger.keep_recording(HeldRecording(sid, call.sid, WAV, 2.0, made))
        media.faults[sid] = fault
    return sids


@pytest.fixture
def client(media: MediaServer) -> Iterator[Client]:
    """The provider's own library, talking to our server."""
    twilio = Client(*AUTH)
    twilio.api.base_url = media.url
    yield twilio
    twilio.http_client.session.close()


def test_the_providers_own_library_lists_calls(media: MediaServer, client: Client) -> None:
    hold(media)
    (call,) = client.calls.list()
    assert (call.to, call.status, call.duration, call.start_time) == ("+84967771010", "completed", "62", NOON)
    assert client.calls(call.sid).fetch().sid == call.sid


def test_the_providers_own_library_lists_recordings_over_several_pages(media: MediaServer, client: Client) -> None:
    sids = hold(media, 5)
    listed = client.recordings.list(page_size=2)
    assert [recording.sid for recording in listed] == sids[::-1]
    assert (listed[0].duration, listed[0].source, listed[0].status) == ("2", "RecordVerb", "completed")


def test_lists_can_begin_at_a_moment(media: MediaServer, client: Client) -> None:
    sids = hold(media, 3)
    listed = client.recordings.list(date_created_after=NOON + timedelta(minutes=1))
    assert {recording.sid for recording in listed} == set(sids[1:])
    assert client.calls.list(start_time_after=NOON + timedelta(days=1)) == []
    assert len(client.calls.list(start_time_before=NOON + timedelta(days=1))) == 1


@pytest.mark.parametrize(("day", "count"), [("2026-11-20", 0), ("2026-11-21", 1)])
def test_lists_can_end_with_a_day(media: MediaServer, day: str, count: int) -> None:
    hold(media)
    url = f"{media.url}/2010-04-01/Accounts/{ACCOUNT.sid}/Calls.json"
    found = requests.get(url, {"StartTime<": day}, auth=AUTH, timeout=5).json()
    assert (len(found["calls"]), found["next_page_uri"]) == (count, None)


def test_recordings_can_be_listed_by_call(media: MediaServer, client: Client) -> None:
    (first,) = hold(media)
    hold(media)
    call_sid = client.recordings(first).fetch().call_sid
    assert [found.sid for found in client.recordings.list(call_sid=call_sid)] == [first]
    assert [found.sid for found in client.calls(call_sid).recordings.list()] == [first]


def test_a_deleted_recording_is_gone(media: MediaServer, client: Client) -> None:
    (sid,) = hold(media)
    assert client.recordings(sid).delete()
    assert requests.get(media.media_url(sid), auth=AUTH, timeout=5).status_code == 404
    assert media.ledger.recordings() == []
    with pytest.raises(TwilioRestException, match="404"):
        client.recordings(sid).delete()


@pytest.mark.parametrize("suffix", ["", ".wav"])
def test_media_is_served_whole_and_counted(media: MediaServer, suffix: str) -> None:
    (sid,) = hold(media)
    answer = requests.get(media.media_url(sid) + suffix, auth=AUTH, timeout=5)
    assert (answer.content, answer.headers["Content-Type"]) == (WAV, "audio/x-wav")
    assert media.ledger.wait_until_fetched([sid], 2.0)


def test_looking_at_the_headers_is_no_download(media: MediaServer) -> None:
    (sid,) = hold(media)
    assert requests.head(media.media_url(sid), auth=AUTH, timeout=5).status_code == 200
    assert not media.ledger.wait_until_fetched([sid], 0.2)


def test_waiting_ends_as_soon_as_the_recording_is_fetched(media: MediaServer) -> None:
    (sid,) = hold(media)
    later = threading.Timer(0.1, requests.get, [media.media_url(sid)], {"auth": AUTH, "timeout": 5})
    later.start()
    assert media.ledger.wait_until_fetched([sid], 5.0)
    later.join()


@pytest.mark.parametrize("auth", [None, (ACCOUNT.sid, "wrong"), ("AC0", ACCOUNT.auth_token), ("", "")])
def test_nothing_is_told_without_the_right_token(media: MediaServer, auth: tuple[str, str] | None) -> None:
    (sid,) = hold(media)
    for url in (media.media_url(sid), f"{media.url}/2010-04-01/Accounts/{ACCOUNT.sid}/Calls.json"):
        assert requests.get(url, auth=auth, timeout=5).status_code == 401
    assert requests.delete(media.media_url(sid), auth=auth, timeout=5).status_code == 401
    assert len(media.ledger.recordings()) == 1


@pytest.mark.parametrize("path", ["/", "/2010-04-01/Accounts/AC0/Calls.json"])
def test_other_addresses_are_not_found(media: MediaServer, path: str) -> None:
    answer = requests.get(media.url + path, auth=AUTH, timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_media_may_not_be_there_yet(media: MediaServer) -> None:
    (sid,) = hold(media, fault=MediaFault.NOT_YET)
    statuses = [requests.get(media.media_url(sid), auth=AUTH, timeout=5).status_code for _ in range(3)]
    assert statuses == [404, 404, 200]


@pytest.mark.parametrize(("fault", "content"), [(MediaFault.ERROR_PAGE, b"<?xml"), (MediaFault.EMPTY, b"")])
def test_media_may_be_something_else(media: MediaServer, fault: MediaFault, content: bytes) -> None:
    (sid,) = hold(media, fault=fault)
    answer = requests.get(media.media_url(sid), auth=AUTH, timeout=5)
    assert (answer.status_code, answer.content[:5]) == (200, content)
    assert not media.ledger.wait_until_fetched([sid], 0.1)


def test_media_may_break_off(media: MediaServer) -> None:
    (sid,) = hold(media, fault=MediaFault.TRUNCATED)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(media.media_url(sid), auth=AUTH, timeout=5)


def test_a_taken_port_is_a_clear_error(media: MediaServer) -> None:
    port = int(media.url.rpartition(":")[2])
    with pytest.raises(PortBusyError, match=str(port)):
        MediaServer(ACCOUNT, port)
