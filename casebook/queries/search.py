"""Finding the first cases of an ordered list that say some words, in about the same time whichever words they are.

No one plan suits all words: a frequent one is soon met on the way through the list, where an index of words would
give hundreds of thousands of cases in no order; a rare one is met after a million. How many cases say several words
PostgreSQL cannot know, for it takes them to fall independently. So it is tried, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal_column, select, text
from sqlalchemy.orm import Session

from casebook.models import Case

Conditions = Sequence[ColumnElement[bool]]

LOOKED_AT = 5_000
"""Cases that are looked at in the list's own order (15 ms), before an index is asked."""

SAMPLE = 2_000
"""Cases that tell how frequent words are (5 ms)."""

_BOOK: ColumnElement[float] = literal_column("(SELECT reltuples FROM pg_class WHERE oid = 'cases'::regclass)")
"""How many cases there were when PostgreSQL last counted."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by, all of it upwards or all of it downwards; an index has it so."""

    keys: tuple[Any, ...]
    downwards: bool = False

    def by(self, keys: Iterable[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
        """Give these keys as ORDER BY wants them."""
        return [key.desc() if self.downwards else key for key in keys]


def first_ids(session: Session, listed: Conditions, says: Conditions, order: Order, wanted: int) -> list[UUID]:
    """Give the ids of the first `wanted` cases of a list that fulfil `says` too.

    `listed` makes the list and is what an index can answer in its order; `says` has the words, and what else is asked.
    """
    places = [key.label(f"place_{number}") for number, key in enumerate(order.keys)]
    # As a column, not as a condition, no index can answer it: the list is read in order until enough are met.
    looked_at = select(Case.id, and_(*says).label("says"), *places).where(*listed).order_by(*order.by(order.keys))
    begin = looked_at.limit(LOOKED_AT).subquery()
    met = _first_of(session, select(begin.c.id).where(begin.c.says), order, begin, wanted)
    rest = looked_at.with_only_columns(Case.id).offset(LOOKED_AT).limit(1)
    if len(met) == wanted or session.scalar(rest) is None:
        return met
    # OFFSET 0 keeps the order out of how the cases are found.
    found = select(Case.id, *places).where(*listed, *says).offset(literal_column("0")).subquery()
    return _first_of(session, select(found.c.id), order, found, wanted)


def _first_of(session: Session, ids: Select[UUID], order: Order, cases: Subquery, wanted: int) -> list[UUID]:
    places = [cases.c[f"place_{number}"] for number in range(len(order.keys))]
    return list(session.scalars(ids.order_by(*order.by(places)).limit(wanted)))


def probably_more(session: Session, visible: ColumnElement[bool], says: Conditions, than: int) -> bool:
    """Judge by the newest cases whether more than `than` of all fulfil `says`; exact where there are no older ones."""
    newest = select(and_(*says).label("says")).where(visible).order_by(Case.opened_at.desc()).limit(SAMPLE).subquery()
    looked, met = func.count(), func.count().filter(newest.c.says)
    # Of few cases all have been looked at, whatever PostgreSQL last counted.
    of_all = case((looked < SAMPLE, met), else_=met * func.greatest(_BOOK, looked) / looked)
    return bool(session.scalar(select(of_all > than).select_from(newest)))


@contextmanager
def by_index(session: Session) -> Iterator[None]:
    """Have what is asked meanwhile looked up in an index: rare things that PostgreSQL takes for frequent ones.

    It guesses that one row in two hundred has a word it knows nothing of, and reads half a table to meet fifty.
    """
    session.execute(text("SET LOCAL enable_seqscan = off"))
    yield
    session.execute(text("SET LOCAL enable_seqscan = on"))
