"""What time it is: asked for, never assumed, so that a test can say when it happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

Clock = Callable[[], datetime]
"""Gives the present moment, aware, in UTC."""


def system_clock() -> datetime:
    """Give the present moment in UTC by the machine's clock."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """Give `moment` in Vietnam's time zone, for people to read."""
    return moment.astimezone(LOCAL_ZONE)


def midnight(day: date) -> datetime:
    """Give the moment at which a day begins in Vietnam."""
    return datetime.combine(day, time(), LOCAL_ZONE)
