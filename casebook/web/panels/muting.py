"""Muting the caller of a case, or the word that they are muted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.rules.policy import Permission
from casebook.service import muting
from casebook.web.panels.panel import Looked, Panel, Place


def values(looked: Looked) -> Mapping[str, Any] | None:
    """Say whether the caller is muted, to those who may mute; None where the number was withheld."""
    if looked.case.caller_hash is None or not looked.user.viewer.may(Permission.MUTE_CALLERS):
        return None
    muted = muting.of_caller(looked.session, looked.case.caller_hash, looked.tools.clock())
    return {"case": looked.case, "muted": muted, "longest": muting.LONGEST_DAYS}


PANEL = Panel("desk/case/muting.html", Place.CALL, values)
