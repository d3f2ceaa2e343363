"""The bundled calls fit the lines as they ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.directory import DATA, Line, read_lines
from ivr.caller.bundled import COMPLAINT, bundled_answers, given_answers, report_script
from ivr.caller.command import CallOptions, plan_of
from ivr.caller.script import HangUp, Moment, PlanError, Silence, Sound, Text

LINES = read_lines(DATA / "lines.toml")
QUALITY = LINES[0]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.slug)
def test_every_line_has_a_bundled_story_and_stays_anonymous(line: Line) -> None:
    answers = bundled_answers(line)
    assert isinstance(answers["story"], Text)
    assert "contact" not in answers
    keys, messages = report_script(line, answers)
    assert keys[0] == "1"
    assert keys[-1] == "0"
    assert all(isinstance(message, Text) for message in messages)


def test_the_bundled_complaint_names_a_hospital_and_a_category() -> None:
    keys, messages = report_script(QUALITY, bundled_answers(QUALITY))
    assert keys == ("1", "4", "0")
    assert messages == (Text(COMPLAINT["facility"]), Text(COMPLAINT["story"]))


def test_one_message_is_the_story_and_the_other_questions_are_passed_by() -> None:
    keys, messages = report_script(QUALITY, given_answers(QUALITY, [Text("chuyện")]))
    assert keys == ("1", "4", "0")
    assert messages == (Silence(), Text("chuyện"))


def test_several_messages_answer_the_questions_in_order() -> None:
    said = [Text("nơi"), Text("chuyện"), Text("tôi")]
    keys, messages = report_script(QUALITY, given_answers(QUALITY, said))
    assert keys == ("1", "4", "1")
    assert messages == tuple(said)


def test_more_messages_than_questions_are_refused() -> None:
    with pytest.raises(PlanError, match="3 câu"):
        given_answers(QUALITY, [Text("a")] * 4)


def test_options_become_a_plan(tmp_path: Path) -> None:
    story = tmp_path / "story.wav"
    story.write_bytes(b"sound")
    options = CallOptions("096 777 1010", say=(story,), keys="1,skip,0", hang_up="record:2", caller="+84901234567")
    plan = plan_of(options, LINES)
    assert plan.line == QUALITY.number
    assert plan.keys == ("1", "", "0")
    assert plan.messages == (Silence(), Sound(b"sound", "story.wav"))
    assert plan.hang_up == HangUp(Moment.RECORD, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (CallOptions("0900000000"), "Không có đường dây nóng nào"),
        (CallOptions("0967771010", say=(Path("nowhere.wav"),)), "nowhere.wav"),
        (CallOptions("0967771010", say=(Path("a.wav"),), text=("b",)), "không dùng cả hai"),
        (CallOptions("0967771010", keys="1,b"), "'b'"),
        (CallOptions("0967771010", hang_up="soon"), "'soon'"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: CallOptions, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        plan_of(options, LINES)
