"""Lines and units in the database: loading the files, reading, and an administrator's changes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from config.directory.line_checks import check_line, check_lines, refuse
from config.directory.lines import Line
from config.directory.lines_file import definition_of, read_lines, stored_line
from config.directory.models import LineRow, UnitRow
from config.directory.units import (
    Fault,
    SharedAlias,
    Unit,
    check_units,
    faults_of_unit,
    read_units,
    shared_aliases,
)
from config.told import Told

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
        log.warning("Directory: %s", alias.told)
    return Loaded(len(lines), len(units), shared)


def _upsert(session: Session, table: type[LineRow | UnitRow], rows: list[dict[str, Any]]) -> None:
    statement = insert(table).values(rows)
    changes = {name: statement.excluded[name] for name in rows[0] if name != "slug"}
    session.execute(
        statement.on_conflict_do_update(index_elements=["slug"], set_=changes, where=table.edited_at.is_(None))
    )


def _unit_values(unit: Unit) -> dict[str, Any]:
    values = {**asdict(unit), "aliases": list(unit.aliases)}
    # Who is retired is no matter of the file's.
    del values["retired"]
    return values


def _line_values(line: Line, position: int) -> dict[str, Any]:
    return {"slug": line.slug, "position": position, "definition": definition_of(line)}


def check_owners(lines: Iterable[Line], units: Iterable[Unit]) -> None:
    """Raise DirectoryError where a line belongs to, or connects to, a unit that does not exist or is retired."""
    known = {unit.slug for unit in units if not unit.retired}
    for line in lines:
        refuse(Told("đường dây %(slug)s", slug=line.slug), tuple(_strangers(line, known)))


def _strangers(line: Line, known: set[str]) -> Iterator[Fault]:
    named = [("owner", line.owner), *((f"branch_{branch.key}", branch.unit) for branch in line.branches)]
    for field, slug in named:
        if slug not in known:
            yield Fault(field, Told("không có đơn vị %(slug)s đang hoạt động", slug=slug or Told("(để trống)")))


def lines_of(session: Session) -> tuple[Line, ...]:
    """Read the lines that answer now, in their order."""
    rows = session.scalars(select(LineRow).order_by(LineRow.position, LineRow.slug))
    return tuple(stored_line(row.definition, f"đường dây {row.slug}") for row in rows)


def units_of(session: Session) -> tuple[Unit, ...]:
    """Read the units, by slug."""
    return tuple(_unit(row) for row in session.scalars(select(UnitRow).order_by(UnitRow.slug)))


def _unit(row: UnitRow) -> Unit:
    retired = row.retired_at is not None
    return Unit(row.slug, row.name, row.kind, row.region, row.parent, tuple(row.aliases), row.email, retired)


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
    """Keep an administrator's change to a unit, from now on safe from the file; a retired one is so from `now`.

    Raises DirectoryError, and changes nothing, where the unit is wrong, its parent does not exist, or a
    line would be left to a retired one.
    """
    save_units(session, (unit,), now)


def save_units(session: Session, changed: Iterable[Unit], now: datetime) -> None:
    """Keep changes to several units, which may be each other's parents; raises as `save_unit` does."""
    listed = {unit.slug: unit for unit in changed}
    for unit in listed.values():
        refuse(Told("đơn vị %(slug)s", slug=unit.slug), faults_of_unit(unit))
    together = {unit.slug: unit for unit in units_of(session)} | listed
    check_units(together.values())
    check_owners(lines_of(session), together.values())
    for unit in listed.values():
        _write_unit(session, unit, now)
    session.flush()


def _write_unit(session: Session, unit: Unit, now: datetime) -> None:
    row = session.get(UnitRow, unit.slug) or UnitRow(slug=unit.slug)
    for name, value in _unit_values(unit).items():
        setattr(row, name, value)
    row.retired_at = (row.retired_at or now) if unit.retired else None
    row.edited_at = now
    session.add(row)


def forget_unit(session: Session, slug: str) -> None:
    """Take a unit out of the tables, as if it had never been made.

    Raises DirectoryError where another unit or a line names it.
    """
    left = tuple(unit for unit in units_of(session) if unit.slug != slug)
    check_units(left)
    check_owners(lines_of(session), left)
    session.execute(delete(UnitRow).where(UnitRow.slug == slug))
