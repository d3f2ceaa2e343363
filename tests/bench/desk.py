"""How long the desk's pages take on a full case book, seen from the server: `python -m tests.bench.desk`.

On a case book as `tests.bench.many_cases` makes it, a million cases unless `--cases` says otherwise. Times are of
whole requests (log-in session, queries, template) without the network, each behind the wall of the person who asks.
"""

from __future__ import annotations

import argparse
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote_plus

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casebook.models import Case, User
from casebook.queries import related as related_cases
from casebook.queries import visible
from casebook.queries.filters import EVERY, UNFINISHED
from casebook.rules.policy import Role
from casebook.rules.states import Status
from casebook.service import users
from casebook.web.tools import DeskTools
from config.crypto import KeyRing, generate_key_text
from config.database.embedded import EmbeddedPostgres
from config.database.engine import Database
from config.database.schema import upgrade
from tests.acceptance.desk_app import desk_app, desk_tools
from tests.acceptance.seed import PASSWORD, PEOPLE, seed
from tests.bench import many_cases

NOW = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)
WARM_UP, TIMES = 3, 40
AIM_MS = 100

SOME = ("sieu am bon chieu", "chích ngừa", "chung chi hanh nghe", "giữ xe", "sot xuat huyet", "phong kham an tam")
ALL = ("toi", "khong", "t", "bệnh viện", "c", "b", "k")
"""Searches; what finds all is one word or the beginning of one that most callers say."""

NEAR, FAR = ("nguoi", "benh vien", "t"), ("sieu am", "chích ngừa", "an binh 2050")
"""Searches of a unit's officer: what nearly all of its cases say, and what few do."""

AUDITED = ("", "?group=identity", "?group=exports", f"?actor={PEOPLE[1][0]}", "?since=2024-03-01&until=2024-03-02")
UNIT = "bv-an-binh"
"""The unit with the most cases."""

OFFICER, AUDITOR = "donvi@benhvien.example", "kiemtoan@soyte.example"


@dataclass(frozen=True)
class FullDesk:
    """A desk with many cases, people who are logged in, and codes of cases.

    `seeded` have everything, `codes` are any; those of the `unit` were sent to it.
    """

    tools: DeskTools
    people: Mapping[str, FlaskClient]
    seeded: Sequence[str]
    codes: Sequence[str]
    of_unit: Sequence[str]

    def get(self, path: str, who: str = PEOPLE[0][0]) -> None:
        """Ask for a page."""
        answer = self.people[who].get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    def search(self, words: str, view: str) -> None:
        """Ask for the list with these words in the search field."""
        self.get(f"/desk/?view={view}&q={quote_plus(words)}")


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
            seeded = seed(tools, NOW)
            invite(tools)
            many_cases.fill(postgres.url, cases, NOW)
            yield desk_of(tools, seeded)
            database.close()
        finally:
            postgres.stop()


def invite(tools: DeskTools) -> None:
    """Give an officer of the largest unit and an auditor accounts."""
    with tools.database.begin() as session:
        for email, role, unit in ((OFFICER, Role.UNIT_OFFICER, UNIT), (AUDITOR, Role.AUDITOR, None)):
            users.create(session, email=email, name=email, roles=[role], password=PASSWORD, now=NOW, unit=unit)


def desk_of(tools: DeskTools, seeded: Sequence[str]) -> FullDesk:
    """Log everybody in, and choose cases to open."""
    app = desk_app(tools)
    everybody = (*(person[0] for person in PEOPLE), OFFICER, AUDITOR)
    people = {email: logged_in(app, email) for email in everybody}
    any_case = select(Case.code).order_by(Case.code).limit(WARM_UP + TIMES)
    sent = select(Case.code).where(Case.responsible_unit == UNIT, Case.status == Status.CLOSED)
    with tools.database.begin() as session:
        of_unit = session.scalars(sent.order_by(Case.opened_at.desc()).limit(TIMES)).all()
        return FullDesk(tools, people, seeded, session.scalars(any_case).all(), of_unit)


