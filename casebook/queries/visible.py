"""Which cases exist for a person: the policy as a condition of every query."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.rules import codes
from casebook.rules.policy import Permission, Viewer


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a case may be seen by `viewer`; says what `policy.may_see_case` says."""
    if not viewer.may(Permission.READ_CASES):
        return false()
    if viewer.may(Permission.READ_CONFIDENTIAL):
        return true()
    return Case.confidential.is_(False)


def find(session: Session, viewer: Viewer, code: str, *, lock: bool = False) -> Case | None:
    """Find the case with this code, locked against other writers if asked; None also where it may not be seen."""
    if not codes.is_valid(code):
        return None
    wanted = select(Case).where(Case.code == code, visible(viewer))
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()
