"""The pure parts of the operator's pages: differences in words, doubtful sounds, reasons of failures."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from casebook.queries.health import Pulse, QueueState, findings
from casebook.rules import prompt_sound
from casebook.rules.directory_diff import NOTHING, differences, hours
from casebook.rules.failure_reasons import UNKNOWN, told
from casebook.web.views.operator_line_form import next_version
from config.checks import Check, Finding, Verdict, run_together, well
from config.directory.lines import Line
from config.directory.lines_file import definition_of, read_lines
from config.directory.store import DATA
from config.directory.units import Unit
from ivr.rehearsal import rehearse
from tests.conftest import NOW

LINES = {line.slug: line for line in read_lines(DATA / "lines.toml")}
LINE = LINES["chat_luong"]
UNITS = {"van-phong-so": "Văn phòng Sở", "phong-nghiep-vu-y": "Phòng Nghiệp vụ Y"}


@pytest.mark.parametrize("line", LINES.values(), ids=lambda line: line.slug)
def test_a_line_that_did_not_change_has_no_differences(line: Line) -> None:
    written = definition_of(line)
    assert differences("line", written, json.loads(json.dumps(written)), UNITS) == ()


@pytest.mark.parametrize(
    ("change", "told_as"),
    [
        ({"retention_days": 30}, ("Giữ bản ghi", "730 ngày", "30 ngày")),
        ({"owner": "van-phong-so"}, ("Đơn vị phụ trách", "Phòng Nghiệp vụ Y", "Văn phòng Sở")),
        ({"auto_forward": ()}, ("Tự chuyển không cần xác nhận", "Thái độ phục vụ", NOTHING)),
        ({"confidential": True}, ("Kênh bảo mật", "không", "có")),
        (
            {"hours": ()},
            (
                "Giờ làm việc",
                "thứ Hai đến thứ Sáu 07:30-11:30; thứ Hai đến thứ Sáu 13:00-17:00",
                "suốt ngày đêm",
            ),
        ),
    ],
)
def test_a_change_of_a_line_is_told_by_its_field(change: dict[str, Any], told_as: tuple[str, str, str]) -> None:
    (found,) = differences("line", definition_of(LINE), definition_of(replace(LINE, **change)), UNITS)
    assert (found.field, found.before, found.after) == told_as


def test_a_new_unit_is_told_whole_and_one_taken_away_too() -> None:
    unit = asdict(Unit("pk-a", "Phòng khám A", "hospital", "hcm", aliases=("a",)))
    added = differences("unit", None, unit, {})
    assert [(it.field, it.after) for it in added[:2]] == [("Tên đơn vị", "Phòng khám A"), ("Loại", "Bệnh viện")]
    assert {it.before for it in added} == {NOTHING}
    assert {it.after for it in differences("unit", unit, None, {})} == {NOTHING}


def test_days_that_follow_each_other_are_told_as_a_run() -> None:
    def span(*days: int) -> list[dict[str, Any]]:
        return [{"days": list(days), "start": "08:00:00", "end": "11:00:00"}]

    assert hours(span(5, 6)) == "thứ Bảy, Chủ nhật 08:00-11:00"
    assert hours(span(0, 2, 4)) == "thứ Hai, thứ Tư, thứ Sáu 08:00-11:00"
    assert hours(span(0, 1, 2)) == "thứ Hai đến thứ Tư 08:00-11:00"


GOOD_WAVE = [0, *[90] * 98, 0]


@pytest.mark.parametrize(
    ("seconds", "level", "wave", "warned"),
    [
        (3.0, -20.0, GOOD_WAVE, ""),
        (3.0, -40.0, GOOD_WAVE, "nhỏ (-40 dBFS)"),
        (3.0, -5.0, GOOD_WAVE, "quá to"),
        (3.0, -20.0, [255] * 100, "vỡ tiếng"),
        (1.0, -20.0, GOOD_WAVE, "dài 1,0 giây, ngắn so với lời"),
        (30.0, -20.0, [90] * 100, "dài 30,0 giây, dài so với lời"),
        (5.0, -20.0, [0] * 40 + [90] * 60, "im lặng ở đầu hoặc cuối"),
        (5.0, -20.0, [90] * 60 + [0] * 40, "im lặng ở đầu hoặc cuối"),
    ],
)
def test_a_sound_that_will_not_do_on_a_telephone_is_told(
    seconds: float, level: float, wave: list[int], warned: str
) -> None:
    words = "để phản ánh xin bấm phím một để nghe lại xin bấm phím sao"
    found = prompt_sound.warnings(words, seconds, level, wave)
    assert (warned in " ".join(found)) if warned else found == ()


@pytest.mark.parametrize(
    ("reason", "text", "technical"),
    [
        ("Tệp nhận được rỗng (0 byte).", "Tệp nhận được rỗng (0 byte).", False),
        ("[Errno 28] No space left on device", "Hết dung lượng đĩa", True),
        ("[Errno 111] Connection refused", "không nhận kết nối", True),
        ("Read timed out. (read timeout=20)", "không trả lời kịp", True),
        ("KeyError: 'x'", UNKNOWN, True),
        ("", UNKNOWN, False),
    ],
)
def test_a_reason_is_told_in_vietnamese_with_the_technical_words_beside(
    reason: str, text: str, technical: bool
) -> None:
    found = told(reason)
    assert text in found.text
    assert bool(found.technical) is technical


@pytest.mark.parametrize(("version", "after"), [("2026-1", "2026-2"), ("2026-9", "2026-10"), ("cũ", "cũ-2")])
def test_the_next_version_of_a_notice_is_offered(version: str, after: str) -> None:
    assert next_version(version) == after


@pytest.mark.parametrize("line", LINES.values(), ids=lambda line: line.slug)
@pytest.mark.parametrize("closed", [False, True])
def test_a_rehearsed_call_greets_asks_every_question_and_ends(line: Line, closed: bool) -> None:
    steps = rehearse(line, closed)
    said = [step.prompt for step in steps if step.prompt]
    assert said[0] == "greeting"
    assert said[-1] == "goodbye"
    assert ("closed" in said) is closed
    assert [step.recorded for step in steps if step.recorded] == [question.key for question in line.questions]


def test_checks_run_together_and_a_slow_one_holds_nobody_up() -> None:
    def slow() -> Finding:
        waiting.wait(5)
        return well("nhanh")

    waiting = Event()
    found = dict(run_together([Check("a", lambda: well("tốt")), Check("b", slow, "Kiểm tra lại.")], 0.05))
    waiting.set()
    assert found["a"] == well("tốt")
    assert (found["b"].verdict, found["b"].fix) == (Verdict.MIND, "Kiểm tra lại.")


WELL = Pulse((), 1, None, NOW, 0, 0, NOW, NOW, NOW)


def test_a_house_that_is_well_has_nothing_to_mend() -> None:
    assert {finding.verdict for _, finding in findings(WELL, NOW)} == {Verdict.WELL}


@pytest.mark.parametrize(("minutes", "verdict"), [(1, Verdict.WELL), (6, Verdict.MIND), (61, Verdict.WRONG)])
def test_a_queue_is_judged_by_its_oldest_job(minutes: int, verdict: Verdict) -> None:
    queue = QueueState("default", waiting=1, oldest=timedelta(minutes=minutes))
    found = dict(findings(replace(WELL, queues=(queue,)), NOW))
    assert found["Hàng đợi việc chung"].verdict is verdict
