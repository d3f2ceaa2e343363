"""Proof that a webhook comes from the carrier: X-Twilio-Signature over the public address.

Source: Twilio, “Webhooks security”. The address is built from the configured public base URL, never from
what a proxy made of the request.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ivr.models import WebhookRejection

HEADER = "X-Twilio-Signature"


def public_address(base_url: str, path: str, query: str) -> str:
    """Give the address that the carrier requested and signed: the base may hold a path of its own."""
    return f"{base_url.rstrip('/')}{path}{'?' + query if query else ''}"


def is_genuine(token: str, address: str, params: MultiDict[str, str], signature: str | None) -> bool:
    """Tell whether `signature` is the carrier's over `address` and all POST parameters.

    The port may be written or left out, and a parameter may be repeated, as Twilio's own validator allows.
    """
    if not signature:
        return False
    return bool(RequestValidator(token).validate(address, params, signature))


def count_rejection(session: Session, day: date, reason: str) -> None:
    """Count a request that was turned away."""
    row = insert(WebhookRejection).values(day=day, reason=reason, count=1)
    session.execute(
        row.on_conflict_do_update(index_elements=["day", "reason"], set_={"count": WebhookRejection.count + 1})
    )
