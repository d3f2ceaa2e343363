"""Rows about jobs: ticks of the clock that were taken, and steps that failed for good."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from config.database.base import Base


class Tick(Base):
    """One firing of one periodic job; the first clock to write the row enqueues the job."""

    __tablename__ = "ticks"

    job: Mapped[str] = mapped_column(primary_key=True)
    fires_at: Mapped[datetime] = mapped_column(primary_key=True)


class FailedStep(Base):
    """A step that will not succeed by itself: a person sees it, with the reason, and can retry it."""

    __tablename__ = "failed_steps"
    __table_args__ = (
        Index("uq_failed_steps_open", "subject", "job", unique=True, postgresql_where=text("resolved_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    job: Mapped[str]
    queue: Mapped[str]
    subject: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    reason: Mapped[str]
    attempts: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
