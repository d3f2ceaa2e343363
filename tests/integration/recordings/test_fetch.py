from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from recordings.adapters.fetch import FetchLimits, HttpFetcher
from recordings.adapters.provider_media import DeletionRefused, TwilioMedia
from recordings.ports import FetchDenied, HostNotAllowed, NotThereYet, TooBig
from tests.integration.recordings import sounds
from tests.integration.recordings.provider import PASSWORD, USER, Answer, Provider, running_provider

MEDIA = "/2010-04-01/Accounts/AC123/Recordings/RE1"
QUICK = FetchLimits(connect_s=0.5, read_s=0.3, total_s=1.0, max_bytes=100_000)


@pytest.fixture
def other_host() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


def fetcher(provider: Provider, *extra: str, suffix: str = "", password: str = PASSWORD) -> HttpFetcher:
    return HttpFetcher(provider.url, USER, password, extra_hosts=extra, add_suffix=suffix, limits=QUICK)


def test_media_is_downloaded_with_our_credentials(provider: Provider) -> None:
    url = provider.serve(MEDIA, sounds.wav())
    assert fetcher(provider).fetch(url) == sounds.wav()


def test_a_provider_s_url_without_a_suffix_is_asked_for_as_wav(provider: Provider) -> None:
    provider.serve(MEDIA + ".wav", b"wav")
    provider.serve(MEDIA + ".mp3", b"mp3")
    assert fetcher(provider, suffix=".wav").fetch(provider.url + MEDIA) == b"wav"
    assert fetcher(provider, suffix=".wav").fetch(provider.url + MEDIA + ".mp3") == b"mp3"


def test_the_suffix_goes_before_the_query(provider: Provider) -> None:
    provider.serve(MEDIA + ".wav?RequestedChannels=2", b"two")
    assert fetcher(provider, suffix=".wav").fetch(provider.url + MEDIA + "?RequestedChannels=2") == b"two"


@pytest.mark.parametrize("status", [404, 408, 429, 500, 502, 503])
def test_media_that_is_not_ready_is_worth_another_try(provider: Provider, status: int) -> None:
    url = provider.serve(MEDIA, Answer(status, sounds.ERROR_PAGE))
    with pytest.raises(NotThereYet, match=str(status)):
        fetcher(provider).fetch(url)


def test_wrong_credentials_are_named(provider: Provider) -> None:
    url = provider.serve(MEDIA, sounds.wav())
    with pytest.raises(FetchDenied, match="Auth Token"):
        fetcher(provider, password="wrong").fetch(url)


@pytest.mark.parametrize("status", [204, 400, 405, 410])
def test_other_answers_need_a_person(provider: Provider, status: int) -> None:
    url = provider.serve(MEDIA, Answer(status))
    with pytest.raises(FetchDenied, match=str(status)):
        fetcher(provider).fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/x",
        "https://{host}/x",
        "ftp://{host}/x",
        "file:///etc/passwd",
        "http://{host}@evil.example/x",
        "http://user:pass@{host}/x",
        "http://evil.example\\@{host}/x",
        "http://{host}\n.evil.example/x",
        "http://{host}.evil.example/x",
        "http://localhost:{port}/x",
        "http://127.0.0.1:99999/x",
        "http://[::1/x",
        "//{host}/x",
        "",
    ],
)
def test_no_url_leads_off_the_list_of_hosts(provider: Provider, url: str) -> None:
    host = provider.url.removeprefix("http://")
    with pytest.raises(HostNotAllowed):
        fetcher(provider).fetch(url.replace("{host}", host).replace("{port}", host.partition(":")[2]))
    assert provider.seen == []


def test_a_redirect_off_the_list_is_not_followed(provider: Provider, other_host: Provider) -> None:
    target = other_host.serve("/stolen", Answer(body=b"x", open_to_all=True))
    url = provider.serve(MEDIA, Answer(302, headers={"Location": target}))
    with pytest.raises(HostNotAllowed, match=str(other_host.server.server_port)):
        fetcher(provider).fetch(url)
    assert other_host.seen == []


