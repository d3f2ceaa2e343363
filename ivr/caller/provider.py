"""The provider's side of the protocol: signed webhooks, Twilio's parameters, failures and callbacks."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from ivr.caller.events import Asked
from ivr.caller.media import MediaServer
from ivr.carrier.webhook import WEBHOOK_TIMEOUT, Webhook, require_document, signed_headers


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The hotline as the provider knows it.

    `public_url` is what webhooks are signed with; `reach_at`, where it differs, is the base address
    they are really sent to, as behind a proxy. `timeout` in seconds.
    """

    public_url: str
    media: MediaServer
    incoming: str = "/voice/incoming"
    status: str = "/voice/status"
    fallback: str | None = "/voice/fallback"
    reach_at: str | None = None
    timeout: float = WEBHOOK_TIMEOUT

    def address(self, path: str) -> str:
        """The public address of `path`."""
        return self.public_url.rstrip("/") + path

    def reached(self, url: str) -> str:
        """Where a request for the public address `url` really goes."""
        base = self.public_url.rstrip("/")
        if self.reach_at is None or not url.startswith(base):
            return url
        return self.reach_at.rstrip("/") + url.removeprefix(base)


class Provider:
    """Makes one call's webhooks, telling `listen` of each; `lost` ones (from 1) never arrive."""

    def __init__(self, endpoint: Endpoint, listen: Callable[[Asked], None], lost: frozenset[int] = frozenset()) -> None:
        self._endpoint = endpoint
        self._listen = listen
        self._lost = lost
        self._made = 0
        self._auth_token = endpoint.media.account.auth_token

    def twiml(self, webhook: Webhook, times: int = 1) -> bytes:
        """The TwiML that answers `webhook`, asked `times` times over with one idempotency token.

        Raises WebhookError with the code Twilio would log: 11200 for a refusal, a broken connection
        or more than 15 s, 12300 for a content type that is not XML.
        """
        token = str(uuid.uuid4())
        for _ in range(times):
            asked, kind = self._ask(webhook, token)
            self._listen(asked)
        require_document(webhook.url, asked.status, kind)
        return asked.body

    def notify(self, webhook: Webhook, times: int = 1) -> None:
        """Send a callback `times` times at once; its answer is ignored, as Twilio does."""
        token = str(uuid.uuid4())
        with ThreadPoolExecutor(max(times, 1)) as pool:
            waiting = [pool.submit(self._ask, webhook, token) for _ in range(times)]
            for sent in waiting:
                self._listen(sent.result()[0])

    def fetch_sound(self, url: str) -> int:
        """Fetch a sound to play; gives the HTTP status, 0 if none came."""
        return self._ask(Webhook(url, {}, "GET"), str(uuid.uuid4()))[0].status

    def _ask(self, webhook: Webhook, token: str) -> tuple[Asked, str]:
        """One request; the answer (status 0 without one) and its content type."""
        self._made += 1
        if self._made in self._lost:
            return self._asked(webhook, 0, b"lost on the way", 0.0), ""
        started = time.perf_counter()
        try:
            answer = self._send(webhook, token)
        except requests.RequestException as error:
            return self._asked(webhook, 0, str(error).encode(), time.perf_counter() - started), ""
        kind = answer.headers.get("Content-Type", "")
        took = time.perf_counter() - started
        return self._asked(webhook, answer.status_code, answer.content, took), kind

    def _send(self, webhook: Webhook, token: str) -> requests.Response:
        return requests.request(
            webhook.method,
            self._endpoint.reached(webhook.address),
            data=webhook.form or None,
            headers=signed_headers(webhook, self._auth_token, token),
            timeout=self._endpoint.timeout,
            # Twilio would follow and sign anew; a hotline that redirects its webhooks is misconfigured.
            allow_redirects=False,
        )

    def _asked(self, webhook: Webhook, status: int, body: bytes, seconds: float) -> Asked:
        return Asked(webhook.url, webhook.method, webhook.params, status, body, seconds)