def logged_in(app: Flask, email: str) -> FlaskClient:
    """Give somebody's browser."""
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/desk/login").text)
    assert token is not None
    fields = {"csrf_token": token[1], "email": email, "password": PASSWORD}
    assert client.post("/desk/login", data=fields).status_code == 303
    return client


def measure(cases: int) -> None:
    """Print median and 95th percentile (ms) of everything that people wait for."""
    started = time.perf_counter()
    with full_desk(cases) as desk:
        print(f"{cases} cases made in {time.perf_counter() - started:.0f} s")
        report_all(desk)


def report_all(desk: FullDesk) -> None:
    """Print what everybody waits for, one page after the other."""
    print(f"{TIMES} times each, ms on the server{'':22s}median     p95   (aim: p95 ≤ {AIM_MS})")
    for who, email in (("chief inspector", PEOPLE[0][0]), ("inspector", PEOPLE[1][0])):
        report(f"list, first page, {who}", asking(desk, ("/desk/",), email))
    report("list, everything", asking(desk, (f"/desk/?view={EVERY}",)))
    report("list, of one unit", asking(desk, (f"/desk/?view={EVERY}&unit={UNIT}", f"/desk/?unit={UNIT}")))
    report("list, of one matter", asking(desk, (f"/desk/?view={EVERY}&category=thai_do_phuc_vu",)))
    report("list, of days long ago", asking(desk, (f"/desk/?view={EVERY}&since=2023-02-01&until=2023-02-28",)))
    for view in (UNFINISHED, EVERY):
        for name, words in (("one case", of_each(desk.codes)), ("some", SOME), ("nearly all", ALL)):
            report(f"search, {view}: finds {name}", searching(desk.search, words, view))
    report("the day at a glance", asking(desk, ("/desk/today", "/desk/today?days=90"), PEOPLE[2][0]))
    report("case page, with everything", asking(desk, [f"/desk/cases/{code}" for code in desk.seeded]))
    report("case page, any", asking(desk, [f"/desk/cases/{code}" for code in desk.codes]))
    report("related cases alone", related(desk))
    report("unit's list", asking(desk, ("/desk/unit",), OFFICER))
    for show in ("late", "answered", "closed", "all"):
        report(f"unit's list, {show}", asking(desk, (f"/desk/unit?show={show}",), OFFICER))
    for name, words in (("few", FAR), ("nearly all", NEAR)):
        addresses = [f"/desk/unit?show=all&q={quote_plus(word)}" for word in words]
        report(f"unit's search: finds {name}", asking(desk, addresses, OFFICER))
    report("unit's case", asking(desk, [f"/desk/unit/cases/{code}" for code in desk.of_unit], OFFICER))
    for query in AUDITED:
        report(f"audit page {query}"[:50], asking(desk, (f"/desk/audit{query}",), AUDITOR))
    report("failures", asking(desk, ("/desk/failures",)))
    report("operator: health", asking(desk, ("/desk/operator/health",)))


def of_each(codes: Sequence[str]) -> Sequence[str]:
    """Give the beginnings of codes: words that few cases have."""
    return [code[:9] for code in codes]


def related(desk: FullDesk) -> Callable[[int], None]:
    """Look for the cases that are related to one, without the page around them."""

    def look(turn: int) -> None:
        with desk.tools.database.begin() as session:
            viewer = users.viewer_of(session.scalars(select(User).where(User.email == PEOPLE[0][0])).one())
            visible.stand_behind_wall(session, viewer)
            case = visible.find(session, viewer, desk.codes[turn % len(desk.codes)])
            assert case is not None
            related_cases.related(session, viewer, case, [])

    return look


def asking(desk: FullDesk, paths: Sequence[str], who: str = PEOPLE[0][0]) -> Callable[[int], None]:
    """Ask for the next of these pages each time."""
    return lambda turn: desk.get(paths[turn % len(paths)], who)


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
    parser.add_argument("--cases", type=int, default=1_000_000)
    measure(parser.parse_args().cases)
