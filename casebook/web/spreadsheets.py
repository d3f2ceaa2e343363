"""Lists as CSV that spreadsheet programs open in Vietnamese, and in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from config.clock import local

MEDIA_TYPE = "text/csv; charset=utf-8"


def spreadsheet(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Write a heading and rows, line by line."""
    # The byte order mark is how spreadsheet programs know that it is UTF-8.
    yield "\ufeff" + _line(columns)
    for cells in rows:
        yield _line(map(harmless, cells))


def harmless(cell: str) -> str:
    """Keep a spreadsheet from taking words for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.lstrip()[:1] in {"=", "+", "-", "@"} or cell[:1] in {"\t", "\r", "\n"} else cell


def moment_cell(at: datetime | None) -> str:
    """Write a moment in Vietnam's time as spreadsheet programs read and sort it; nothing for none."""
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""


def _line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue()
