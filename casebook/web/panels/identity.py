"""The part of a case's page that says who called: masked, until a look was granted and written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.rules.policy import Permission, may_break_glass
from casebook.rules.states import Status
from casebook.service import hearing, identity, review
from casebook.web.panels.panel import Looked, Panel, Place
from config.phone import masked, readable


def values(looked: Looked) -> Mapping[str, Any]:
    """Give the caller's number, masked unless this is a look, what was heard of them in a look, and the way to one."""
    keys = looked.tools.keys
    number = review.caller_number(looked.case, keys)
    shown = readable if looked.identity else masked
    contact = hearing.contact_of(hearing.suggestion_of(looked.case, keys)) if looked.identity else {}
    return {"caller": shown(number) if number else "", "contact": contact, **_way(looked)}


def _way(looked: Looked) -> dict[str, Any]:
    """Say how far this person is on the way to a look."""
    case, user, now = looked.case, looked.user, looked.tools.clock()
    if looked.identity or not user.viewer.may(Permission.ASK_IDENTITY):
        return {"may": False}
    request = identity.latest(looked.session, case.id, user.email)
    granted = identity.is_good(request, now)
    glass = may_break_glass(user.viewer, emergency=case.emergency, status=Status(case.status))
    return {
        "may": True,
        "request": request,
        "granted": granted,
        "waits": request is not None and request.granted is None,
        "refused": request is not None and request.granted is False,
        "glass": glass and not granted,
        "proven": user.is_proven(now),
    }


PANEL = Panel("desk/case/identity.html", Place.FORM, values)
