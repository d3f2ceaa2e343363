"""One signed request of a carrier to the hotline, and what counts as an answer to it.

Sources: twilio.com/docs/usage/security ("Validating requests"), …/docs/usage/webhooks, …/docs/api/errors.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from config.errors import HotlineError

WEBHOOK_TIMEOUT = 15.0
"""Seconds a webhook has in all."""
USER_AGENT = "TwilioProxy/1.1"
NO_ANSWER, NO_DOCUMENT, NOT_XML = 11200, 12100, 12300
"""Twilio's error codes: no good HTTP answer, an answer that is not TwiML, a content type that is not XML."""
_XML = ("text/xml", "application/xml", "text/html")
"""Content types that Twilio reads as TwiML."""


class WebhookError(HotlineError):
    """A webhook did not give TwiML; `code` is Twilio's error code for it."""

    def __init__(self, code: int, message: str, url: str) -> None:
        super().__init__(message)
        self.code = code
        self.url = url


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request to make of the hotline."""

    url: str
    params: Mapping[str, str]
    method: str = "POST"

    @property
    def address(self) -> str:
        """What is requested and signed: with GET the parameters are part of it."""
        if self.method != "GET" or not self.params:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(self.params)}"

    @property
    def form(self) -> dict[str, str]:
        """The body: the parameters, none with GET."""
        return {} if self.method == "GET" else dict(self.params)


def signature(url: str, form: Mapping[str, str], auth_token: str) -> str:
    """X-Twilio-Signature: Base64 of HMAC-SHA1 over the address and the form's sorted names and values."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.digest(auth_token.encode(), signed.encode(), "sha1")).decode()


def signed_headers(webhook: Webhook, auth_token: str, token: str) -> dict[str, str]:
    """The headers of `webhook`; `token` is the same for every attempt at one request."""
    return {
        "X-Twilio-Signature": signature(webhook.address, webhook.form, auth_token),
        "I-Twilio-Idempotency-Token": token,
        "User-Agent": USER_AGENT,
    }


def require_document(url: str, status: int, content_type: str) -> None:
    """Raise WebhookError unless `status` (0: no answer) and `content_type` are those of a TwiML answer."""
    if not 200 <= status < 300:
        raise WebhookError(NO_ANSWER, f"{f'HTTP {status}' if status else 'no answer'} from {url}", url)
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _XML:
        raise WebhookError(NOT_XML, f"content type {kind!r} from {url}", url)
