from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.directory import (
    CATEGORIES,
    DATA,
    Choice,
    DirectoryError,
    Line,
    Policy,
    Unit,
    default_line,
    line_for,
    prompt_book,
    read_lines,
    read_prompts,
    read_units,
    shared_aliases,
)
from config.directory.line_checks import check_line, check_lines
from config.directory.lines_file import definition_of, line_from
from config.directory.store import check_owners

LINES = read_lines(DATA / "lines.toml")
UNITS = read_units(DATA / "units.csv")
BY_SLUG = {line.slug: line for line in LINES}


@pytest.mark.parametrize(
    ("dialled", "slug"),
    [
        ("+84967771010", "chat_luong"),
        ("0989.401.155", "ve_benh_moi_tien"),
        ("sip:1900638563@trunk", "dich_vu_cong"),
        ("84337592452", "buc_xuc_dich_vu_cong"),
        ("sip:chat-luong@127.0.0.1", "chat_luong"),
    ],
)
def test_the_four_hotlines_answer_to_their_numbers_however_dialled(dialled: str, slug: str) -> None:
    line = line_for(LINES, dialled)
    assert line is not None
    assert line.slug == slug


def test_a_number_nobody_owns_is_answered_by_the_default_line() -> None:
    assert line_for(LINES, "0900000000") is None
    assert line_for(LINES, "") is None
    assert default_line(LINES).slug == "chat_luong"


def test_every_line_belongs_to_units_that_exist() -> None:
    check_owners(LINES, UNITS)
    with pytest.raises(DirectoryError, match="không có đơn vị nobody"):
        check_owners([replace(LINES[0], owner="nobody")], UNITS)


def test_the_confidential_line_listens_longer_and_lets_silence_mean_anonymous() -> None:
    secret, open_one = BY_SLUG["ve_benh_moi_tien"], BY_SLUG["chat_luong"]
    stories = [next(q for q in line.questions if q.required).max_seconds for line in (secret, open_one)]
    assert secret.confidential
    assert stories[0] > stories[1]
    assert secret.questions[-1].door is not None
    assert secret.questions[-1].door.silence == "skip"


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 11, 20, 1, 0, tzinfo=UTC), True),  # Friday 08:00 in Vietnam
        (datetime(2026, 11, 20, 5, 0, tzinfo=UTC), False),  # noon
        (datetime(2026, 11, 20, 10, 0, tzinfo=UTC), False),  # 17:00 sharp
        (datetime(2026, 11, 22, 1, 0, tzinfo=UTC), False),  # Sunday
    ],
)
def test_opening_hours_are_vietnams(moment: datetime, is_open: bool) -> None:
    assert BY_SLUG["dich_vu_cong"].is_open(moment) is is_open
    assert BY_SLUG["ve_benh_moi_tien"].is_open(moment)


def test_a_person_confirms_unless_an_administrator_said_otherwise() -> None:
    line = BY_SLUG["chat_luong"]
    assert line.policy("thai_do_phuc_vu") is Policy.AUTOMATIC
    assert line.policy("khac") is line.policy("") is Policy.AFTER_CONFIRMATION
    assert all(BY_SLUG["ve_benh_moi_tien"].policy(c) is Policy.AFTER_CONFIRMATION for c in CATEGORIES)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.slug)
def test_a_line_survives_being_written_and_read(line: Line) -> None:
    assert line_from(json.loads(json.dumps(definition_of(line)))) == line


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"number": "..."}, "gọi được"),
        ({"questions": ()}, "chưa nói gì"),
        ({"menu": BY_SLUG["chat_luong"].menu[:1]}, "phím cấp cứu"),
        ({"menu": BY_SLUG["dich_vu_cong"].menu}, "một nhánh"),
        ({"category": "gì đó"}, "không có lĩnh vực"),
        ({"retention_days": 0}, "ít nhất 1 ngày"),
        ({"questions": BY_SLUG["chat_luong"].questions * 2}, "có hai lần"),
    ],
)
def test_a_line_that_contradicts_itself_is_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(DirectoryError, match=complaint):
        check_line(replace(BY_SLUG["chat_luong"], **change))


def test_lines_may_not_share_a_number_and_one_is_the_default() -> None:
    with pytest.raises(DirectoryError, match="dùng chung"):
        check_lines([LINES[0], replace(LINES[1], aliases=("+84967771010",))])
    with pytest.raises(DirectoryError, match="is_default"):
        check_lines(LINES[1:])


def test_a_misspelt_setting_of_a_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "lines.toml"
    file.write_text((DATA / "lines.toml").read_text().replace("retention_days", "retention_day", 1))
    with pytest.raises(DirectoryError, match=r"line 1: .*retention_day"):
        read_lines(file)


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "lines.toml").write_text("[[lines]")
    with pytest.raises(DirectoryError, match=r"lines\.toml"):
        read_lines(tmp_path / "lines.toml")


def test_the_shipped_units_have_placeholder_addresses_and_no_shared_names() -> None:
    assert len(UNITS) == 79
    assert all(unit.email == f"{unit.slug}@yte.example" for unit in UNITS)
    assert shared_aliases(UNITS) == ()


def test_a_name_of_two_units_is_reported() -> None:
    units = [
        Unit("a", "Bệnh viện A", "hospital", "hcm", aliases=("gia định",)),
        Unit("b", "Gia Định", "hospital", "hcm"),
    ]
    (shared,) = shared_aliases(units)
    assert shared.told == "“gia định” là tên của a, b"


@pytest.mark.parametrize(
    ("csv", "complaint"),
    [
        ("slug,name\n", "thiếu cột"),
        ("slug,name,kind,region,parent,aliases,email\n,x,,,,,\n", ":2: mã đơn vị"),
        ("slug,name,kind,region,parent,aliases,email\na,A,,,,,\na,B,,,,,\n", "có hai lần"),
        ("slug,name,kind,region,parent,aliases,email\na,A,,,z,,\n", "không có đơn vị cấp trên z"),
    ],
)
def test_a_wrong_units_file_is_refused_with_its_place(tmp_path: Path, csv: str, complaint: str) -> None:
    (tmp_path / "units.csv").write_text(csv)
    with pytest.raises(DirectoryError, match=complaint):
        read_units(tmp_path / "units.csv")


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.slug)
def test_the_menu_a_line_reads_names_each_of_its_keys(line: Line) -> None:
    book = prompt_book(read_prompts(DATA / "prompts.toml"), LINES)
    spoken = book.find(line.slug, "menu").text + book.find(line.slug, "emergency_hint").text
    assert all(f"phím {option.key}" in spoken for option in line.menu)
    if any(option.choice is Choice.GUIDANCE for option in line.menu):
        guidance = book.find(line.slug, "guidance_menu").text
        assert all(f"phím {branch.key}" in guidance for branch in line.branches)


def test_an_empty_prompt_and_a_question_without_words_are_refused(tmp_path: Path) -> None:
    (tmp_path / "prompts.toml").write_text('[prompts]\nmenu = " "\n')
    with pytest.raises(DirectoryError, match="menu says nothing"):
        read_prompts(tmp_path / "prompts.toml")
    with pytest.raises(DirectoryError, match="ask_facility has no words"):
        prompt_book({"menu": "…"}, LINES)
