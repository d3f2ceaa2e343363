"""What a unit sees of the cases that were sent to it: its list, its files, and nothing of the Department's work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from casebook.models import UNIT_TURN, Case, CaseFile, CaseRedaction, UnitReply, User
from casebook.queries import search
from casebook.queries.filters import overdue
from casebook.queries.visible import visible_to_unit
from casebook.rules import codes, file_types
from casebook.rules.file_types import FileKind
from casebook.rules.policy import Viewer
from casebook.rules.states import AWAITING_ANSWER, Status
from casebook.service import files, replies
from config.crypto import KeyRing
from transcription.rules.text import clean, fold

PAGE = 30
COUNTED = 1_000
"""Closed cases that are counted at most; nobody reads so many, and counting them takes time."""
EXPORT_LIMIT = 10_000
LAST_PAGE = 1_000


class Show(StrEnum):
    """Which of a unit's cases the list shows."""

    WAITING = "waiting"
    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    LATE = "late"
    ANSWERED = "answered"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an officer asks of the list."""

    show: Show = Show.WAITING
    text: str = ""
    page: int = 1

    def query(self, **changes: Any) -> str:
        """Write it, with changes, as the query string of a link; another list begins at its first page."""
        changed = replace(self, **{"page": 1, **changes})
        values = {
            "show": changed.show if changed.show is not Show.WAITING else "",
            "q": changed.text,
            "page": changed.page if changed.page > 1 else "",
        }
        return urlencode({name: str(value) for name, value in values.items() if value})


def read_asked(values: Mapping[str, str]) -> Asked:
    """Read what a URL asks; what makes no sense is left out."""
    show, number = values.get("show", ""), values.get("page", "")
    text = " ".join(clean(values.get("q", "")[:200]).split())
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    return Asked(Show(show) if show in set(Show) else Show.WAITING, text, min(max(page, 1), LAST_PAGE))


@dataclass(frozen=True, slots=True)
class Row:
    """A case as its unit's list shows it."""

    code: str
    status: str
    category: str | None
    subject_unit: str | None
    subject_text: str | None
    level: int
    summary: str
    forwarded_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    sent_back: bool


UNFINISHED = sorted({*AWAITING_ANSWER, Status.ANSWERED})
# What waits comes before what is done; among what waits, what is latest.
_TURN = search.Order((literal_column(f"({UNIT_TURN})"), Case.due_at, Case.id))
_NEWEST_FIRST = {
    Show.ANSWERED: search.Order((Case.answered_at, Case.id), downwards=True),
    Show.CLOSED: search.Order((Case.closed_at, Case.id), downwards=True),
}

_HIDDEN_BY_HAND = (
    select(CaseRedaction.id)
    .where(CaseRedaction.case_id == Case.id, CaseRedaction.hidden != literal([], JSONB))
    .exists()
)
# The summary was written before a person hid more words; whether it says them nobody has looked.
SUMMARY = case((_HIDDEN_BY_HAND, ""), else_=Case.summary)
"""What a unit may read of a case's summary."""

# A case of its own: a NOT EXISTS would be joined, and the list sorted anew.
_MAY_BE_READ = case((_HIDDEN_BY_HAND, false()), else_=true())

_SENT_BACK = and_(
    Case.status == Status.ACKNOWLEDGED,
    select(UnitReply.id)
    .where(UnitReply.case_id == Case.id, UnitReply.unit == Case.responsible_unit, UnitReply.state == replies.SENT_BACK)
    .exists(),
)

_COLUMNS = (
    Case.code,
    Case.status,
    Case.category,
    Case.subject_unit,
    Case.subject_text,
    Case.level,
    SUMMARY.label("summary"),
    Case.forwarded_at,
    Case.due_at,
    Case.answered_at,
    Case.closed_at,
    _SENT_BACK.label("sent_back"),
)


def page(session: Session, viewer: Viewer, asked: Asked, now: datetime) -> tuple[list[Row], bool]:
    """Give a page of the unit's list, and whether there are more."""
    start = (asked.page - 1) * PAGE
    if asked.text:
        listed = [visible_to_unit(viewer), _shown(asked.show, now)]
        ids = search.first_ids(session, listed, _says(asked.text), _order(asked.show), start + PAGE + 1)
        wanted = select(*_COLUMNS).where(visible_to_unit(viewer), Case.id.in_(ids))
    else:
        wanted = _wanted(viewer, asked, now)
    wanted = _ordered(wanted, asked.show).offset(start)
    rows = [Row(*values) for values in session.execute(wanted.limit(PAGE + 1))]
    return rows[:PAGE], len(rows) > PAGE


def every_row(session: Session, viewer: Viewer, asked: Asked, now: datetime) -> Iterator[Row]:
    """Go through the whole list, up to EXPORT_LIMIT rows."""
    wanted = _ordered(_wanted(viewer, asked, now), asked.show)
    return (Row(*values) for values in session.execute(wanted.limit(EXPORT_LIMIT)))


