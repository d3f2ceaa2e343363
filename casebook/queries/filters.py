"""What a person asks of the list, and how a query says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from casebook.models import FINISHED_RANK, QUEUE_RANK, Case, CaseClaim, CaseRecording, OutboxMail
from casebook.rules import codes
from casebook.rules.states import AWAITING_ANSWER, FINISHED, Status
from config.clock import midnight
from config.jobs.models import FailedStep
from transcription.rules.text import clean, fold

UNFINISHED: Literal["active"] = "active"
EVERY: Literal["all"] = "all"
WITH_UNIT: Literal["with_unit"] = "with_unit"
"""Cases that a unit has yet to answer."""
VIEWS = (UNFINISHED, *(status.value for status in Status), WITH_UNIT, EVERY)
MOMENTS = {
    "opened": Case.opened_at,
    "forwarded": Case.forwarded_at,
    "answered": Case.answered_at,
    "closed": Case.closed_at,
}
"""What the days of a list may be the days of."""
NO_UNIT = "-"
"""In place of a unit: cases that have none."""

LONGEST_TEXT = 200
MARKS = ("emergency", "overdue", "failed", "mine")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list shows; empty values ask for everything.

    `since` and `until` are days in Vietnam, inclusive, of the moment `dated`. `unit` is one that a case is about
    or with, `to` one that must answer it.
    """

    view: str = UNFINISHED
    line: str = ""
    category: str = ""
    unit: str = ""
    to: str = ""
    text: str = ""
    dated: str = "opened"
    since: date | None = None
    until: date | None = None
    emergency: bool = False
    overdue: bool = False
    failed: bool = False
    mine: bool = False
    """Only what the person who asks has taken."""

    def query(self, **changes: Any) -> str:
        """Write the filters, with changes, as the query string of a link."""
        changed = replace(self, **changes)
        values = {
            "view": changed.view if changed.view != UNFINISHED else "",
            "line": changed.line,
            "category": changed.category,
            "unit": changed.unit,
            "to": changed.to,
            "q": changed.text,
            "dated": changed.dated if changed.dated != "opened" else "",
            "since": changed.since.isoformat() if changed.since else "",
            "until": changed.until.isoformat() if changed.until else "",
            **{mark: "1" if getattr(changed, mark) else "" for mark in MARKS},
        }
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def archive(self) -> bool:
        """Whether finished cases are among what is shown: an archive rather than a queue."""
        return self.view in {EVERY, *FINISHED}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the view was asked for."""
        return replace(self, view=UNFINISHED) != Filters()


def read_filters(values: Mapping[str, str]) -> Filters:
    """Read the filters of a URL; what makes no sense is left out."""
    view = values.get("view", UNFINISHED)
    dated = values.get("dated", "opened")
    text = " ".join(clean(values.get("q", "")[:LONGEST_TEXT]).split())
    return Filters(
        view=view if view in VIEWS else UNFINISHED,
        line=clean(values.get("line", ""))[:64],
        category=clean(values.get("category", ""))[:64],
        unit=clean(values.get("unit", ""))[:64],
        to=clean(values.get("to", ""))[:64],
        text=text,
        dated=dated if dated in MOMENTS else "opened",
        since=day_of(values.get("since", "")),
        until=day_of(values.get("until", "")),
        **{mark: values.get(mark) == "1" for mark in MARKS},
    )


def day_of(text: str) -> date | None:
    """Read a day of a URL (ISO 8601); None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def conditions(filters: Filters, now: datetime, actor: str = "") -> list[ColumnElement[bool]]:
    """Give everything that a case must fulfil to be shown to `actor`."""
    found = [*base_conditions(filters), view_condition(filters.view)]
    if filters.emergency:
        found.append(Case.emergency.is_(True) if filters.archive else urgent())
    if filters.overdue:
        found.append(overdue(now))
    if filters.failed:
        found.append(troubled())
    if filters.mine:
        found.append(held_by(actor, now))
    return found


def base_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Give what the filters ask, without the view and the marks that counts are made for."""
    found: list[ColumnElement[bool]] = []
    if filters.line:
        found.append(Case.line == filters.line)
    if filters.category:
        found.append(Case.category == filters.category)
    if filters.unit:
        found.append(_unit(filters.unit))
    if filters.to:
        found.append(Case.responsible_unit == filters.to)
    if filters.since:
        found.append(MOMENTS[filters.dated] >= midnight(filters.since))
    if filters.until and filters.until < date.max:
        found.append(MOMENTS[filters.dated] < midnight(filters.until + timedelta(days=1)))
    if filters.text:
        found.append(_says(filters.text))
    return found


def view_condition(view: str) -> ColumnElement[bool]:
    """Give the condition of a view: unfinished cases, all, or those in one state."""
    if view == EVERY:
        return literal_column("true")
    if view == UNFINISHED:
        return Case.status.not_in(FINISHED)
    if view == WITH_UNIT:
        return Case.status.in_(AWAITING_ANSWER)
    return Case.status == view


def overdue(now: datetime) -> ColumnElement[bool]:
    """The unit's answer is late."""
    return and_(Case.status.in_(AWAITING_ANSWER), Case.due_at < now)


def held_by(actor: str, now: datetime) -> ColumnElement[bool]:
    """Somebody has taken the case and still has it."""
    return Case.id.in_(select(CaseClaim.case_id).where(CaseClaim.holder == actor, CaseClaim.until > now))


def queued() -> ColumnElement[bool]:
    """The case is not finished, as the indexes of the queue have it."""
    return _rank() < FINISHED_RANK


def urgent() -> ColumnElement[bool]:
    """An emergency that is not finished, as the index of the queue has it."""
    return _rank() == 0


def _rank() -> ColumnElement[int]:
    return literal_column(f"({QUEUE_RANK})")


def troubled() -> ColumnElement[bool]:
    """A step of the case failed for good, or a mail about it waits for a decision.

    Asked from the short lists of what is stuck, not case by case.
    """
    mails = select(OutboxMail.case_id).where(
        OutboxMail.state.in_(("failed", "uncertain")), OutboxMail.case_id.is_not(None)
    )
    recordings = select(CaseRecording.case_id).where(CaseRecording.recording_id.in_(_stuck("recording")))
    return Case.id.in_(union_all(_stuck("case"), recordings, mails))


def _stuck(kind: str) -> Select[UUID]:
    """The ids on the failed list whose subject is of this kind, such as `case:<id>`."""
    key = cast(func.substr(FailedStep.subject, len(kind) + 2), Uuid())
    return select(key).where(FailedStep.resolved_at.is_(None), FailedStep.subject.startswith(f"{kind}:"))


def _unit(slug: str) -> ColumnElement[bool]:
    if slug == NO_UNIT:
        return Case.responsible_unit.is_(None)
    return or_(Case.responsible_unit == slug, Case.subject_unit == slug)


def _says(text: str) -> ColumnElement[bool]:
    """A whole code finds its case; words find cases that say them all, with or without diacritics."""
    digits = "".join(character for character in text if character.isdigit())
    if codes.is_valid(digits) and fold(text).replace(" ", "") == digits:
        return Case.code == digits
    terms = fold(text).split()
    if not terms:
        return literal_column("false")
    # The last word may be half typed. Folded words are letters and digits: nothing in them is an operator.
    wanted = " & ".join([*terms[:-1], f"{terms[-1]}:*"])
    # The planner must see the words: what suits a rare one is a hundred times too slow for a frequent one.
    words: BindParameter[str] = bindparam("words", wanted, unique=True, literal_execute=True)
    return Case.search.op("@@")(func.to_tsquery(literal_column("'simple'"), words))
