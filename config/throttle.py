"""Counting attempts in the database, so that every process of every machine counts together."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from config.database.base import Base


class Attempts(Base):
    """How often something was tried in one window of time; `key` holds no personal data in clear."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    window_end: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


def hit(session: Session, key: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one attempt at `key`; True while there were at most `limit` in this fixed window."""
    seconds = int(window.total_seconds())
    start = now - timedelta(seconds=int(now.timestamp()) % seconds, microseconds=now.microsecond)
    row = insert(Attempts).values(key=key, window_start=start, window_end=start + window, count=1)
    counted = session.execute(
        row.on_conflict_do_update(index_elements=["key", "window_start"], set_={"count": Attempts.count + 1}).returning(
            Attempts.count
        )
    ).scalar_one()
    return counted <= limit


def forget_old(session: Session, now: datetime) -> None:
    """Delete the windows that are over."""
    session.execute(delete(Attempts).where(Attempts.window_end < now))
