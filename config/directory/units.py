"""The units a case can concern or go to, read from a CSV file and checked."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from config.errors import SettingsError

COLUMNS = ("slug", "name", "kind", "region", "parent", "aliases", "email")


class DirectoryError(SettingsError):
    """The directory of lines and units cannot be used as it is written."""


@dataclass(frozen=True)
class Unit:
    """An organisation of the health service; `parent` is a slug or "", `email` may be ""."""

    slug: str
    name: str
    kind: str
    region: str
    parent: str = ""
    aliases: tuple[str, ...] = ()
    email: str = ""


@dataclass(frozen=True)
class SharedAlias:
    """A name that more than one unit goes by, so that it points at none of them for sure."""

    alias: str
    slugs: tuple[str, ...]

    def __str__(self) -> str:
        return f"“{self.alias}” is a name of {', '.join(self.slugs)}"


def read_units(path: Path) -> tuple[Unit, ...]:
    """Read the units of a CSV file. Raises DirectoryError naming the first bad line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = set(COLUMNS) - set(rows.fieldnames or ())
        if missing:
            raise DirectoryError(f"{path}: missing columns {', '.join(sorted(missing))}")
        units = tuple(_unit(row, f"{path}:{number}") for number, row in enumerate(rows, start=2))
    check_units(units)
    return units


def _unit(row: dict[str, str | None], place: str) -> Unit:
    text = {column: normalize("NFC", (row[column] or "").strip()) for column in COLUMNS}
    if not text["slug"] or not text["name"]:
        raise DirectoryError(f"{place}: a unit needs a slug and a name")
    aliases = tuple(alias.strip() for alias in text.pop("aliases").split("|") if alias.strip())
    return Unit(**text, aliases=aliases)


def check_units(units: Iterable[Unit]) -> None:
    """Raise DirectoryError where a slug is used twice or a parent does not exist."""
    known: set[str] = set()
    listed = tuple(units)
    for unit in listed:
        if unit.slug in known:
            raise DirectoryError(f"unit {unit.slug} is listed twice")
        known.add(unit.slug)
    for unit in listed:
        if unit.parent and unit.parent not in known:
            raise DirectoryError(f"unit {unit.slug}: there is no parent {unit.parent}")


def shared_aliases(units: Iterable[Unit]) -> tuple[SharedAlias, ...]:
    """List the names and aliases that several units share, for `check` and the log at load."""
    owners: dict[str, list[str]] = {}
    for unit in units:
        for alias in {name.casefold() for name in (unit.name, *unit.aliases)}:
            owners.setdefault(alias, []).append(unit.slug)
    return tuple(SharedAlias(alias, tuple(slugs)) for alias, slugs in sorted(owners.items()) if len(slugs) > 1)
