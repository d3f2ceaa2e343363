"""The cases of one call that held two matters, and the way to split one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.queries import related as queries
from casebook.rules.policy import Permission
from casebook.rules.states import Status
from casebook.service.review import EDITABLE
from casebook.web.panels.panel import Looked, Panel, Place


def values(looked: Looked) -> Mapping[str, Any] | None:
    """Say which cases share the call, and whether this one can be split; None where neither is so."""
    case, viewer = looked.case, looked.user.viewer
    siblings = queries.siblings(looked.session, viewer, case) if case.merged_into is None else []
    handles = viewer.may(Permission.HANDLE_CASES)
    editable = handles and Status(case.status) in EDITABLE and case.intake_ended_at is not None
    if not siblings and not editable:
        return None
    return {"case": case, "siblings": siblings, "may_split": editable and case.recordings, "handles": handles}


PANEL = Panel("desk/case/split.html", Place.MORE, values)
