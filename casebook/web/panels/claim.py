"""Who has the case: take it, give it back, take it over, go on to the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.rules.policy import Permission
from casebook.rules.states import FINISHED, Status
from casebook.service import claims
from casebook.web import lane
from casebook.web.panels.panel import Looked, Panel, Place


def values(looked: Looked) -> Mapping[str, Any] | None:
    """Say who has the case and what this person may do about it; None where there is nothing to say."""
    claim = claims.holder_of(looked.session, looked.case.id, looked.tools.clock())
    handles = looked.user.viewer.may(Permission.HANDLE_CASES)
    if claim is None and not handles:
        return None
    return {
        "mine": claim is not None and claim.holder == looked.user.email,
        "holder": claim.name if claim else "",
        "until": claim.until if claim else None,
        "handles": handles,
        "takes_over": looked.user.viewer.may(Permission.TAKE_OVER),
        "unfinished": Status(looked.case.status) not in FINISHED,
        "onwards": lane.lane() is not None,
    }


PANEL = Panel("desk/case/claim.html", Place.TOP, values)
