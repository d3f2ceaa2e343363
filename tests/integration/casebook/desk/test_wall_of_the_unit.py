"""The second wall about what units give and get: the database hides it even from a query that forgot to ask."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from casebook.models import CaseFile, CaseNote, UnitReply
from casebook.queries.visible import stand_behind_wall
from casebook.rules.policy import Role, Viewer
from tests.attachments import jpeg, png

from .at_the_unit import OTHER, UNIT, answer, attach, case_of, file_row, files_of, officer
from .conftest import Desk

ROLES = {
    "inspector": {"notes": 1, "files": 3, "replies": 1},
    "supervisor": {"notes": 1, "files": 3, "replies": 1},
    "unit_officer": {"notes": 0, "files": 2, "replies": 1},
    "operator": {"notes": 0, "files": 0, "replies": 0},
    "auditor": {"notes": 0, "files": 0, "replies": 0},
}


def seen(desk: Desk, who: Viewer) -> dict[str, int]:
    tables = {"notes": CaseNote, "files": CaseFile, "replies": UnitReply}
    with desk.tools.database.begin() as session:
        stand_behind_wall(session, who)
        return {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()}


@pytest.mark.parametrize("role", list(ROLES))
def test_behind_the_wall_a_unit_has_its_replies_and_its_files_and_no_note(desk: Desk, role: str) -> None:
    code, inspector = case_of(desk), desk.inspector()
    page = f"/desk/cases/{code}"
    inspector.post(f"{page}/notes", {"words": "kín"}, at=page)
    attach(inspector, code, [("kín.png", png()), ("chung.jpg", jpeg())])
    shared = next(file for file in files_of(desk, code) if file.name == "chung.jpg")
    inspector.post(f"{page}/files/{shared.id}/share", {"on": "1"}, at=page)
    answer(officer(desk), code, sent=[("của đơn vị.png", png(told=b"x"))])
    assert file_row(desk, shared.id).for_unit
    assert seen(desk, Viewer("ai", frozenset({Role(role)}), unit=UNIT)) == ROLES[role]
    if role == "unit_officer":
        nothing = {"notes": 0, "files": 0, "replies": 0}
        assert seen(desk, Viewer("ai", frozenset({Role(role)}), unit=OTHER)) == nothing
