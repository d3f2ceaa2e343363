"""The part of a case's page that says who called: masked, until a look was written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.service import hearing, review
from casebook.web.panels.panel import Looked, Panel, Place
from config.phone import masked, readable


def values(looked: Looked) -> Mapping[str, Any] | None:
    """Give the caller's number, masked unless this is a look, and what was heard of them in a look."""
    keys = looked.tools.keys
    number = review.caller_number(looked.case, keys)
    shown = readable if looked.identity else masked
    contact = hearing.contact_of(hearing.suggestion_of(looked.case, keys)) if looked.identity else {}
    return {"caller": shown(number) if number else "", "contact": contact}


PANEL = Panel("desk/case/identity.html", Place.FORM, values)
