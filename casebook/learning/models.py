"""The table of learned category models: each training leaves a row, used or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from config.database.base import Base


class LearnedModel(Base):
    """A model learned from confirmed cases, and why it is or is not in use.

    `right`, `rules_right` and `rival_right` are shares of held-back confirmed cases (0-1) that this model, the
    rules alone, and the model in use before put right. At most one row is in use.
    """

    __tablename__ = "learned_models"
    __table_args__ = (Index("uq_learned_models_used", "used", unique=True, postgresql_where=text("used")),)

    version: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    model: Mapped[dict[str, Any]]
    cases: Mapped[int]
    right: Mapped[float]
    rules_right: Mapped[float]
    rival_right: Mapped[float]
    used: Mapped[bool] = mapped_column(default=False)
