"""What the desk works with, put together once at the edge and passed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from casebook.adapters.openid import OpenId
from casebook.ports import CallLog, NoCalls
from casebook.rules.calendar import WorkingCalendar
from casebook.rules.timeline import Names
from casebook.rules.understanding.places import Area
from casebook.rules.understanding.shapes import Heard, Suggestion
from casebook.service.forwarding import Office
from casebook.service.users import all_users
from casebook.tools import House
from casebook.web.operations import Operations
from config.clock import Clock
from config.crypto import KeyRing
from config.database.engine import Database
from config.directory.lines import Line
from config.directory.store import lines_of, units_of
from config.directory.units import Unit
from recordings.ports import Store


@dataclass(frozen=True, slots=True)
class DeskTools:
    """The means of the desk's pages; `mailbox` is the test mailbox's directory, None where mail really goes out.

    `calls` tells of the telephone calls, `areas` are the districts of before 2025 with the wards of now.
    `streams` is how many open pages a process tells of what happens as it happens.
    `second_factor_required` shuts the desk to people who need a second factor and have none yet; `sign_on` is
    the provider of identities where there is one.
    """

    database: Database
    clock: Clock
    keys: KeyRing
    store: Store
    house: House
    understand: Callable[[Heard], Suggestion]
    calendar: WorkingCalendar
    secret: str
    mailbox: Path | None = None
    audio_may_leave: bool = False
    calls: CallLog = field(default_factory=NoCalls)
    areas: tuple[Area, ...] = ()
    operations: Operations = field(default_factory=Operations)
    second_factor_required: bool = True
    sign_on: OpenId | None = None
    streams: int = 24


@dataclass(frozen=True, slots=True)
class Directory:
    """Lines and units as they stand now, by slug."""

    lines: dict[str, Line]
    units: dict[str, Unit]

    @classmethod
    def read(cls, session: Session) -> Directory:
        """Read the directory."""
        lines = {line.slug: line for line in lines_of(session)}
        return cls(lines, {unit.slug: unit for unit in units_of(session)})

    def names(self, session: Session) -> Names:
        """Give what slugs and accounts are called."""
        return Names(
            units={slug: unit.name for slug, unit in self.units.items()},
            lines={slug: line.name for slug, line in self.lines.items()},
            people={user.email: user.name for user in all_users(session)},
        )

    def office(self, tools: DeskTools) -> Office:
        """Give what letters are written with."""
        return Office(self.units, self.lines, tools.keys, tools.understand, tools.calendar, tools.house)
