"""How long to wait before something is tried again."""

from __future__ import annotations

from collections.abc import Sequence

MINUTE = 60.0
HOUR = 60 * MINUTE

MEDIA_WAITS: Sequence[float] = (2, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR)
"""Seconds; media is often missing or broken for a moment, and a provider's worst outages last about a day."""

STORE_WAITS: Sequence[float] = (5, 30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, *([HOUR] * 72))
"""Seconds; a full or read-only store waits for a person, who may be away for a long weekend (three days)."""


def wait_before_next(attempts: int, waits: Sequence[float] = MEDIA_WAITS) -> float | None:
    """Seconds to wait after `attempts` (1 or more) tries have failed; None when it is time to give up."""
    if attempts < 1:
        raise ValueError("attempts counts the tries made, so it is 1 or more")
    return waits[attempts - 1] if attempts <= len(waits) else None
