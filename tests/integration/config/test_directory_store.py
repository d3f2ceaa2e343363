from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config.database.engine import Database
from config.directory import (
    DATA,
    DirectoryError,
    lines_of,
    load_directory,
    read_lines,
    read_units,
    save_line,
    save_unit,
    units_of,
)
from config.directory.models import LineRow


def test_the_files_are_loaded_whole_and_loading_again_changes_nothing(database: Database) -> None:
    for _ in range(2):
        with database.begin() as session:
            loaded = load_directory(session)
    assert (loaded.lines, loaded.units) == (4, 79)
    with database.begin() as session:
        assert lines_of(session) == read_lines(DATA / "lines.toml")
        assert set(units_of(session)) == set(read_units(DATA / "units.csv"))


def test_a_file_that_changed_changes_the_rows(database: Database, tmp_path: Path) -> None:
    changed = shutil.copytree(DATA, tmp_path / "data")
    lines = (changed / "lines.toml").read_text(encoding="utf-8")
    (changed / "lines.toml").write_text(lines.replace("retention_days = 730", "retention_days = 31", 1), "utf-8")
    with database.begin() as session:
        load_directory(session)
        load_directory(session, changed)
    with database.begin() as session:
        assert lines_of(session)[0].retention_days == 31


def test_what_an_administrator_edited_is_not_overwritten(database: Database, now: datetime) -> None:
    with database.begin() as session:
        load_directory(session)
        line, unit = lines_of(session)[0], units_of(session)[0]
        save_line(session, replace(line, retention_days=99), now)
        save_unit(session, replace(unit, email="thu@benhvien.example"), now)
    with database.begin() as session:
        load_directory(session)
    with database.begin() as session:
        assert lines_of(session)[0].retention_days == 99
        assert units_of(session)[0].email == "thu@benhvien.example"


def test_an_edit_that_would_break_the_directory_changes_nothing(database: Database, now: datetime) -> None:
    with database.begin() as session:
        load_directory(session)
        line, other = lines_of(session)[:2]
        unit = units_of(session)[0]
        for wrong in (
            replace(line, owner="nobody"),
            replace(line, number=other.number),
            replace(line, is_default=False),
            replace(line, questions=()),
        ):
            with pytest.raises(DirectoryError):
                save_line(session, wrong, now)
        with pytest.raises(DirectoryError):
            save_unit(session, replace(unit, parent="nobody"), now)
    with database.begin() as session:
        assert lines_of(session)[0] == line


def test_names_that_two_units_share_are_reported_at_load(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    changed = shutil.copytree(DATA, tmp_path / "data")
    with (changed / "units.csv").open("a", encoding="utf-8") as file:
        file.write("pk-x,Phòng khám X,clinic,hcm,,từ dũ,\n")
    with caplog.at_level(logging.WARNING), database.begin() as session:
        loaded = load_directory(session, changed)
    assert [shared.alias for shared in loaded.shared] == ["từ dũ"]
    assert "bv-tu-du, pk-x" in caplog.text


def test_a_line_of_a_unit_that_does_not_exist_is_refused(database: Database, tmp_path: Path) -> None:
    changed = shutil.copytree(DATA, tmp_path / "data")
    lines = (changed / "lines.toml").read_text(encoding="utf-8")
    (changed / "lines.toml").write_text(lines.replace('owner = "thanh-tra-so"', 'owner = "nobody"'), "utf-8")
    with pytest.raises(DirectoryError, match="nobody"), database.begin() as session:
        load_directory(session, changed)
    with database.begin() as session:
        assert lines_of(session) == ()


def test_a_rule_that_came_after_a_line_was_saved_does_not_silence_its_calls(session: Session) -> None:
    load_directory(session)
    row = session.get_one(LineRow, "chat_luong")
    row.definition = {**row.definition, "retention_days": 0}
    session.flush()
    assert lines_of(session)[0].retention_days == 0
