"""What the operator's pages show of the directory: notices as they were worded, changes as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import DirectoryChange, User
from casebook.rules.directory_diff import Difference, differences
from casebook.service.directory_changes import LINE, SOUND, UNITS
from config.directory.lines import Line
from config.directory.store import lines_of, units_of

A_PAGE = 30
"""Changes shown at once."""

KINDS = {"line": "Đường dây", "unit": "Đơn vị", "units": "Nhập danh sách đơn vị", "sound": "Lời thoại"}
"""What kinds of changes are called."""


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change as people read it: what was changed, by whom, and field by field how."""

    change: DirectoryChange
    kind: str
    name: str
    person: str
    undone_by: str
    differences: tuple[Difference, ...]
    added: bool
    removed: bool


def notice_versions(session: Session, line: Line) -> dict[str, str]:
    """Give the words of the line's notices by version: the one of now, and all that were changed from or to."""
    changes = select(DirectoryChange).where(DirectoryChange.kind == LINE, DirectoryChange.slug == line.slug)
    heard: dict[str, str] = {}
    for change in session.scalars(changes.order_by(DirectoryChange.id)):
        for state in (change.before, change.after):
            notice = (state or {}).get("notice")
            if notice:
                heard[notice["version"]] = notice["text"]
    return heard | {line.notice.version: line.notice.text}


def recent_changes(session: Session, *, before: int | None = None, limit: int = A_PAGE) -> list[ToldChange]:
    """List the changes, newest first, those older than the change `before` if one is given."""
    rows = select(DirectoryChange).order_by(DirectoryChange.id.desc()).limit(limit)
    if before is not None:
        rows = rows.where(DirectoryChange.id < before)
    return _told(session, list(session.scalars(rows)))


def changes_of(session: Session, kind: str, slug: str, limit: int = A_PAGE) -> list[ToldChange]:
    """List the changes of one thing, newest first."""
    rows = select(DirectoryChange).where(DirectoryChange.kind == kind, DirectoryChange.slug == slug)
    return _told(session, list(session.scalars(rows.order_by(DirectoryChange.id.desc()).limit(limit))))


def _told(session: Session, changes: list[DirectoryChange]) -> list[ToldChange]:
    units = {unit.slug: unit.name for unit in units_of(session)}
    lines = {line.slug: line.name for line in lines_of(session)}
    people = {user.email: user.name for user in session.scalars(select(User))}
    names = {LINE: lines, "unit": units}
    return [_told_one(change, names, units, people) for change in changes]


def _told_one(
    change: DirectoryChange,
    names: Mapping[str, Mapping[str, str]],
    units: Mapping[str, str],
    people: Mapping[str, str],
) -> ToldChange:
    return ToldChange(
        change=change,
        kind=KINDS[change.kind],
        name=_name(change, names.get(change.kind, {})),
        person=people.get(change.made_by, change.made_by),
        undone_by=people.get(change.undone_by or "", change.undone_by or ""),
        differences=differences(change.kind, change.before, change.after, units),
        added=change.before is None,
        removed=change.after is None,
    )


def _name(change: DirectoryChange, names: Mapping[str, str]) -> str:
    if change.kind == UNITS:
        return ""
    state: dict[str, Any] = change.after or change.before or {}
    told = change.slug if change.kind == SOUND else state.get("name", change.slug)
    return names.get(change.slug, told)
