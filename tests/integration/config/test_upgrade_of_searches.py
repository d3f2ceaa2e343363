"""The migration for quick searches, on a database that was in use under the one before."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.queries import listing
from casebook.queries.filters import EVERY, Filters
from casebook.queries.visible import stand_behind_wall
from casebook.rules.policy import Role, Viewer
from config.database.schema import _alembic
from tests.conftest import NOW

VIEWERS = (
    Viewer("a@soyte.example", frozenset({Role.CHIEF_INSPECTOR})),
    Viewer("b@soyte.example", frozenset({Role.INSPECTOR})),
    Viewer("c@soyte.example", frozenset({Role.INSPECTOR}), lines=frozenset({"chat_luong"})),
    Viewer("d@soyte.example", frozenset({Role.INSPECTOR}), regions=frozenset({"vung_tau"})),
    Viewer("e@ba-ria.example", frozenset({Role.UNIT_OFFICER}), unit="bv-ba-ria"),
    Viewer("f@soyte.example", frozenset({Role.OPERATOR}), lines=frozenset()),
    Viewer("g@soyte.example", frozenset({Role.AUDITOR})),
)
UNITS = (
    "INSERT INTO units (slug, name, kind, region, parent, aliases, email) SELECT slug, slug, 'hospital', region, '',"
    " '[]', '' FROM (VALUES ('bv-ba-ria', 'vung_tau'), ('bv-cho-ray', 'tp_hcm')) AS unit (slug, region)"
)
CASES = """
INSERT INTO cases (id, code, line, channel, status, confidential, anonymous, orphan, emergency, still_there, level,
    summary, facts, sureness, search_text, opened_at, responsible_unit, forward_round, legal_hold, version)
SELECT gen_random_uuid(), (2000000000 + n)::text, CASE WHEN n % 2 = 0 THEN 'chat_luong' ELSE 'dich_vu_cong' END,
    'hotline', CASE n % 3 WHEN 0 THEN 'forwarded' WHEN 1 THEN 'review' ELSE 'closed' END, n % 4 = 0, false, false,
    false, false, 2, '', '{}', 0, 'cho lau qua', now(), (ARRAY['bv-ba-ria', 'bv-cho-ray', NULL])[1 + n / 3 % 3], 1,
    false, 1
FROM generate_series(1, 72) AS n
"""

Seen = Mapping[str, set[UUID]]


@pytest.fixture(scope="module")
def upgraded(postgres: str) -> Iterator[tuple[Engine, Seen]]:
    """A database brought from the second schema to the present one, and what everybody saw of it before."""
    server = create_engine(make_url(postgres).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    name = f"test_{secrets.token_hex(6)}"
    with server.connect() as admin:
        admin.exec_driver_sql(f"CREATE DATABASE {name}")
    engine = create_engine(make_url(postgres).set(drivername="postgresql+psycopg", database=name))
    with engine.begin() as connection:
        command.upgrade(_alembic(connection), "0002")
        for statement in (UNITS, CASES):
            connection.execute(text(statement))
    before = seen(engine)
    with engine.begin() as connection:
        command.upgrade(_alembic(connection), "head")
    yield engine, before
    engine.dispose()
    with server.connect() as admin:
        admin.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


def seen(engine: Engine) -> Seen:
    """The cases that the database itself shows to each of the viewers."""
    found: dict[str, set[UUID]] = {}
    for viewer in VIEWERS:
        with Session(engine) as session:
            stand_behind_wall(session, viewer)
            found[viewer.actor] = set(session.scalars(select(Case.id)))
    return found


def test_everybody_sees_what_they_saw_before(upgraded: tuple[Engine, Seen]) -> None:
    engine, before = upgraded
    assert seen(engine) == before
    assert [len(before[viewer.actor]) for viewer in VIEWERS] == [72, 54, 18, 36, 16, 0, 0]


def test_who_is_nobody_still_sees_nothing(upgraded: tuple[Engine, Seen]) -> None:
    with upgraded[0].begin() as connection:
        connection.execute(text("SET LOCAL ROLE lang_nghe_desk"))
        assert connection.execute(text("SELECT id FROM cases")).all() == []


def test_old_cases_are_found_by_their_words(upgraded: tuple[Engine, Seen]) -> None:
    chief = VIEWERS[0]
    for view in ("active", EVERY):
        with Session(upgraded[0]) as session:
            stand_behind_wall(session, chief)
            found = listing.every_row(session, chief, Filters(view=view, text="chờ lâu"), NOW)
            assert len(list(found)) == (72 if view == EVERY else 48)
