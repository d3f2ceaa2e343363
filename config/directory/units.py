"""The units a case can concern or go to, read from a CSV file and checked."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from config.errors import SettingsError
from config.told import Told

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""How units are named in addresses and files."""

EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
"""One address, without a name or a list (a part of RFC 5322's grammar)."""

COLUMNS = ("slug", "name", "kind", "region", "parent", "aliases", "email")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of a line or a unit, in words for whoever filled it in."""

    field: str
    text: str


class DirectoryError(SettingsError):
    """Danh bạ đường dây và đơn vị không dùng được như đang ghi."""

    def __init__(self, message: str | None = None, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


@dataclass(frozen=True)
class Unit:
    """An organisation of the health service; `parent` is a slug or "", `email` may be "".

    A retired one is suggested and chosen no more; what went to it keeps its name.
    """

    slug: str
    name: str
    kind: str
    region: str
    parent: str = ""
    aliases: tuple[str, ...] = ()
    email: str = ""
    retired: bool = False


@dataclass(frozen=True)
class SharedAlias:
    """A name that more than one unit goes by, so that it points at none of them for sure."""

    alias: str
    slugs: tuple[str, ...]

    @property
    def told(self) -> Told:
        """Say which units share it."""
        return Told("“%(alias)s” là tên của %(units)s", alias=self.alias, units=", ".join(self.slugs))


def read_units(path: Path) -> tuple[Unit, ...]:
    """Read the units of a CSV file. Raises DirectoryError naming the first bad line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        units = units_from(file, str(path))
    check_units(units)
    return units


def units_from(lines: Iterable[str], place: str, delimiter: str = ",") -> tuple[Unit, ...]:
    """Read units from lines of CSV, which are called `place`. Raises DirectoryError naming the first bad line."""
    rows = csv.DictReader(lines, delimiter=delimiter)
    missing = set(COLUMNS) - set(rows.fieldnames or ())
    if missing:
        raise DirectoryError(Told("%(place)s: thiếu cột %(columns)s", place=place, columns=", ".join(sorted(missing))))
    return tuple(_unit(row, f"{place}:{number}") for number, row in enumerate(rows, start=2))


def _unit(row: dict[str, str | None], place: str) -> Unit:
    text = {column: normalize("NFC", (row[column] or "").strip()) for column in COLUMNS}
    aliases = tuple(alias.strip() for alias in text["aliases"].split("|") if alias.strip())
    unit = Unit(text["slug"], text["name"], text["kind"], text["region"], text["parent"], aliases, text["email"])
    faults = faults_of_unit(unit)
    if faults:
        raise DirectoryError(complaint(place, faults), faults)
    return unit


def faults_of_unit(unit: Unit) -> tuple[Fault, ...]:
    """List what is wrong with a unit by itself."""
    return tuple(
        fault
        for is_wrong, fault in (
            (not SLUG.fullmatch(unit.slug), Fault("slug", "mã đơn vị chỉ gồm chữ thường không dấu, số và gạch nối")),
            (not unit.name, Fault("name", "chưa có tên đơn vị")),
            (
                bool(unit.email) and not EMAIL.fullmatch(unit.email),
                Fault("email", Told("“%(email)s” không phải thư điện tử", email=unit.email)),
            ),
            (bool(unit.parent) and unit.parent == unit.slug, Fault("parent", "đơn vị không thể trực thuộc chính nó")),
        )
        if is_wrong
    )


def complaint(place: str, faults: Iterable[Fault]) -> Told:
    """Word what is wrong in one place."""
    return Told("%(place)s: %(faults)s", place=place, faults=tuple(fault.text for fault in faults))


def check_units(units: Iterable[Unit]) -> None:
    """Raise DirectoryError where a slug is used twice or a parent does not exist."""
    known: set[str] = set()
    listed = tuple(units)
    for unit in listed:
        if unit.slug in known:
            raise DirectoryError(
                Told("đơn vị %(slug)s có hai lần", slug=unit.slug), (Fault("slug", "mã đơn vị đã có"),)
            )
        known.add(unit.slug)
    for unit in listed:
        if unit.parent and unit.parent not in known:
            faults = (Fault("parent", Told("không có đơn vị cấp trên %(parent)s", parent=unit.parent)),)
            raise DirectoryError(complaint(Told("đơn vị %(slug)s", slug=unit.slug), faults), faults)


def shared_aliases(units: Iterable[Unit]) -> tuple[SharedAlias, ...]:
    """List the names and aliases that several units share, for `check` and the log at load."""
    owners: dict[str, list[str]] = {}
    for unit in units:
        for alias in {name.casefold() for name in (unit.name, *unit.aliases)}:
            owners.setdefault(alias, []).append(unit.slug)
    return tuple(SharedAlias(alias, tuple(slugs)) for alias, slugs in sorted(owners.items()) if len(slugs) > 1)
