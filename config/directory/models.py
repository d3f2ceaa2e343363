"""Tables of lines and units: loaded from files, then an administrator's to change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from config.database.base import Base


class LineRow(Base):
    """A hotline; `edited_at` is set once an administrator changed it, and the file then lets it be."""

    __tablename__ = "lines"

    slug: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    definition: Mapped[dict[str, Any]]
    edited_at: Mapped[datetime | None]


class UnitRow(Base):
    """A unit; `edited_at` is set once an administrator changed it, and the file then lets it be."""

    __tablename__ = "units"

    slug: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    region: Mapped[str] = mapped_column(index=True)
    parent: Mapped[str]
    aliases: Mapped[list[Any]]
    email: Mapped[str]
    edited_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    """Since when the unit is neither suggested nor chosen; its row stays for the cases that name it."""
