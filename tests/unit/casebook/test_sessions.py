"""How long a log-in lasts, and what a browser is called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casebook.rules.sessions import FRESH, IDLE, LONGEST, browser_name, is_fresh, stands

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("began", "seen", "ended", "good"),
    [
        (timedelta(), timedelta(), None, True),
        (IDLE, IDLE - SECOND, None, True),
        (IDLE, IDLE, None, False),
        (LONGEST - SECOND, SECOND, None, True),
        (LONGEST, SECOND, None, False),
        (SECOND, SECOND, SECOND, False),
    ],
)
def test_a_session_ends_when_left_alone_when_old_and_when_somebody_ends_it(
    began: timedelta, seen: timedelta, ended: timedelta | None, good: bool
) -> None:
    assert stands(NOW - began, NOW - seen, NOW - ended if ended else None, NOW) is good


@pytest.mark.parametrize(
    ("age", "fresh"),
    [(timedelta(), True), (FRESH, True), (FRESH + SECOND, False), (-FRESH, True), (-timedelta(days=1), False)],
)
def test_a_proof_counts_for_ten_minutes_also_when_the_clock_was_set_back(age: timedelta, fresh: bool) -> None:
    assert is_fresh(NOW - age, NOW) is fresh


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36", "Chrome · Android"),
        ("curl/8.10", "Trình duyệt lạ"),
        ("SomeBot (Linux)", "Trình duyệt lạ · Linux"),
        ("", "Trình duyệt lạ"),
        ("<script>alert(1)</script>", "Trình duyệt lạ"),
    ],
)
def test_a_browser_is_named_in_a_few_words(agent: str, name: str) -> None:
    assert browser_name(agent) == name
