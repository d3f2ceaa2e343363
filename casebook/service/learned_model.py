"""The learned category model in use: kept with the reason it is used, found again by every process."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from casebook.learning import LinearCategories
from casebook.learning.models import LearnedModel


class Judged(Protocol):
    """A model and how it did on held-back cases; see `casebook.learning.judge.Learnt`."""

    @property
    def model(self) -> LinearCategories:
        """The model."""
        ...

    @property
    def right(self) -> float:
        """The share it put right (0-1)."""
        ...

    @property
    def rules_right(self) -> float:
        """The share that the rules alone put right."""
        ...

    @property
    def rival_right(self) -> float:
        """The share that the model in use put right."""
        ...

    @property
    def cases(self) -> int:
        """How many confirmed cases it was learned from."""
        ...

    @property
    def is_better(self) -> bool:
        """Whether it may be used."""
        ...


def keep(session: Session, learnt: Judged, now: datetime) -> None:
    """Write a model down; it comes into use only if it is better than what is."""
    if learnt.is_better:
        session.execute(update(LearnedModel).where(LearnedModel.used).values(used=False))
    session.add(
        LearnedModel(
            version=learnt.model.version,
            created_at=now,
            model=learnt.model.to_json(),
            cases=learnt.cases,
            right=learnt.right,
            rules_right=learnt.rules_right,
            rival_right=learnt.rival_right,
            used=learnt.is_better,
        )
    )


def stamp(session: Session) -> datetime | None:
    """Tell when the model in use was learned; None while it is the shipped one."""
    return session.scalar(select(func.max(LearnedModel.created_at)).where(LearnedModel.used))


def in_use(session: Session) -> LinearCategories | None:
    """Give the model learned here that is in use; None while it is the shipped one."""
    row = session.scalars(select(LearnedModel).where(LearnedModel.used)).one_or_none()
    return LinearCategories.from_json(row.model) if row else None
