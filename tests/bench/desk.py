"""How long the desk's pages take on a full case book, seen from the server: `python -m tests.bench.desk`.

The invented calls of the tests, copied until there are `--cases` of them, one in five unfinished; each copy with a
number of its own, so that a search may be after one case, after some or after all. Times are of whole requests
(log-in session, queries, template) without the network.
"""

from __future__ import annotations

import argparse
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote_plus

import numpy as np
from flask.testing import FlaskClient
from sqlalchemy import select, text

from casebook.models import User
from casebook.queries.counts import counts
from casebook.queries.filters import EVERY, UNFINISHED, Filters
from casebook.service import users
from casebook.web.tools import DeskTools
from config.crypto import KeyRing, generate_key_text
from config.database.embedded import EmbeddedPostgres
from config.database.engine import Database
from config.database.schema import upgrade
from tests.acceptance.desk_app import desk_app, desk_tools
from tests.acceptance.seed import PASSWORD, PEOPLE, seed

NOW = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)
WARM_UP, TIMES = 3, 40
AIM_MS = 100

ONE = tuple(f"can {number}" for number in range(1007, 1107))
SOME = ("sieu am bon chieu", "chích ngừa", "chung chi hanh nghe", "giữ xe", "sot xuat huyet", "phong kham an tam")
ALL = ("toi", "khong", "t", "bệnh viện", "c", "b", "k")
"""Searches; what finds all is one word or the beginning of one that most callers say."""

COPY = """
INSERT INTO cases (id, code, line, channel, status, confidential, anonymous, orphan, emergency, category, subject_unit,
    subject_text, responsible_unit, level, summary, facts, suggestion_sealed, sureness, search_text, opened_at, due_at,
    forward_round, legal_hold, version, still_there, transcript_sureness)
SELECT gen_random_uuid(), (1000000000 + copy)::text, line, channel,
    CASE WHEN copy % 5 > 0 THEN 'closed' ELSE (ARRAY['review', 'confirmed', 'forwarded', 'answered'])[copy % 4 + 1] END,
    confidential, anonymous, orphan, copy % 997 = 0, category, subject_unit, subject_text, responsible_unit,
    1 + copy % 3, summary, facts, suggestion_sealed, sureness, search_text || ' can toi noi them can ' || copy,
    opened_at - copy * interval '7 minutes',
    CASE WHEN copy % 3 = 0 THEN opened_at - copy * interval '6 minutes' END, 1, false, 1,
    copy % 31 = 0, 0.5 + (copy % 499) / 1000.0
FROM generate_series(1, :copies) AS copy
JOIN (SELECT *, row_number() OVER (ORDER BY code) - 1 AS place FROM cases) AS case_ ON place = copy % :calls
"""


@dataclass(frozen=True)
class FullDesk:
    """A desk with many cases, somebody who is logged in, and codes of cases that have everything."""

    tools: DeskTools
    client: FlaskClient
    codes: Sequence[str]

    def get(self, path: str) -> None:
        """Ask for a page."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    def search(self, words: str, view: str) -> None:
        """Ask for the list with these words in the search field."""
        self.get(f"/desk/?view={view}&q={quote_plus(words)}")

    def count(self, words: str, view: str) -> None:
        """Count what the list's links would open, and nothing else."""
        with self.tools.database.begin() as session:
            viewer = users.viewer_of(session.scalars(select(User).where(User.email == PEOPLE[0][0])).one())
            counts(session, viewer, Filters(view=view, text=words), NOW)


@contextmanager
def full_desk(cases: int) -> Iterator[FullDesk]:
    """Fill a desk, as far as its pages and queries can tell."""
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as home:
        postgres = EmbeddedPostgres(Path(home) / "pg")
        try:
            upgrade(postgres.url)
            database = Database(postgres.url)
            keys = KeyRing.parse(generate_key_text(), secrets.token_bytes(32))
            tools = desk_tools(database, keys, lambda: NOW, Path(home) / "mailbox")
            codes = seed(tools, NOW)
            fill(database, cases, len(codes))
            yield FullDesk(tools, logged_in(tools), codes)
            database.close()
        finally:
            postgres.stop()


def fill(database: Database, cases: int, calls: int) -> None:
    """Copy the seeded cases, and let PostgreSQL look at what it has, as it does by itself in time."""
    with database.begin() as session:
        session.execute(text(COPY), {"copies": cases - calls, "calls": calls})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def logged_in(tools: DeskTools) -> FlaskClient:
    """Give the chief inspector's browser."""
    client = desk_app(tools).test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/desk/login").text)
    assert token is not None
    fields = {"csrf_token": token[1], "email": PEOPLE[0][0], "password": PASSWORD}
    assert client.post("/desk/login", data=fields).status_code == 303
    return client


def measure(cases: int) -> None:
    """Print median and 95th percentile (ms) of everything that people wait for."""
    with full_desk(cases) as desk:
        print(f"{cases} cases, {TIMES} times each, ms on the server      median     p95   (aim: p95 ≤ {AIM_MS})")
        report("list, first page", lambda turn: desk.get("/desk/"))
        report("list, everything", lambda turn: desk.get(f"/desk/?view={EVERY}"))
        report("case page", lambda turn: desk.get(f"/desk/cases/{desk.codes[turn % len(desk.codes)]}"))
        report("counts alone", lambda turn: desk.count("", UNFINISHED))
        for view in (UNFINISHED, EVERY):
            for name, words in (("one case", ONE), ("some", SOME), ("nearly all", ALL)):
                report(f"search, {view}: finds {name}", searching(desk.search, words, view))
                report(f"counts, {view}: finds {name}", searching(desk.count, words, view))


def searching(ask: Callable[[str, str], None], words: Sequence[str], view: str) -> Callable[[int], None]:
    """Ask with the next of `words` each time."""
    return lambda turn: ask(words[turn % len(words)], view)


def report(name: str, ask: Callable[[int], None]) -> None:
    """Ask many times and print how long it took."""
    took = np.array([_milliseconds(ask, turn) for turn in range(WARM_UP + TIMES)][WARM_UP:])
    median, p95 = np.percentile(took, (50, 95))
    print(f"{name:50s} {median:10.1f} {p95:7.1f}{'' if p95 <= AIM_MS else '   over'}")


def _milliseconds(ask: Callable[[int], None], turn: int) -> float:
    started = time.perf_counter()
    ask(turn)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    measure(parser.parse_args().cases)
