"""What the browser's session remembers of a person's way through the queue."""

from __future__ import annotations

from urllib.parse import parse_qsl
from uuid import UUID

from flask import session

from casebook.queries.filters import Filters, read_filters

LANE, PASSED = "lane", "passed"
MOST_PASSED = 20


def filters_of(query: str) -> Filters:
    """Read filters from the query of a list's address."""
    return read_filters(dict(parse_qsl(query)))


def lane() -> Filters | None:
    """Give the list that the person works through case by case; None while they do not."""
    return filters_of(session[LANE]) if LANE in session else None


def enter(filters: Filters) -> None:
    """Work through this list from now on."""
    session[LANE] = filters.query()


def leave() -> None:
    """Work through no list any more."""
    session.pop(LANE, None)


def passed() -> list[UUID]:
    """Give the cases that the person gave back and is not led to again."""
    return [UUID(text) for text in session.get(PASSED, [])]


def pass_over(case_id: UUID) -> None:
    """Lead the person to this case no more; of many the latest are remembered."""
    session[PASSED] = [*session.get(PASSED, []), str(case_id)][-MOST_PASSED:]
