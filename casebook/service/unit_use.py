"""What hangs on a unit: its cases, people, lines and the units below it, as numbers without any case's content."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from casebook.models import Case, UnitReply, User
from casebook.rules.states import FINISHED, Status
from config.directory.store import lines_of, units_of

NOT_SENT = (Status.OPEN, Status.REVIEW, Status.CONFIRMED)
"""Where a case stands while no letter about it has left: an inspector can still choose another unit."""


@dataclass(frozen=True, slots=True)
class UnitUse:
    """How many cases wait to be sent to the unit, wait for its answer, and name it in all; who and what else does."""

    unsent: int
    at_unit: int
    cases: int
    people: int
    lines: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def open(self) -> int:
        """Cases that are not finished."""
        return self.unsent + self.at_unit

    @property
    def any(self) -> bool:
        """Whether cases or people name the unit, so that it must not be removed."""
        return bool(self.cases or self.people)


def uses_of(session: Session, slug: str) -> UnitUse:
    """Count what hangs on a unit; `session` must see every case."""
    mine = Case.responsible_unit == slug
    named = or_(mine, Case.subject_unit == slug)
    replies = session.scalar(select(func.count()).select_from(UnitReply).where(UnitReply.unit == slug)) or 0
    return UnitUse(
        unsent=_count(session, mine, Case.status.in_(NOT_SENT)),
        at_unit=_count(session, mine, Case.status.not_in((*NOT_SENT, *FINISHED))),
        cases=_count(session, named) + replies,
        people=session.scalar(select(func.count()).select_from(User).where(User.unit == slug)) or 0,
        lines=tuple(
            line.name for line in lines_of(session) if slug in {line.owner, *(branch.unit for branch in line.branches)}
        ),
        below=tuple(unit.name for unit in units_of(session) if unit.parent == slug and not unit.retired),
    )


def _count(session: Session, *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0  # type: ignore[arg-type]