def counts(session: Session, viewer: Viewer, now: datetime) -> dict[Show, int]:
    """Count what each tab of the list shows when nothing is searched for; above COUNTED stands for "more"."""
    seen = visible_to_unit(viewer)
    unfinished = [show for show in Show if show not in {Show.CLOSED, Show.ALL}]
    columns = [func.count().filter(_shown(show, now)) for show in unfinished]
    found = session.execute(select(*columns).where(seen, Case.status.in_(UNFINISHED))).one()
    closed = select(Case.id).where(seen, Case.status == Status.CLOSED).limit(COUNTED + 1).subquery()
    numbers = dict(zip(unfinished, found, strict=True))
    numbers[Show.CLOSED] = session.scalar(select(func.count()).select_from(closed)) or 0
    return numbers | {Show.ALL: numbers[Show.WAITING] + numbers[Show.ANSWERED] + numbers[Show.CLOSED]}


def _wanted(viewer: Viewer, asked: Asked, now: datetime) -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).where(visible_to_unit(viewer), _shown(asked.show, now), *_says(asked.text))


def _ordered(wanted: Select[*tuple[Any, ...]], show: Show) -> Select[*tuple[Any, ...]]:
    order = _order(show)
    return wanted.order_by(*order.by(order.keys))


def _order(show: Show) -> search.Order:
    return _NEWEST_FIRST.get(show, _TURN)


def _shown(show: Show, now: datetime) -> ColumnElement[bool]:
    waiting = Case.status.in_(sorted(AWAITING_ANSWER))
    return {
        Show.WAITING: waiting,
        Show.NEW: Case.status == Status.FORWARDED,
        Show.ACKNOWLEDGED: Case.status == Status.ACKNOWLEDGED,
        Show.LATE: overdue(now),
        Show.ANSWERED: Case.status == Status.ANSWERED,
        Show.CLOSED: Case.status == Status.CLOSED,
        Show.ALL: literal_column("true"),
    }[show]


def _says(text: str) -> list[ColumnElement[bool]]:
    """A whole code finds its case; words find cases whose summary, as the unit reads it, has them all.

    Only what is shown is searched: a search in more would tell what was hidden, one guess at a time.
    """
    digits = "".join(character for character in text if character.isdigit())
    if codes.is_valid(digits) and fold(text).replace(" ", "") == digits:
        return [Case.code == digits]
    terms = fold(text).split()
    if text and not terms:
        return [literal_column("false")]
    return [condition for term in terms for condition in _says_term(term)]


def _says_term(term: str) -> tuple[ColumnElement[bool], ...]:
    """The term begins a word of the summary, or the code. Said in two, as the indexes have it behind the wall."""
    # Folded words are letters and digits: nothing in them is an operator. The planner must see the words.
    wanted: BindParameter[str] = bindparam("words", f"{term}:*", unique=True, literal_execute=True)
    begins_word = Case.summary_words.op("@@")(func.to_tsquery(literal_column("'simple'"), wanted))
    if not term.isdigit() or len(term) > codes.CODE_LENGTH:
        return begins_word, _MAY_BE_READ
    lowest, highest = (term.ljust(codes.CODE_LENGTH, digit) for digit in "09")
    begins_code = Case.code.between(lowest, highest)
    return or_(begins_word, begins_code), or_(_MAY_BE_READ, begins_code)


@dataclass(frozen=True, slots=True)
class UnitFile:
    """A file as the unit sees it; the Department's have names that say nothing."""

    id: UUID
    name: str
    kind_name: str
    size: str
    reply_id: UUID | None


def files_of(session: Session, of: Case, unit: str, keys: KeyRing) -> list[UnitFile]:
    """List the files that the unit may see: its own, and those that an inspector let it see."""
    rows = select(CaseFile).where(CaseFile.case_id == of.id, _for(unit)).order_by(CaseFile.added_at, CaseFile.id)
    found: list[UnitFile] = []
    for row in session.scalars(rows):
        kind, number = FileKind(row.content_type), sum(file.reply_id is None for file in found) + 1
        name = files.name_of(row, keys) if row.reply_id else neutral_name(kind, number)
        size = file_types.size_name(row.size_bytes)
        found.append(UnitFile(row.id, name, file_types.KIND_NAMES[kind], size, row.reply_id))
    return found


def neutral_name(kind: FileKind, number: int) -> str:
    """Name a file of the Department's for the unit: what a citizen called it may say who they are."""
    return f"tai-lieu-{number}{file_types.ENDINGS[kind][0]}"


def file_of(session: Session, of: Case, unit: str, file_id: UUID) -> CaseFile | None:
    """Give a file that the unit may see, None for any other."""
    rows = select(CaseFile).where(CaseFile.case_id == of.id, CaseFile.id == file_id, _for(unit))
    return session.scalars(rows).one_or_none()


def _for(unit: str) -> ColumnElement[bool]:
    own = select(UnitReply.id).where(UnitReply.unit == unit)
    theirs = or_(CaseFile.reply_id.is_(None), CaseFile.reply_id.in_(own))
    return and_(CaseFile.for_unit.is_(True), CaseFile.removed_at.is_(None), theirs)


def colleagues(session: Session, unit: str) -> dict[str, str]:
    """Give the names of the unit's own people, by the address that replies name them with."""
    rows = select(User.email, User.name).where(User.unit == unit)
    return {user.email: user.name for user in session.execute(rows)}
