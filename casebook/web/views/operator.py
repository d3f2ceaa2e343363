"""What the operator's pages have in common: tabs, changes that can be undone, sounds."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from casebook.models import DirectoryChange
from casebook.rules.policy import Permission
from casebook.service.directory_changes import Editor
from casebook.web.operations import Operations
from casebook.web.people import person
from casebook.web.shown import Views

NEEDS = Permission.RUN_HOTLINE
POST = ("POST",)

LARGEST_NUMBER = 2**31 - 1
"""PostgreSQL's largest integer."""

TABS = (
    ("desk.operator_lines", "Đường dây"),
    ("desk.operator_units", "Đơn vị"),
    ("desk.operator_prompts", "Lời thoại"),
    ("desk.operator_health", "Sức khỏe hệ thống"),
    ("desk.operator_changes", "Thay đổi gần đây"),
)
"""The operator's pages: address and title."""


@dataclass(frozen=True, slots=True)
class OperatorViews(Views):
    """A group of pages of the operator, who sees no case's content."""

    @property
    def operations(self) -> Operations:
        """The means beyond the case book."""
        return self.tools.operations

    @contextmanager
    def editing(self) -> Iterator[Editor]:
        """Open a transaction that changes the directory on the person's word."""
        # Past the wall: whether a unit has cases must be counted for somebody who may see none of them.
        with self.tools.database.begin() as session:
            yield Editor(session, self.operations.prompts, person().email, self.now)

    def page(self, session: Session, template: str, tab: str, status: int = 200, **values: Any) -> tuple[str, int]:
        """Render a page below the operator's tabs; `tab` is the endpoint of the present one."""
        tabs = [(endpoint, _(title), endpoint == f"desk.{tab}") for endpoint, title in TABS]
        shell = {"tabs": tabs, "changed": request.args.get("changed", type=row_number)}
        return self.show(session, f"operator/{template}", status, **shell, **values)


def row_number(text: str) -> int:
    """Read the number of a row; raises ValueError for what no row of a table can have."""
    number = int(text)
    if not 0 <= number <= LARGEST_NUMBER:
        raise ValueError
    return number


def to(endpoint: str, change: DirectoryChange | None, **values: Any) -> ResponseReturnValue:
    """Go to a page after a change, which the page then offers to undo."""
    if change is not None:
        values["changed"] = change.id
    return redirect(url_for(f"desk.{endpoint}", **values), 303)


def sound(data: bytes, kind: str) -> ResponseReturnValue:
    """Answer with a sound, in parts if the browser asks so."""
    return send_file(io.BytesIO(data), mimetype=kind, conditional=True)


def read_upload(file: FileStorage | None, largest: int) -> bytes:
    """Read an uploaded file and let its temporary copy go; of one larger than `largest` bytes only a byte more."""
    if file is None:
        return b""
    with closing(file):
        data: bytes = file.read(largest + 1)
        return data
