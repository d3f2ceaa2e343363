"""Attempts are counted in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.throttle import Attempts, forget_old, hit

HOUR = timedelta(hours=1)


def test_the_limit_holds_within_a_window_and_opens_with_the_next(session: Session, now: datetime) -> None:
    assert [hit(session, "login:a", 3, HOUR, now) for _ in range(4)] == [True, True, True, False]
    assert hit(session, "login:b", 3, HOUR, now)
    assert hit(session, "login:a", 3, HOUR, now + HOUR)


def test_windows_that_are_over_are_forgotten(session: Session, now: datetime) -> None:
    hit(session, "login:a", 3, HOUR, now)
    forget_old(session, now + 2 * HOUR)
    assert session.scalars(select(Attempts)).all() == []