def test_a_redirect_to_a_listed_host_is_followed_without_our_credentials(
    provider: Provider, other_host: Provider
) -> None:
    target = other_host.serve("/media", Answer(body=b"sound", open_to_all=True))
    url = provider.serve(MEDIA, Answer(307, headers={"Location": target}))
    assert fetcher(provider, other_host.url).fetch(url) == b"sound"
    assert other_host.seen == [("GET", "/media", None)]


def test_a_redirect_within_the_provider_keeps_our_credentials(provider: Provider) -> None:
    provider.serve("/moved", b"sound")
    assert fetcher(provider).fetch(provider.serve(MEDIA, Answer(302, headers={"Location": "/moved"}))) == b"sound"


def test_a_redirect_to_nonsense_is_refused(provider: Provider) -> None:
    url = provider.serve(MEDIA, Answer(302, headers={"Location": "http://[::1/x"}))
    with pytest.raises(HostNotAllowed):
        fetcher(provider).fetch(url)


def test_a_redirect_in_a_circle_ends(provider: Provider) -> None:
    url = provider.serve(MEDIA, Answer(302, headers={"Location": MEDIA}))
    with pytest.raises(NotThereYet, match="chuyển hướng"):
        fetcher(provider).fetch(url)
    assert len(provider.seen) == 6


def test_a_recording_too_big_is_refused_before_it_is_read(provider: Provider) -> None:
    url = provider.serve(MEDIA, Answer(promise=100_001))
    with pytest.raises(TooBig):
        fetcher(provider).fetch(url)


def test_a_recording_bigger_than_it_says_is_refused_while_it_is_read(provider: Provider) -> None:
    chunked = Answer(body=b"", headers={"Transfer-Encoding": "chunked"}, promise=0)
    chunked.body = b"".join(b"2710\r\n" + bytes(10_000) + b"\r\n" for _ in range(20))
    with pytest.raises(TooBig):
        fetcher(provider).fetch(provider.serve(MEDIA, chunked))


def test_a_download_that_breaks_off_is_tried_again(provider: Provider) -> None:
    url = provider.serve(MEDIA, Answer(body=sounds.wav()[:1000], promise=len(sounds.wav())))
    with pytest.raises(NotThereYet):
        fetcher(provider).fetch(url)


def test_a_provider_that_does_not_answer_costs_little_time(provider: Provider) -> None:
    url = provider.serve(MEDIA, Answer(body=b"late", pause_s=1.0))
    started = time.monotonic()
    with pytest.raises(NotThereYet, match="ReadTimeout"):
        fetcher(provider).fetch(url)
    assert time.monotonic() - started < 0.9


def test_a_provider_that_drips_is_left_in_the_end(provider: Provider) -> None:
    url = provider.serve(MEDIA, Answer(body=bytes(4000), drip_s=0.1))
    started = time.monotonic()
    with pytest.raises(NotThereYet, match="quá 1 giây"):
        fetcher(provider).fetch(url)
    assert time.monotonic() - started < 2


def test_a_provider_that_is_down_is_worth_another_try() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(NotThereYet, match="ConnectionError"):
            HttpFetcher(address, USER, PASSWORD, limits=QUICK).fetch(address + MEDIA)


@pytest.mark.parametrize("status", [204, 404])
def test_the_provider_s_copy_is_deleted_and_one_already_gone_is_done(provider: Provider, status: int) -> None:
    provider.serve(MEDIA + ".json", Answer(status))
    TwilioMedia(provider.url, USER, PASSWORD).delete("RE1")
    method, path, credentials = provider.seen[0]
    assert (method, path) == ("DELETE", MEDIA + ".json")
    assert credentials is not None


@pytest.mark.parametrize(
    ("status", "error"), [(401, FetchDenied), (429, NotThereYet), (503, NotThereYet), (400, DeletionRefused)]
)
def test_a_deletion_that_fails_says_whether_to_try_again(
    provider: Provider, status: int, error: type[Exception]
) -> None:
    provider.serve(MEDIA + ".json", Answer(status))
    with pytest.raises(error, match=str(status)):
        TwilioMedia(provider.url, USER, PASSWORD).delete("RE1")


def test_a_strange_recording_id_never_reaches_a_url(provider: Provider) -> None:
    with pytest.raises(DeletionRefused):
        TwilioMedia(provider.url, USER, PASSWORD).delete("../../Calls/CA1")
    assert provider.seen == []
