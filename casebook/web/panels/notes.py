"""The panel of internal notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.rules.policy import Permission
from casebook.service import notes
from casebook.web.panels.panel import Looked, Panel, Place


def values(looked: Looked) -> Mapping[str, Any] | None:
    """Give the notes, to inspectors alone: they write them to each other."""
    if not looked.user.viewer.may(Permission.HANDLE_CASES):
        return None
    return {"notes": notes.notes_of(looked.session, looked.case, looked.tools.keys)}


PANEL = Panel("desk/case/notes.html", Place.MORE, values)
"""What inspectors tell each other about the case."""
