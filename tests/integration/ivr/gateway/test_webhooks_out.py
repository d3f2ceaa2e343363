"""The gateway's requests of the hotline over real HTTP: signed, repeated, given up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from aiohttp import ClientSession
from flask import Response

from ivr.carrier.twiml import Document, TwimlError
from ivr.carrier.webhook import Webhook, WebhookError
from ivr.gateway.webhooks import LARGEST_DOCUMENT, HotlineClient
from tests.integration.ivr.hotline import ACCOUNT, Answer, Hotline, running, slow

T = TypeVar("T")


def asked(page: Answer, work: Callable[[HotlineClient, str], Awaitable[T]], timeout: float = 2.0) -> tuple[T, Hotline]:
    """Do `work` with a client of a hotline whose page `/x` is `page`."""
    with running({"/x": page}) as (hotline, _endpoint):

        async def go() -> T:
            async with ClientSession() as http:
                client = HotlineClient(http, ACCOUNT.auth_token, hotline.url, timeout=timeout, pauses=(0.05, 0.05))
                return await work(client, f"{hotline.url}/x")

        return asyncio.run(go()), hotline


async def document(client: HotlineClient, url: str) -> Document:
    return await client.document(Webhook(f"{url}?n=3&q=story", {"Digits": "1 #", "From": "+84912"}))


async def tell(client: HotlineClient, url: str) -> bool:
    return await client.tell(Webhook(url, {"RecordingSid": "RE1"}))


class Flaky:
    """Fails so many times before it answers."""

    def __init__(self, failures: int, status: int = 500) -> None:
        self.left = failures
        self.status = status

    def __call__(self, _params: dict[str, str]) -> Response:
        self.left -= 1
        return Response("<Response/>", self.status if self.left >= 0 else 200, content_type="text/xml")


def test_a_request_is_signed_over_its_address_as_written(caplog: pytest.LogCaptureFixture) -> None:
    found, hotline = asked("<Response><Hangup/></Response>", document)
    assert len(found.verbs) == 1
    (seen,) = hotline.seen
    assert seen.signed
    assert (seen.params["q"], seen.params["Digits"]) == ("story", "1 #")


def test_a_request_by_get_is_signed_too() -> None:
    async def get(client: HotlineClient, url: str) -> Document:
        return await client.document(Webhook(f"{url}?n=3", {"Digits": "1"}, "GET"))

    _, hotline = asked("<Response/>", get)
    assert (hotline.seen[0].method, hotline.seen[0].signed, hotline.seen[0].params["n"]) == ("GET", True, "3")


def test_a_hiccup_is_tried_once_more_with_the_same_token() -> None:
    _, hotline = asked(Flaky(1), document)
    assert len(hotline.seen) == 2
    assert len({seen.token for seen in hotline.seen}) == 1


@pytest.mark.parametrize(
    ("page", "code", "requests"),
    [
        (Flaky(9), 11200, 2),
        (Flaky(9, 404), 11200, 1),
        (Response("<Response/>", content_type="application/json"), 12300, 1),
        (Response("", 302, {"Location": "/y"}), 11200, 1),
        ("<Response>" + " " * LARGEST_DOCUMENT + "</Response>", 11200, 2),
    ],
)
def test_what_is_no_document_has_twilios_error_code(page: Answer, code: int, requests: int) -> None:
    async def failed(client: HotlineClient, url: str) -> int:
        with pytest.raises(WebhookError) as error:
            await document(client, url)
        return error.value.code

    found, hotline = asked(page, failed)
    assert (found, len(hotline.seen)) == (code, requests)


def test_a_page_that_is_no_xml_is_said_to_be_none() -> None:
    async def failed(client: HotlineClient, url: str) -> None:
        with pytest.raises(TwimlError):
            await document(client, url)

    asked("oops", failed)


def test_a_slow_hotline_is_left_in_time() -> None:
    async def failed(client: HotlineClient, url: str) -> float:
        began = time.monotonic()
        with pytest.raises(WebhookError, match="no answer in"):
            await document(client, url)
        return time.monotonic() - began

    took, _ = asked(slow(1.5, "<Response/>"), failed, timeout=0.5)
    assert took < 1.0


@pytest.mark.parametrize(
    ("page", "taken", "requests"),
    [
        ("<Response/>", True, 1),
        (Flaky(2, 503), True, 3),
        (Flaky(9, 503), False, 3),
        (Flaky(9, 403), False, 1),
    ],
)
def test_a_callback_is_repeated_while_the_hotline_cannot_take_it(page: Answer, taken: bool, requests: int) -> None:
    found, hotline = asked(page, tell)
    assert (found, len(hotline.seen)) == (taken, requests)


def test_a_sound_that_is_not_there_is_an_error() -> None:
    async def failed(client: HotlineClient, url: str) -> None:
        with pytest.raises(WebhookError, match="HTTP 404"):
            await client.sound(url)

    asked(Response("", 404), failed)
