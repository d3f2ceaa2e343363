"""What was done, by whom and when: the events of all cases and of the desk as one list, the newest first."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, String, cast, literal, null, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from casebook.models import Case, CaseEvent, DeskEvent
from casebook.queries.filters import day_of
from casebook.rules import codes
from casebook.rules.desk_words import GROUPS, told_at_desk
from casebook.rules.timeline import Names, told
from casebook.service.proof import PROVEN
from config.clock import midnight
from transcription.rules.text import clean

PAGE = 50


@dataclass(frozen=True, slots=True)
class Source:
    """A table of events, under the name that orders the two among equal moments."""

    name: str
    table: type[CaseEvent] | type[DeskEvent]
    number: InstrumentedAttribute[int]


CASES = Source("case", CaseEvent, CaseEvent.id)
DESK = Source("desk", DeskEvent, DeskEvent.number)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the auditor asks for; empty values ask for everything, days are Vietnam's and inclusive."""

    actor: str = ""
    group: str = ""
    code: str = ""
    since: date | None = None
    until: date | None = None

    def query(self, **changes: Any) -> str:
        """Write it, with changes, as the query string of a link."""
        changed = replace(self, **changes)
        values = {
            "actor": changed.actor,
            "group": changed.group,
            "code": changed.code,
            "since": changed.since.isoformat() if changed.since else "",
            "until": changed.until.isoformat() if changed.until else "",
        }
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as the auditor reads it; `code` is the case's, empty for the desk's own."""

    at: datetime
    actor: str
    kind: str
    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of events, and where the next begins (None on the last)."""

    entries: tuple[Entry, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class LastProof:
    """When the chains were last looked through, and what was found."""

    at: datetime
    events: int
    cases: int
    broken: Mapping[str, Any] | None


def read_wanted(values: Mapping[str, str]) -> Wanted:
    """Read what a URL asks for; what makes no sense is left out."""
    digits = "".join(character for character in values.get("code", "") if character.isdigit())
    return Wanted(
        actor=clean(values.get("actor", "")).strip().lower()[:200],
        group=values["group"] if values.get("group") in GROUPS else "",
        code=digits[:20],
        since=day_of(values.get("since", "")),
        until=day_of(values.get("until", "")),
    )


def trail(session: Session, wanted: Wanted, names: Names, after: str | None = None) -> Trail:
    """Give a page of events, the newest first."""
    start = _read_cursor(after)
    sources = _pages_of(_of_cases(wanted), CASES, wanted, start)
    if not wanted.code:
        sources += _pages_of(_of_desk(), DESK, wanted, start)
    both = union_all(*sources).subquery()
    newest = select(both).order_by(both.c.at.desc(), both.c.source.desc(), both.c.id.desc()).limit(PAGE + 1)
    rows = session.execute(newest).all()
    entries = tuple(_entry(row, names) for row in rows[:PAGE])
    return Trail(entries, _cursor(rows[PAGE - 1]) if len(rows) > PAGE else None)


def last_proof(session: Session) -> LastProof | None:
    """Give what was found when the chains were last looked through; None if they never were."""
    wanted = select(DeskEvent).where(DeskEvent.kind == PROVEN).order_by(DeskEvent.number.desc()).limit(1)
    event = session.scalars(wanted).first()
    if event is None:
        return None
    return LastProof(event.at, event.data["events"], event.data["cases"], event.data.get("broken"))


def _of_cases(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    code = select(Case.code).where(Case.id == CaseEvent.case_id).scalar_subquery()
    rows = select(*_columns(CASES), code.label("code"))
    if not wanted.code:
        return rows
    asked = wanted.code if codes.is_valid(wanted.code) else ""
    return rows.where(CaseEvent.case_id == select(Case.id).where(Case.code == asked).scalar_subquery())


def _of_desk() -> Select[*tuple[Any, ...]]:
    return select(*_columns(DESK), cast(null(), String()).label("code"))


def _columns(source: Source) -> tuple[ColumnElement[Any], ...]:
    table = source.table
    return (
        literal(source.name).label("source"),
        source.number.label("id"),
        table.at.label("at"),
        table.actor.label("actor"),
        table.kind.label("kind"),
        table.data.label("data"),
    )


def _pages_of(
    rows: Select[*tuple[Any, ...]], source: Source, wanted: Wanted, start: tuple[datetime, str, int] | None
) -> list[Select[*tuple[Any, ...]]]:
    """Narrow one source to what may stand on the page: kind by kind, so that each is read from its index in order."""
    if not wanted.group:
        return [_page_of(rows, source, wanted, start)]
    return [_page_of(rows.where(source.table.kind == kind), source, wanted, start) for kind in GROUPS[wanted.group][1]]


def _page_of(
    rows: Select[*tuple[Any, ...]], source: Source, wanted: Wanted, start: tuple[datetime, str, int] | None
) -> Select[*tuple[Any, ...]]:
    table = source.table
    if wanted.actor:
        rows = rows.where(table.actor == wanted.actor)
    if wanted.since:
        rows = rows.where(table.at >= midnight(wanted.since))
    if wanted.until and wanted.until < date.max:
        rows = rows.where(table.at < midnight(wanted.until + timedelta(days=1)))
    if start is not None:
        rows = rows.where(_before(source, *start))
    return rows.order_by(table.at.desc(), source.number.desc()).limit(PAGE + 1)


def _before(source: Source, at: datetime, name: str, number: int) -> ColumnElement[bool]:
    """The condition that an event stands after the cursor in the list: (at, source, id) is smaller."""
    if source.name == name:
        return tuple_(source.table.at, source.number) < tuple_(at, number)
    return source.table.at <= at if source.name < name else source.table.at < at


def _entry(row: Any, names: Names) -> Entry:
    tell = told if row.source == CASES.name else told_at_desk
    return Entry(
        row.at, names.people.get(row.actor, row.actor), row.kind, tell(row.kind, row.data, names), row.code or ""
    )


def _cursor(row: Any) -> str:
    return urlsafe_b64encode(f"{row.at.isoformat()}|{row.source}|{row.id}".encode()).decode()


def _read_cursor(text: str | None) -> tuple[datetime, str, int] | None:
    try:
        at, name, number = urlsafe_b64decode((text or "").encode()).decode().split("|")
        moment = datetime.fromisoformat(at)
        return (moment, name, int(number)) if moment.tzinfo and name in {CASES.name, DESK.name} else None
    except ValueError:
        # Mistyped, cut off or of another version: the list begins at the top.
        return None
