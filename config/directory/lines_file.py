"""Lines as an administrator writes them: TOML in, checked values out."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unicodedata import normalize

from pydantic import TypeAdapter, ValidationError

from config.directory.lines import CATEGORIES, Choice, Line
from config.directory.units import DirectoryError
from config.phone import e164

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
    try:
        line = _LINE.validate_python(definition)
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DirectoryError(f"{place}: {reasons}") from error
    check_line(line)
    return line


def definition_of(line: Line) -> dict[str, Any]:
    """Write a line as plain JSON values that `line_from` reads back."""
    written: dict[str, Any] = _LINE.dump_python(line, mode="json")
    return written


def check_line(line: Line) -> None:
    """Raise DirectoryError where a line contradicts itself or could leave a caller stuck."""
    choices = {option.choice for option in line.menu}
    complaints = {
        "its number cannot be dialled": not e164(line.number),
        "a key of the menu is used twice": _repeats(option.key for option in line.menu),
        "a key of the guidance menu is used twice": _repeats(branch.key for branch in line.branches),
        "a question is asked twice": _repeats(question.key for question in line.questions),
        "no question is required, so a call could end with nothing said": not any(
            question.required for question in line.questions
        ),
        "the menu lacks the report or the emergency key": not {Choice.REPORT, Choice.EMERGENCY} <= choices,
        "guidance needs both a key of the menu and branches": (Choice.GUIDANCE in choices) != bool(line.branches),
        "a category is unknown": bool({*line.auto_forward, line.category} - {"", *CATEGORIES}),
        "recordings must be kept for at least a day": line.retention_days < 1,
        "a question must leave at least 5 seconds to speak": any(q.max_seconds < 5 for q in line.questions),
    }
    wrong = [complaint for complaint, is_so in complaints.items() if is_so]
    if wrong:
        raise DirectoryError(f"line {line.slug}: {'; '.join(wrong)}")


def check_lines(lines: Iterable[Line]) -> None:
    """Raise DirectoryError where lines share a slug or a number, or not exactly one is the default."""
    listed = tuple(lines)
    numbers = [number for line in listed for number in {e164(n) for n in (line.number, *line.aliases)}]
    if _repeats(line.slug for line in listed) or _repeats(numbers):
        raise DirectoryError("two lines share a slug or a number")
    if sum(line.is_default for line in listed) != 1:
        raise DirectoryError("exactly one line must have is_default = true: it answers unknown numbers")


def _repeats(names: Iterable[str]) -> bool:
    return any(count > 1 for count in Counter(names).values())
