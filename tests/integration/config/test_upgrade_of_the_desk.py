"""The desk's migration on a database that was in use before there was a desk."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from casebook.models import Case, CaseEvent, CaseRecording, OutboxMail, User
from casebook.queries.visible import stand_behind_wall, visible
from casebook.rules.policy import Role, Viewer
from config.database.engine import Database
from config.database.schema import _alembic, missing_revisions, upgrade

BARE, FULL, RECORDING = uuid4(), uuid4(), uuid4()

CASE = (
    "INSERT INTO cases (id, code, line, channel, status, confidential, anonymous, orphan, emergency, level, summary,"
    " facts, sureness, search_text, opened_at, forward_round, legal_hold, version, due_at, closed_at, caller_hash,"
    " category, subject_unit, responsible_unit, reply) VALUES (:id, :code, 'chat_luong', 'hotline', :status, false,"
    " false, false, :emergency, 2, '', '{}', 0, :code, '2026-05-02T01:00Z', 1, false, 3, :due, :closed, :caller,"
    " :category, :unit, :unit, :reply)"
)
BARE_CASE = {"id": BARE, "code": "1234567897", "status": "open", "emergency": True}
BARE_CASE |= dict.fromkeys(("due", "closed", "caller", "category", "unit", "reply"))
FULL_CASE = {"id": FULL, "code": "1234567802", "status": "closed", "emergency": False}
FULL_CASE |= {"due": "2026-05-09T01:00Z", "closed": "2026-05-08T01:00Z", "caller": "dấu của một số"}
FULL_CASE |= {"category": "chat_luong", "unit": "bv-cho-ray", "reply": "Đã xin lỗi người bệnh."}

AROUND = (
    "INSERT INTO case_events (case_id, number, kind, actor, at, data, previous_hash, hash)"
    " VALUES (:case, 1, 'opened', 'hệ thống', now(), '{}', '', 'h')",
    "INSERT INTO recordings (id, call_sid, purpose, state, attempts, created_at, legal_hold)"
    " VALUES (:recording, 'CA1', 'story', 'expected', 0, now(), false)",
    "INSERT INTO case_recordings (case_id, recording_id, question, position) VALUES (:case, :recording, 'story', 0)",
    "INSERT INTO transcripts (id, recording_id, revision, engine, model, version, created_at, segments_sealed,"
    " word_count) VALUES (gen_random_uuid(), :recording, 1, 'x', 'x', '1', now(), '\\x00', 0)",
    "INSERT INTO outbox_mails (id, kind, dedupe_key, case_id, recipient, message_id, subject, text, html, state,"
    " attempts, created_at)"
    " VALUES (gen_random_uuid(), 'letter', 'a', :case, 'a@b', 'm1', '', '', '', 'sent', 1, now())",
    "INSERT INTO outbox_mails (id, kind, dedupe_key, recipient, message_id, subject, text, html, state, attempts,"
    " created_at) VALUES (gen_random_uuid(), 'daily', 'b', 'a@b', 'm2', '', '', '', 'queued', 0, now())",
    "INSERT INTO calls (id, provider_sid, line_slug, dialled, state, answered, reply, answers, status, outcome,"
    " case_id, is_orphan, started_at) VALUES (gen_random_uuid(), 'CA1', 'chat_luong', '', '{}', -1, '', '{}',"
    " 'completed', '', :case, false, now())",
    "INSERT INTO users (id, email, name, roles, password_hash, active, session_epoch, created_at)"
    " VALUES (gen_random_uuid(), 'a@soyte.example', 'A', '[\"inspector\"]', 'x', true, 4, now())",
    "INSERT INTO units (slug, name, kind, region, parent, aliases, email)"
    " VALUES ('bv-cho-ray', 'Bệnh viện Chợ Rẫy', 'hospital', 'tp_hcm', '', '[]', '')",
    "INSERT INTO desk_events (number, kind, actor, at, data, previous_hash, hash)"
    " VALUES (1, 'login', 'a@soyte.example', now(), '{}', '', 'h')",
)


@pytest.fixture(scope="module")
def upgraded(postgres: str) -> Iterator[Database]:
    """A database that was filled under the first schema and brought to the present one."""
    server = create_engine(make_url(postgres).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    name = f"test_{secrets.token_hex(6)}"
    with server.connect() as admin:
        admin.exec_driver_sql(f"CREATE DATABASE {name}")
    url = make_url(postgres).set(database=name).render_as_string(hide_password=False)
    old = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with old.begin() as connection:
        command.upgrade(_alembic(connection), "0001")
        _fill(connection)
    old.dispose()
    upgrade(url)
    database = Database(url)
    yield database
    database.close()
    with server.connect() as admin:
        admin.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


def _fill(connection: Connection) -> None:
    for case in (BARE_CASE, FULL_CASE):
        connection.execute(text(CASE), case)
    for statement in AROUND:
        named = {"case": FULL, "recording": RECORDING}
        connection.execute(text(statement), {key: value for key, value in named.items() if f":{key}" in statement})


def test_the_migration_takes_a_filled_database_to_the_present(upgraded: Database) -> None:
    with upgraded.engine.connect() as connection:
        assert missing_revisions(connection) == []
    upgrade(upgraded.url)


def test_every_row_is_still_there_and_new_columns_have_values_that_are_true(upgraded: Database) -> None:
    with upgraded.begin() as session:
        bare, full = session.get_one(Case, BARE), session.get_one(Case, FULL)
        assert (bare.still_there, bare.merged_into, bare.split_from, bare.version) == (False, None, None, 3)
        assert bare.turn_at <= bare.opened_at, "not due yet: its turn is the half day in which it came in"
        assert full.reply == "Đã xin lỗi người bệnh."
        link = session.scalars(select(CaseRecording)).one()
        assert (link.stretches, link.taken_from) == (None, None), "all of an old recording is its case's"
        user = session.scalars(select(User)).one()
        assert (user.totp_sealed, user.recovery_hashes, user.unit, user.lines) == (None, [], None, None)
        assert len(session.scalars(select(OutboxMail)).all()) == 2


def test_old_cases_stand_behind_the_wall_like_new_ones(upgraded: Database) -> None:
    inspector = Viewer("a@soyte.example", frozenset({Role.INSPECTOR}))
    officer = Viewer("b@choray.example", frozenset({Role.UNIT_OFFICER}), unit="bv-cho-ray")
    assert _seen(upgraded, inspector) == {BARE, FULL}
    assert _seen(upgraded, officer) == {FULL}
    with upgraded.begin() as session:
        assert set(session.scalars(select(Case.id).where(visible(inspector)))) == {BARE, FULL}


def _seen(database: Database, who: Viewer) -> set[UUID]:
    with database.begin() as session:
        stand_behind_wall(session, who)
        return set(session.scalars(select(Case.id)))


def test_what_happened_before_the_desk_cannot_be_changed_either(upgraded: Database) -> None:
    with upgraded.begin() as session, pytest.raises(DBAPIError, match="only added"):
        session.execute(text("DELETE FROM case_events"))
    with upgraded.begin() as session:
        assert session.scalars(select(CaseEvent.kind)).all() == ["opened"]
