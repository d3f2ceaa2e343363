"""How things are worded for people."""

from __future__ import annotations

from datetime import UTC, date, datetime

from casebook.rules import wording
from config.directory.lines import CATEGORIES
from config.directory.lines_file import read_lines
from config.directory.store import DATA


def test_moments_are_shown_in_vietnams_time() -> None:
    assert wording.moment(datetime(2026, 11, 21, 2, 30, tzinfo=UTC)) == "09:30 ngày 21/11/2026"
    assert wording.moment(None) == "—"


def test_a_deadline_at_midnight_belongs_to_the_day_it_ends() -> None:
    assert wording.due(datetime(2026, 11, 20, 17, 0, tzinfo=UTC)) == "hết ngày 20/11/2026"
    assert wording.due(datetime(2026, 11, 20, 9, 30, tzinfo=UTC)) == "16:30 ngày 20/11/2026"


def test_days_money_and_lengths_read_as_people_write_them() -> None:
    assert wording.day(date(2026, 11, 2)) == "02/11/2026"
    assert wording.money(2_500_000) == "2.500.000 ₫"
    assert wording.length(125.4) == "2 phút 05 giây"
    assert wording.length(40) == "40 giây"


def test_every_category_has_a_name_and_an_unknown_one_says_so() -> None:
    assert set(wording.CATEGORIES) == set(CATEGORIES)
    assert wording.category(None) == "Chưa phân loại"


def test_every_answer_has_a_title_in_vietnamese() -> None:
    asked = {question.key for line in read_lines(DATA / "lines.toml") for question in line.questions}
    assert {*asked, "message"} <= set(wording.QUESTIONS)
