"""Makes the gateway's requests of the hotline: for documents, with callbacks, for sounds. Nothing blocks."""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from yarl import URL

from ivr.carrier.twiml import Document, parse
from ivr.carrier.webhook import (
    NO_ANSWER,
    WEBHOOK_TIMEOUT,
    Webhook,
    WebhookError,
    require_document,
    signed_headers,
)

log = logging.getLogger(__name__)

LARGEST_DOCUMENT = 1 << 20
LARGEST_SOUND = 32 << 20
"""Bytes that are read of an answer; a longer one counts as broken."""
_AGAIN = 0.3
"""Seconds until a request that failed is made once more, within the time of the first."""
CALLBACK_PAUSES = (1.0, 3.0, 10.0, 30.0)
"""Seconds between the attempts at a callback; after the last, reconciliation finds what was not told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hotline answered."""

    status: int
    content_type: str
    body: bytes


@dataclass(slots=True)
class HotlineClient:
    """Speaks to the hotline at `public_url`, which it signs for; `reach_at`, if given, is where it really is.

    `timeout` in seconds for one document, all attempts together.
    """

    http: ClientSession
    auth_token: str
    public_url: str
    reach_at: str | None = None
    timeout: float = WEBHOOK_TIMEOUT
    pauses: tuple[float, ...] = CALLBACK_PAUSES

    def address(self, path: str) -> str:
        """The public address of `path`."""
        return self.public_url.rstrip("/") + path

    async def document(self, webhook: Webhook) -> Document:
        """Fetch TwiML, asking twice if the first attempt fails at once. Raises WebhookError or TwimlError."""
        token = str(uuid.uuid4())
        try:
            async with asyncio.timeout(self.timeout):
                answer = await self._twice(webhook, token)
        except TimeoutError as error:
            raise WebhookError(NO_ANSWER, f"no answer in {self.timeout:g} s from {webhook.url}", webhook.url) from error
        require_document(webhook.url, answer.status, answer.content_type)
        document = parse(answer.body, webhook.url)
        for warning in document.warnings:
            log.warning("TwiML of %s: %s", webhook.url, warning)
        return document

    async def tell(self, webhook: Webhook) -> bool:
        """Make a callback, again and again while the hotline cannot take it; false if it never could."""
        token = str(uuid.uuid4())
        for pause in (*self.pauses, None):
            status = await self._status(webhook, token)
            if 0 < status < 500:
                return status < 300
            if pause is not None:
                await asyncio.sleep(pause)
        log.error("A callback to %s was given up", webhook.url)
        return False

    async def sound(self, url: str) -> bytes:
        """Fetch a sound file. Raises WebhookError."""
        try:
            async with asyncio.timeout(self.timeout):
                answer = await self._ask(Webhook(url, {}, "GET"), str(uuid.uuid4()), LARGEST_SOUND)
        except (ClientError, TimeoutError) as error:
            raise WebhookError(NO_ANSWER, f"{error!r} from {url}", url) from error
        if answer.status != 200:
            raise WebhookError(NO_ANSWER, f"HTTP {answer.status} for the sound {url}", url)
        return answer.body

    async def _twice(self, webhook: Webhook, token: str) -> Answer:
        try:
            answer = await self._ask(webhook, token)
            if answer.status < 500:
                return answer
        except ClientError as error:
            log.warning("No answer from %s: %r", webhook.url, error)
        await asyncio.sleep(_AGAIN)
        try:
            return await self._ask(webhook, token)
        except ClientError as error:
            raise WebhookError(NO_ANSWER, f"{error!r} from {webhook.url}", webhook.url) from error

    async def _status(self, webhook: Webhook, token: str) -> int:
        """The HTTP status of one attempt, 0 without an answer."""
        try:
            async with asyncio.timeout(self.timeout):
                return (await self._ask(webhook, token)).status
        except (ClientError, TimeoutError) as error:
            log.warning("The callback to %s did not arrive: %r", webhook.url, error)
            return 0

    async def _ask(self, webhook: Webhook, token: str, largest: int = LARGEST_DOCUMENT) -> Answer:
        form = webhook.form
        headers = signed_headers(webhook, self.auth_token, token)
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        async with self.http.request(
            webhook.method,
            # As it is signed, byte for byte.
            URL(self._reached(webhook.address), encoded=True),
            data=urlencode(form) if form else None,
            headers=headers,
            timeout=ClientTimeout(total=self.timeout),
            allow_redirects=False,
        ) as response:
            return Answer(response.status, response.headers.get("Content-Type", ""), await _body(response, largest))

    def _reached(self, url: str) -> str:
        base = self.public_url.rstrip("/")
        if self.reach_at is None or not url.startswith(base):
            return url
        return self.reach_at.rstrip("/") + url.removeprefix(base)


async def _body(response: ClientResponse, largest: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > largest:
            raise ClientError(f"the answer is longer than {largest} bytes")
    return bytes(body)
