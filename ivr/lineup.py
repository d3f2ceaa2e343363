"""The lines as they answer now, with their words: read once, and again when a while has passed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from config.directory.lines import Line, default_line, line_for
from config.directory.lines_file import read_lines
from config.directory.prompts import PromptBook
from config.directory.store import DATA, lines_of
from ivr.book import call_book

FRESH = timedelta(seconds=15)
"""A change made at the desk is heard by callers after this long at most."""


@dataclass(frozen=True)
class Lineup:
    """The lines and the words they speak with."""

    lines: tuple[Line, ...]
    book: PromptBook

    def answering(self, dialled: str) -> Line:
        """Give the line that answers a dialled number; numbers nobody owns get the default line."""
        return line_for(self.lines, dialled) or default_line(self.lines)

    def named(self, slug: str) -> Line:
        """Give the line called `slug`; a name nobody has gets the default line."""
        return next((line for line in self.lines if line.slug == slug), None) or default_line(self.lines)


class CachedLineup:
    """Gives the lineup out of the database, remembered for `FRESH`; threads may share it.

    Two threads may read it at the same time, which costs one query more and does no harm.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        read: Callable[[Session], tuple[Line, ...]] = lines_of,
        shipped: Path = DATA / "lines.toml",
    ) -> None:
        self._texts = texts
        self._read = read
        self._shipped = shipped
        self._kept: tuple[datetime, Lineup] | None = None

    def __call__(self, session: Session, now: datetime) -> Lineup:
        """Give the lines as they were at most `FRESH` before `now`. Raises DirectoryError if they are wrong."""
        kept = self._kept
        if kept is None or not now - FRESH < kept[0] <= now:
            kept = self._kept = (now, self._lineup(self._read(session)))
        return kept[1]

    def without_database(self) -> Lineup:
        """Give the lines as they were last, or as they shipped, so that even an apology knows its line."""
        return self._kept[1] if self._kept else self._lineup(read_lines(self._shipped))

    def _lineup(self, lines: tuple[Line, ...]) -> Lineup:
        return Lineup(lines, call_book(self._texts, lines))
