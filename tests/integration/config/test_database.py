"""The connections to the database."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from config.checks import Check, Finding, Verdict
from config.database import engine as engine_module
from config.database.embedded import EmbeddedPostgres, PathTooLong
from config.database.engine import Database, DatabaseAway
from config.jobs.steps import describe

SAID = "Tôi tên là Tèo"


@pytest.fixture
def fresh(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def test_a_connection_that_rested_and_was_cut_is_replaced_unseen(
    fresh: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "TRUSTED_SECONDS", 0.0)
    with fresh.begin() as session:
        backend = session.scalar(text("SELECT pg_backend_pid()"))
    _cut(fresh, backend)
    with fresh.begin() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != backend


def test_a_connection_cut_in_the_middle_says_that_the_database_is_away(fresh: Database) -> None:
    def work() -> None:
        with fresh.begin() as session:
            _cut(fresh, session.scalar(text("SELECT pg_backend_pid()")))
            session.execute(text("SELECT 1"))

    with pytest.raises(DatabaseAway):
        work()
    assert fresh.answers()


def test_a_database_that_does_not_exist_is_away_within_seconds() -> None:
    nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing")
    assert not nowhere.answers()
    with pytest.raises(DatabaseAway), nowhere.begin() as session:
        session.connection()


def test_the_embedded_server_is_locked_beside_its_data_and_not_for_every_user_of_the_machine(fresh: Database) -> None:
    with fresh.begin() as session:
        data = Path(str(session.scalar(text("SHOW data_directory"))))
    assert (data.parent / f".{data.name}.lock").is_file()


def test_a_statement_that_fails_does_not_tell_what_was_in_it(fresh: Database) -> None:
    with pytest.raises(DBAPIError) as failed, fresh.begin() as session:
        session.execute(text("SELECT CAST(:said AS text) FROM nowhere"), {"said": "Tôi tên là Tèo"})
    assert "Tèo" not in str(failed.value)


@pytest.mark.parametrize(
    ("rows", "why"),
    [("(:key, now(), now(), NULL)", "not-null"), ("(:key, now(), now(), 1), (:key, now(), now(), 1)", "duplicate key")],
)
def test_a_row_that_is_refused_is_not_told_by_the_error(fresh: Database, rows: str, why: str) -> None:
    with pytest.raises(IntegrityError, match=why) as failed, fresh.begin() as session:
        session.execute(text(f"INSERT INTO attempts VALUES {rows}"), {"key": SAID})
    assert SAID not in describe(failed.value)
    assert SAID not in "".join(traceback.format_exception(failed.value))


def _cut(database: Database, backend: int | None) -> None:
    other = Database(database.url)
    with other.begin() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
    other.close()


def test_a_data_directory_with_too_long_a_path_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(PathTooLong, match="HOTLINE_DATA_DIR"):
        EmbeddedPostgres(tmp_path / ("d" * 100) / "postgres")


def test_a_check_of_what_an_older_database_lacks_is_a_finding_with_a_way_out(fresh: Database) -> None:
    def look() -> Finding:
        with fresh.begin() as session:
            session.execute(text("SELECT FROM not_made_yet"))
        raise AssertionError

    finding = Check("Danh bạ", look).run()
    assert finding.verdict is Verdict.WRONG
    assert finding.text == 'Cơ sở dữ liệu báo lỗi: relation "not_made_yet" does not exist'
    assert finding.fix == "Chạy: python app.py upgrade"
