"""The panel of photos and documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.rules.file_types import ACCEPTED, size_name
from casebook.rules.policy import Permission, sees_file
from casebook.service import files
from casebook.web.panels.panel import Looked, Panel, Place


def values(looked: Looked) -> Mapping[str, Any] | None:
    """Give the files that the person may have; nothing where there are none and none can be added."""
    viewer = looked.user.viewer
    handles = viewer.may(Permission.HANDLE_CASES)
    found = files.files_of(looked.session, looked.case, looked.tools.keys)
    seen = [file for file in found if sees_file(viewer, shared=file.for_unit)]
    if not seen and not handles:
        return None
    return {
        "files": [file for file in seen if file.removed_at is None],
        "removed": [file for file in seen if file.removed_at is not None] if handles else [],
        "handles": handles,
        "accepted": ACCEPTED,
        "size": size_name,
    }


PANEL = Panel("desk/case/files.html", Place.MORE, values)
"""Photos and documents of the case."""
