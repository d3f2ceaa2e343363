"""Which cases exist for a person: the policy as a condition of every query, and as the database's own wall."""

from __future__ import annotations

import json

from sqlalchemy import ColumnElement, and_, false, or_, select, text, true
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.rules import codes
from casebook.rules.policy import WITH_UNIT, Permission, Viewer
from config.directory.models import UnitRow

WALL_ROLE = "lang_nghe_desk"
"""The database role that desk pages work as: row-level security holds for it, as it does not for the owner."""

_STAND_BEHIND = text(
    "SELECT set_config('role', :role, true), set_config('desk.reads', :reads, true),"
    " set_config('desk.unit', :unit, true), set_config('desk.lines', :lines, true),"
    " set_config('desk.regions', :regions, true), set_config('desk.custodian', :custodian, true)"
)


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a case may be seen by `viewer`; says what `policy.may_see_case` says."""
    if not viewer.may(Permission.READ_CASES):
        return false()
    conditions: list[ColumnElement[bool]] = []
    if not viewer.may(Permission.READ_CONFIDENTIAL):
        conditions.append(Case.confidential.is_(False))
    if viewer.lines is not None:
        conditions.append(Case.line.in_(sorted(viewer.lines)))
    if viewer.regions is not None:
        conditions.append(_in_regions(viewer.regions))
    return and_(true(), *conditions)


def _in_regions(regions: frozenset[str]) -> ColumnElement[bool]:
    there = select(UnitRow.slug).where(UnitRow.region.in_(sorted(regions)))
    nowhere = and_(Case.subject_unit.is_(None), Case.responsible_unit.is_(None))
    return or_(nowhere, Case.subject_unit.in_(there), Case.responsible_unit.in_(there))


def visible_to_unit(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a case was sent to the viewer's unit; says what `policy.may_see_as_unit` says."""
    if viewer.unit is None or not viewer.may(Permission.READ_UNIT_CASES):
        return false()
    return and_(Case.responsible_unit == viewer.unit, Case.status.in_(sorted(WITH_UNIT)))


def find(session: Session, viewer: Viewer, code: str, *, lock: bool = False) -> Case | None:
    """Find the case with this code, locked against other writers if asked; None also where it may not be seen."""
    return _find(session, visible(viewer), code, lock=lock)


def find_for_unit(session: Session, viewer: Viewer, code: str, *, lock: bool = False) -> Case | None:
    """Find a case of the viewer's unit by its code; None also where it was not sent to the unit."""
    return _find(session, visible_to_unit(viewer), code, lock=lock)


def _find(session: Session, condition: ColumnElement[bool], code: str, *, lock: bool) -> Case | None:
    if not codes.is_valid(code):
        return None
    wanted = select(Case).where(Case.code == code, condition)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def stand_behind_wall(session: Session, viewer: Viewer) -> None:
    """Make the rest of this transaction the viewer's: the database itself hides what they may not see.

    The second wall (PostgreSQL row security policies, migration 0002): it holds where a query forgot `visible`.
    """
    session.execute(_STAND_BEHIND, _wall_settings(viewer))


def _wall_settings(viewer: Viewer) -> dict[str, str]:
    reads = "none"
    if viewer.may(Permission.READ_CASES):
        reads = "all" if viewer.may(Permission.READ_CONFIDENTIAL) else "open"
    unit = viewer.unit if viewer.unit and viewer.may(Permission.READ_UNIT_CASES) else ""
    return {
        "role": WALL_ROLE,
        "reads": reads,
        "unit": unit,
        "lines": _array(viewer.lines),
        "regions": _array(viewer.regions),
        "custodian": "yes" if viewer.may(Permission.GRANT_IDENTITY) else "",
    }


def _array(names: frozenset[str] | None) -> str:
    """Write names as a PostgreSQL array literal; empty text stands for no limit."""
    return "" if names is None else "{" + ",".join(json.dumps(name) for name in sorted(names)) + "}"
