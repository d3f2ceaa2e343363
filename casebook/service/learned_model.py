"""The learned category model in use, found by every process without the libraries that learn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casebook.learning import FORMAT, LinearCategories
from casebook.learning.models import LearnedModel


def stamp(session: Session) -> datetime | None:
    """Tell when the model in use was learned; None while it is the shipped one."""
    return session.scalar(select(func.max(LearnedModel.created_at)).where(LearnedModel.used))


def in_use(session: Session) -> LinearCategories | None:
    """Give the model learned here that is in use; None while it is the shipped one, or if it is of an older form."""
    row = session.scalars(select(LearnedModel).where(LearnedModel.used)).one_or_none()
    return LinearCategories.from_json(row.model) if row and row.model.get("format") == FORMAT else None
