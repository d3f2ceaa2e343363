"""How long a log-in lasts, how long a proof is fresh, and what a browser is called.

Source: OWASP ASVS 4.0.3, 3.3.2 (30 days or 12 h idle at most, less for what is sensitive) and 3.7.1 (proving
oneself again before sensitive data is shown).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from config.told import Told

IDLE = timedelta(hours=8)
"""A session ends after a working day without a click."""

LONGEST = timedelta(days=7)
"""A session ends this long after the log-in, however busy it is."""

FRESH = timedelta(minutes=10)
"""How long a proof of who somebody is counts for what is secret."""

SEEN_EVERY = timedelta(minutes=1)
"""A session's last sight is written down at most this often."""

UNKNOWN = Told("Trình duyệt lạ")

_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("coc_coc", "Cốc Cốc"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""Marks of programs, in the order in which they are looked for: most also claim to be those after them."""

_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def stands(began: datetime, seen: datetime, ended: datetime | None, now: datetime) -> bool:
    """Whether a session that nobody ended is still good: neither too old nor left alone too long."""
    return ended is None and now - seen < IDLE and now - began < LONGEST


def is_fresh(proven: datetime, now: datetime) -> bool:
    """Whether a proof is recent; one from the future, after a clock was set back, is as old as it is ahead."""
    return abs(now - proven) <= FRESH


def browser_name(agent: str) -> str:
    """Say in a few words what a browser calls itself (the User-Agent header)."""
    program = next((name for mark, name in _PROGRAMS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if not program:
        return Told("Trình duyệt lạ · %(system)s", system=system) if system else UNKNOWN
    return f"{program} · {system}" if system else program
