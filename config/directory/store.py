"""Lines and units in the database: loading the files, reading, and an administrator's changes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from config.directory.lines import Line
from config.directory.lines_file import check_line, check_lines, definition_of, line_from, read_lines
from config.directory.models import LineRow, UnitRow
from config.directory.units import DirectoryError, SharedAlias, Unit, check_units, read_units, shared_aliases

log = logging.getLogger(__name__)

DATA = Path(__file__).parent.parent / "data"
"""Where the files that ship with the hotline are."""


@dataclass(frozen=True)
class Loaded:
    """What `load_directory` found, for the log and for `check`."""

    lines: int
    units: int
    shared: tuple[SharedAlias, ...]


def load_directory(session: Session, data: Path = DATA) -> Loaded:
    """Put the files' lines and units into the tables, leaving alone what an administrator edited.

    Safe to repeat. Raises DirectoryError where a file is wrong or a line's units do not exist.
    """
    lines, units = read_lines(data / "lines.toml"), read_units(data / "units.csv")
    _upsert(session, UnitRow, [_unit_values(unit) for unit in units])
    _upsert(session, LineRow, [_line_values(line, place) for place, line in enumerate(lines)])
    check_owners(lines_of(session), units_of(session))
    shared = shared_aliases(units_of(session))
    for alias in shared:
        log.warning("Directory: %s", alias)
    return Loaded(len(lines), len(units), shared)


def _upsert(session: Session, table: type[LineRow | UnitRow], rows: list[dict[str, Any]]) -> None:
    statement = insert(table).values(rows)
    changes = {name: statement.excluded[name] for name in rows[0] if name != "slug"}
    session.execute(
        statement.on_conflict_do_update(index_elements=["slug"], set_=changes, where=table.edited_at.is_(None))
    )


def _unit_values(unit: Unit) -> dict[str, Any]:
    return {**asdict(unit), "aliases": list(unit.aliases)}


def _line_values(line: Line, position: int) -> dict[str, Any]:
    return {"slug": line.slug, "position": position, "definition": definition_of(line)}


def check_owners(lines: Iterable[Line], units: Iterable[Unit]) -> None:
    """Raise DirectoryError where a line belongs to, or connects to, a unit that does not exist."""
    known = {unit.slug for unit in units}
    for line in lines:
        strangers = {line.owner, *(branch.unit for branch in line.branches)} - known
        if strangers:
            raise DirectoryError(f"line {line.slug}: there is no unit {', '.join(sorted(strangers))}")


def lines_of(session: Session) -> tuple[Line, ...]:
    """Read the lines that answer now, in their order."""
    rows = session.scalars(select(LineRow).order_by(LineRow.position, LineRow.slug))
    return tuple(line_from(row.definition, f"line {row.slug}") for row in rows)


def units_of(session: Session) -> tuple[Unit, ...]:
    """Read the units, by slug."""
    return tuple(_unit(row) for row in session.scalars(select(UnitRow).order_by(UnitRow.slug)))


def _unit(row: UnitRow) -> Unit:
    return Unit(row.slug, row.name, row.kind, row.region, row.parent, tuple(row.aliases), row.email)


def save_line(session: Session, line: Line, now: datetime) -> None:
    """Keep an administrator's change to a line, from now on safe from the file.

    Raises DirectoryError, and changes nothing, where the line or the set of lines would be wrong.
    """
    check_line(line)
    others = tuple(other for other in lines_of(session) if other.slug != line.slug)
    check_lines((*others, line))
    check_owners((line,), units_of(session))
    row = session.get(LineRow, line.slug) or LineRow(slug=line.slug, position=len(others))
    row.definition, row.edited_at = definition_of(line), now
    session.add(row)


def save_unit(session: Session, unit: Unit, now: datetime) -> None:
    """Keep an administrator's change to a unit, from now on safe from the file.

    Raises DirectoryError, and changes nothing, where its parent does not exist.
    """
    others = tuple(other for other in units_of(session) if other.slug != unit.slug)
    check_units((*others, unit))
    row = session.get(UnitRow, unit.slug) or UnitRow(slug=unit.slug)
    for name, value in _unit_values(unit).items():
        setattr(row, name, value)
    row.edited_at = now
    session.add(row)
