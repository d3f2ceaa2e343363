"""The table of what operators changed: lines, units, recorded prompts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from config.database.base import Base


class DirectoryChange(Base):
    """One change of a line, a unit, several units at once, or a recorded prompt: how it stood before and after.

    `before` is null for something made new, `after` for something taken away. An undone change can be made
    again: `undone_at` is then null once more.
    """

    __tablename__ = "directory_changes"
    __table_args__ = (
        CheckConstraint("kind IN ('line', 'unit', 'units', 'sound')", name="kind"),
        Index("ix_directory_changes_thing", "kind", "slug"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    slug: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    undone_by: Mapped[str | None]
    undone_at: Mapped[datetime | None]
