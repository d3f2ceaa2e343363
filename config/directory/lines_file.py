"""Lines as an administrator writes them: TOML in, checked values out."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from unicodedata import normalize

from pydantic import TypeAdapter, ValidationError

from config.directory.line_checks import check_line, check_lines
from config.directory.lines import Line
from config.directory.units import DirectoryError

_LINE = TypeAdapter(Line)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file as NFC text. Raises DirectoryError where it is not TOML."""
    try:
        return tomllib.loads(normalize("NFC", path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise DirectoryError(f"{path}: {error}") from error


def read_lines(path: Path) -> tuple[Line, ...]:
    """Read the lines of a TOML file. Raises DirectoryError naming what is wrong and where."""
    tables = read_toml(path).get("lines", [])
    lines = tuple(line_from(table, f"{path}: line {number}") for number, table in enumerate(tables, start=1))
    check_lines(lines)
    return lines


def line_from(definition: dict[str, Any], place: str = "a line") -> Line:
    """Make a line of its plain definition (TOML or JSON). Raises DirectoryError with the reasons."""
    line = stored_line(definition, place)
    check_line(line)
    return line


def stored_line(definition: dict[str, Any], place: str) -> Line:
    """Make a line of a definition that was checked when it was saved: a rule that came later must not silence calls.

    Raises DirectoryError only where it has not the form of a line.
    """
    try:
        return _LINE.validate_python(definition)
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DirectoryError(f"{place}: {reasons}") from error


def definition_of(line: Line) -> dict[str, Any]:
    """Write a line as plain JSON values that `line_from` reads back."""
    written: dict[str, Any] = _LINE.dump_python(line, mode="json")
    return written
