"""Whole calls over the webhooks and a real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from casebook.models import Case, CaseRecording
from casebook.service import cases
from config.crypto import KeyRing
from config.database.engine import Database
from ivr.models import Call, CallEvent
from ivr.service.calls import CALLER_CONTEXT
from ivr.service.looking_up import WRONG_PER_NUMBER
from ivr.tools import IvrTools
from recordings.models import Recording
from tests.integration.ivr.conftest import CALLER, GUIDE, SECRET, Carrier, MovingClock, carrier_for

Row = Callable[[], Call]


def all_cases(database: Database) -> list[Case]:
    with database.begin() as session:
        return list(session.scalars(select(Case)))


def purposes(database: Database) -> list[str]:
    with database.begin() as session:
        return list(session.scalars(select(Recording.purpose).order_by(Recording.provider_sid)))


def test_a_whole_report_files_one_case_with_three_recordings(carrier: Carrier, loaded: Database, call_row: Row) -> None:
    carrier.call()
    carrier.press("1")
    carrier.press("4")
    for _ in range(2):
        carrier.speak()
    carrier.press("1")
    told = carrier.speak()
    carrier.wait()
    carrier.hang_up("90")
    (case,) = all_cases(loaded)
    call = call_row()
    assert (case.line, case.category, case.anonymous) == ("chat_luong", "thai_do_phuc_vu", False)
    assert case.intake_ended_at is not None
    assert purposes(loaded) == ["facility", "story", "contact"]
    assert (call.outcome, call.duration_s, call.case_id) == ("reported", 90, case.id)
    assert (call.notice_version, call.hours) == ("2026-1", "closed")
    assert "mã số" in told


def test_the_callers_number_is_sealed_and_stands_nowhere_in_clear(
    carrier: Carrier, loaded: Database, call_row: Row, keys: KeyRing
) -> None:
    carrier.call()
    carrier.press("1")
    carrier.hang_up()
    call = call_row()
    assert call.caller_sealed is not None
    assert keys.open(call.caller_sealed, CALLER_CONTEXT) == CALLER.encode()
    with loaded.begin() as session:
        payloads = list(session.scalars(select(CallEvent.payload)))
    assert CALLER not in str(payloads)
    assert CALLER not in f"{call.state}{call.answers}{call.reply}"


def test_the_case_exists_as_soon_as_recording_may_start(carrier: Carrier, loaded: Database) -> None:
    carrier.call()
    carrier.press("1")
    assert all_cases(loaded) == []
    carrier.press("0")
    assert len(all_cases(loaded)) == 1


def test_a_hang_up_in_the_middle_of_a_sentence_keeps_what_was_said(
    carrier: Carrier, loaded: Database, call_row: Row
) -> None:
    carrier.call()
    carrier.press("1")
    carrier.press("0")
    carrier.recordings = 1
    carrier.hang_up()
    (case,) = all_cases(loaded)
    assert case.intake_ended_at is None, "the recording has not been told of yet"
    carrier.tell_recording()
    (case,) = all_cases(loaded)
    assert case.intake_ended_at is not None
    assert purposes(loaded) == ["facility"]
    assert call_row().outcome == "reported"


def test_a_hang_up_before_a_word_leaves_a_row_that_says_so(carrier: Carrier, loaded: Database, call_row: Row) -> None:
    carrier.call()
    carrier.press("1")
    carrier.press("0")
    carrier.hang_up()
    carrier.tell_recording("absent")
    assert call_row().outcome == "hung_up_before_speaking"
    assert all_cases(loaded)[0].intake_ended_at is not None


def test_a_hang_up_in_the_menu_opens_no_case(carrier: Carrier, loaded: Database, call_row: Row) -> None:
    carrier.call()
    carrier.hang_up("3")
    assert (call_row().outcome, call_row().case_id) == ("hung_up_in_menu", None)
    assert all_cases(loaded) == []


@pytest.mark.parametrize("order", ["before", "after", "both", "never"])
def test_the_recording_callback_may_come_in_any_order_twice_or_never(
    carrier: Carrier, loaded: Database, order: str
) -> None:
    carrier.call()
    for _ in range(3):
        carrier.wait()
    address = carrier.address("Record", "recordingStatusCallback")
    carrier.recordings = 1
    if order in {"before", "both"}:
        carrier.tell_recording(address=address)
    carrier.recordings = 0
    carrier.speak()
    if order in {"after", "both"}:
        carrier.tell_recording(address=address)
        carrier.tell_recording(address=address)
    carrier.wait()
    carrier.hang_up()
    assert purposes(loaded) == ["story"]
    with loaded.begin() as session:
        assert session.scalar(select(func.count()).select_from(CaseRecording)) == 1
    assert all_cases(loaded)[0].intake_ended_at is not None


def test_a_repeated_webhook_gets_the_same_reply_and_changes_nothing(
    carrier: Carrier, loaded: Database, call_row: Row
) -> None:
    first = carrier.call()
    menu = carrier.address("Gather")
    assert carrier.call() == first
    carrier.press("1")
    assert carrier.last is not None
    after = carrier.last.text
    state = call_row().state
    assert carrier.post(menu, Digits="1").text == after
    assert carrier.post(menu, Digits="2").text == after
    assert carrier.post("step?n=999999", Digits="2").text == after
    assert carrier.post("step?n=-1", Digits="2").text == after
    assert call_row().state == state
    with loaded.begin() as session:
        kinds = list(session.scalars(select(CallEvent.kind)))
    assert kinds.count("incoming") == 1


def test_anonymity_by_key_is_written_on_the_case(carrier: Carrier, loaded: Database) -> None:
    carrier.call()
    carrier.press("1")
    carrier.press("0")
    carrier.speak()
    carrier.speak()
    carrier.press("0")
    assert all_cases(loaded)[0].anonymous


def test_the_confidential_line_reassures_and_never_asks_for_a_name(tools: IvrTools, loaded: Database) -> None:
    carrier = carrier_for(tools, dialled=SECRET)
    heard = [carrier.call(), carrier.press("1"), carrier.speak(), carrier.speak(), carrier.wait(), carrier.wait()]
    assert "bí mật" in heard[0]
    assert not any("họ tên" in text for text in heard)
    (case,) = all_cases(loaded)
    assert case.confidential
    assert case.anonymous


def test_the_emergency_key_dials_at_once_and_the_call_is_logged(
    carrier: Carrier, loaded: Database, call_row: Row
) -> None:
    carrier.call()
    carrier.press("9")
    assert carrier.last is not None
    assert "<Number>115</Number>" in carrier.last.text
    carrier.dialled_ended("completed")
    carrier.hang_up()
    assert call_row().outcome == "emergency_transferred"
    assert all_cases(loaded) == []


def test_a_transfer_that_nobody_answers_becomes_a_voicemail_with_a_case(
    tools: IvrTools, loaded: Database, call_row: Row, moving_clock: MovingClock
) -> None:
    moving_clock.now -= timedelta(days=1)  # Friday morning: the desks are staffed
    carrier = carrier_for(tools, dialled=GUIDE)
    carrier.call()
    carrier.press("3")
    carrier.press("2")
    assert carrier.last is not None
    assert "<Sip>sip:duoc@so-y-te.example</Sip>" in carrier.last.text
    assert "chưa có người nghe máy" in carrier.dialled_ended("no-answer")
    carrier.speak()
    carrier.hang_up()
    assert purposes(loaded) == ["story"]
    assert all_cases(loaded)[0].category == "thu_tuc_hanh_chinh"
    assert call_row().outcome == "reported"


def open_a_case(tools: IvrTools) -> str:
    with tools.database.begin() as session:
        line = tools.lineup(session, tools.clock()).named("chat_luong")
        return cases.open_case(session, line=line, now=tools.clock(), keys=tools.keys).code


def test_a_caller_with_the_code_hears_the_status(carrier: Carrier, tools: IvrTools, call_row: Row) -> None:
    code = open_a_case(tools)
    carrier.call()
    carrier.press("2")
    assert "đã được tiếp nhận" in carrier.press(code)
    carrier.wait()
    carrier.hang_up()
    assert call_row().outcome == "looked_up"
    assert code not in str(call_row().state)


def test_wrong_codes_are_limited_per_number_over_calls_and_right_ones_do_not_count(
    tools: IvrTools, moving_clock: MovingClock
) -> None:
    code = open_a_case(tools)

    def ask(number: int, typed: str) -> str:
        caller = carrier_for(tools, sid=f"CA{number:032d}")
        caller.call()
        caller.press("2")
        return caller.press(typed)

    for number in range(WRONG_PER_NUMBER + 2):
        assert "đã được tiếp nhận" in ask(number, code)
    for number in range(100, 100 + WRONG_PER_NUMBER):
        assert "chưa đúng" in ask(number, "1111111111")
    assert "sai nhiều lần" in ask(200, "2222222222")
    assert "sai nhiều lần" in ask(201, code)
    moving_clock.now += timedelta(hours=1)
    assert "đã được tiếp nhận" in ask(202, code)


def test_operators_recordings_take_the_place_of_the_synthetic_voice(carrier: Carrier, tools: IvrTools) -> None:
    (tools.prompts_dir / "chat_luong.greeting.wav").write_bytes(b"RIFF")
    carrier.call()
    assert carrier.last is not None
    assert "/voice/prompts/chat_luong.greeting.wav</Play>" in carrier.last.text
    served = carrier.client.get("/voice/prompts/chat_luong.greeting.wav")
    assert served.data == b"RIFF"
    served.close()


@pytest.mark.parametrize("name", ["README.md", "..%2Fsecret.wav", "nothing.wav"])
def test_only_audio_files_of_the_prompts_are_served(carrier: Carrier, tools: IvrTools, name: str) -> None:
    (tools.prompts_dir / "README.md").write_text("…")
    (Path(tools.prompts_dir).parent / "secret.wav").write_text("…")
    assert carrier.client.get(f"/voice/prompts/{name}").status_code == 404
