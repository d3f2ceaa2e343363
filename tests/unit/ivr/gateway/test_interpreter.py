"""What a carrier does with TwiML, on a leg whose caller follows a script."""

from __future__ import annotations

import io
import logging

import pytest
import soundfile

from ivr.gateway.fake_leg import FakeLeg, HangUp, Press, Speak, UntilQuiet, UntilRecording, Wait
from ivr.gateway.leg import DialStatus
from ivr.gateway.shelf import Shelf
from tests.unit.ivr.gateway.conftest import URL, Hold

IN = "/voice/incoming"


def response(*verbs: str) -> str:
    return f"<Response>{''.join(verbs)}</Response>"


def test_the_first_question_is_asked_while_it_rings_and_the_call_is_answered_to_speak(hold: Hold) -> None:
    held = hold(FakeLeg(), {IN: response("<Say>Xin chào.</Say>")})
    assert held.leg.done == ["answer", "play 0.9", "hang up"]
    asked = held.asked(IN)
    assert (asked["CallStatus"], asked["From"], asked["To"]) == ("ringing", "0912345678", "0967771010")
    assert (held.status, held.told("/voice/status")["CallDuration"]) == ("completed", "1")


def test_the_end_tells_how_the_line_was(hold: Hold) -> None:
    told = hold(FakeLeg(), {IN: response("<Hangup/>")}).told("/voice/status")
    assert {name: value for name, value in told.items() if name.startswith("X-")} == {
        "X-Quality-Received": "100",
        "X-Quality-Lost": "0",
        "X-Quality-Late": "0",
        "X-Quality-Jitter": "0.0",
        "X-Quality-Codec": "PCMA",
    }


GATHER = '<Gather action="/keys" {}><Say>Xin bấm một phím.</Say></Gather>'
"""1.7 s of prompt."""


@pytest.mark.parametrize(
    ("attributes", "acts", "told"),
    [
        ('numDigits="1"', (UntilQuiet(), Press("3")), {"Digits": "3", "FinishedOnKey": ""}),
        ('numDigits="3"', (UntilQuiet(), Press("12#")), {"Digits": "12", "FinishedOnKey": "#"}),
        ("", (UntilQuiet(), Press("0412#9")), {"Digits": "0412", "FinishedOnKey": "#"}),
        ('timeout="2"', (UntilQuiet(), Press("04")), {"Digits": "04", "FinishedOnKey": ""}),
        ('finishOnKey="*"', (UntilQuiet(), Press("4#*")), {"Digits": "4#", "FinishedOnKey": "*"}),
        ('finishOnKey="" numDigits="2"', (UntilQuiet(), Press("#1")), {"Digits": "#1", "FinishedOnKey": ""}),
        ('actionOnEmptyResult="true"', (), {"Digits": "", "FinishedOnKey": ""}),
        ('actionOnEmptyResult="true"', (UntilQuiet(), Press("#")), {"Digits": "", "FinishedOnKey": "#"}),
        ("", (), None),
        ("", (UntilQuiet(), Press("#")), None),
    ],
)
def test_keys_are_gathered(hold: Hold, attributes: str, acts: tuple[object, ...], told: dict[str, str] | None) -> None:
    held = hold(FakeLeg(acts), {IN: response(GATHER.format(attributes))})  # type: ignore[arg-type]
    if told is None:
        assert held.paths == [IN]
        return
    asked = held.asked("/keys")
    assert {name: asked[name] for name in told} == told
    assert asked["CallStatus"] == "in-progress"


def test_a_key_cuts_the_prompt_and_those_after_it(hold: Hold) -> None:
    twice = '<Gather action="/keys" numDigits="1"><Say>Xin bấm một phím.</Say><Pause length="3"/></Gather>'
    held = hold(FakeLeg((Wait(0.5), Press("1"))), {IN: response(twice)})
    assert held.leg.done[:2] == ["answer", "play 0.5"]
    assert held.seconds < 1.5


def test_a_key_pressed_before_it_was_asked_for_is_forgotten(hold: Hold) -> None:
    gather = response("<Say>Xin chào Quý vị.</Say>", GATHER.format('timeout="1"'))
    held = hold(FakeLeg((Wait(0.2), Press("7"))), {IN: gather})
    assert held.paths == [IN]


def test_an_unanswered_question_goes_on_with_the_next_verb(hold: Hold) -> None:
    pages = {IN: response(GATHER.format('timeout="2"'), "<Redirect>/again</Redirect>"), "/again": response("<Hangup/>")}
    held = hold(FakeLeg(), pages)
    assert held.paths == [IN, "/again"]
    assert held.leg.done[-1] == "hang up"


RECORD = (
    '<Record action="/said" finishOnKey="#" timeout="4" maxLength="20" trim="{}" '
    'recordingStatusCallback="/recorded?q=story" recordingStatusCallbackEvent="completed absent"/>'
)
KEEP, TRIM = RECORD.format("do-not-trim"), RECORD.format("trim-silence")


def test_a_message_ends_with_its_key_and_is_told_twice(hold: Hold) -> None:
    held = hold(FakeLeg((UntilRecording(), Speak(3), Press("5"), Press("#"))), {IN: response(KEEP)})
    (recording,) = held.shelf.recordings()
    asked, told = held.asked("/said"), held.told("/recorded?q=story")
    assert (asked["Digits"], asked["RecordingDuration"], asked["RecordingSid"]) == ("#", "3", recording.sid)
    assert asked["RecordingUrl"] == told["RecordingUrl"] == f"{URL}/media/{recording.sid}"
    assert (told["RecordingStatus"], told["CallSid"]) == ("completed", asked["CallSid"])
    assert soundfile.info(io.BytesIO(held.shelf.sound(recording.sid) or b"")).duration == pytest.approx(
        recording.seconds
    )


@pytest.mark.parametrize(
    ("acts", "digits", "length"),
    [
        ((UntilRecording(), Speak(2)), "", 6.1),
        ((UntilRecording(), Speak(60)), "", 20.0),
        ((UntilRecording(), Wait(1), Speak(2), Wait(3), Speak(1)), "", 11.1),
        ((UntilRecording(), Speak(2), HangUp()), "hangup", 2.0),
    ],
)
def test_a_message_ends_by_silence_length_or_hang_up(
    hold: Hold, acts: tuple[object, ...], digits: str, length: float
) -> None:
    held = hold(FakeLeg(acts), {IN: response(KEEP)})  # type: ignore[arg-type]
    (recording,) = held.shelf.recordings()
    assert held.asked("/said")["Digits"] == digits
    assert recording.seconds == pytest.approx(length, abs=0.15)
    assert held.asked("/said")["CallStatus"] == ("completed" if digits == "hangup" else "in-progress")


def test_silence_at_both_ends_is_cut_off_where_it_is_asked_for(hold: Hold) -> None:
    held = hold(FakeLeg((UntilRecording(), Wait(1.5), Speak(2))), {IN: response(TRIM)})
    (recording,) = held.shelf.recordings()
    assert recording.seconds == pytest.approx(2.4, abs=0.1)


def test_silence_is_an_absent_recording_and_the_call_goes_on(hold: Hold) -> None:
    held = hold(FakeLeg(), {IN: response(KEEP, "<Redirect>/next</Redirect>")})
    assert held.paths == [IN, "/next"]
    assert held.told("/recorded?q=story")["RecordingStatus"] == "absent"


def test_a_caller_who_hangs_up_without_a_word_leaves_no_message(hold: Hold) -> None:
    held = hold(FakeLeg((UntilRecording(), Wait(1), HangUp())), {IN: response(KEEP)})
    assert held.paths == [IN]
    assert (held.told("/recorded?q=story")["RecordingStatus"], held.status) == ("absent", "completed")


def test_verbs_after_a_message_or_a_redirect_are_not_reached(hold: Hold) -> None:
    pages = {IN: response("<Redirect>/a</Redirect><Say>Không nghe.</Say>"), "/a": response(KEEP, "<Say>Không.</Say>")}
    held = hold(FakeLeg((UntilRecording(), Speak(1), Press("#"))), pages)
    assert [act for act in held.leg.done if act.startswith("play")] == ["play 0.3"]


DIAL = '<Dial action="/dialled" timeout="6" callerId="0967771010"{}><Number>115</Number></Dial>'


@pytest.mark.parametrize("outcome", [DialStatus.BUSY, DialStatus.NO_ANSWER, DialStatus.FAILED])
def test_the_action_of_a_dial_learns_why_nobody_answered(hold: Hold, outcome: DialStatus) -> None:
    held = hold(FakeLeg(ringing=outcome), {IN: response(DIAL.format(""))})
    asked = held.asked("/dialled")
    assert (asked["DialCallStatus"], "DialCallDuration" in asked) == (outcome, False)
    assert "dial 115 as 0967771010" in held.leg.done


def test_the_action_of_a_dial_learns_how_long_they_talked(hold: Hold) -> None:
    other = FakeLeg((Wait(7), HangUp()))
    held = hold(FakeLeg(ringing=other), {IN: response(DIAL.format(""))})
    asked = held.asked("/dialled")
    assert (asked["DialCallStatus"], asked["DialCallDuration"]) == ("completed", "7")


def test_the_star_leaves_the_other_side_where_that_is_asked_for(hold: Hold) -> None:
    other = FakeLeg()
    held = hold(FakeLeg((Wait(4), Press("5*")), ringing=other), {IN: response(DIAL.format(' hangupOnStar="true"'))})
    assert held.asked("/dialled")["DialCallDuration"] == "2"
    assert other.done == ["answer", "keys 5", "hang up"]


@pytest.mark.parametrize(
    ("reject", "sip", "status"),
    [("<Reject/>", 603, "no-answer"), ('<Reject reason="busy"/>', 486, "busy")],
)
def test_a_call_can_be_refused_before_it_is_answered(hold: Hold, reject: str, sip: int, status: str) -> None:
    held = hold(FakeLeg(), {IN: response(reject)})
    assert held.leg.done == [f"reject {sip}"]
    assert (held.status, held.told("/voice/status")["CallDuration"]) == (status, "0")


@pytest.mark.parametrize("page", [500, "<html>oops</html>", "no xml", "<Response><Say>"])
def test_a_page_that_is_no_twiml_goes_to_the_fallback_which_takes_a_message(hold: Hold, page: str | int) -> None:
    pages = {IN: page, "/voice/fallback": response("<Say>Hệ thống gặp sự cố.</Say>", KEEP)}
    held = hold(FakeLeg((UntilRecording(), Speak(2), HangUp())), pages)
    asked = held.asked("/voice/fallback")
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == ("11200" if page == 500 else "12100", URL + IN)
    assert held.told("/recorded?q=story")["RecordingStatus"] == "completed"


def test_with_the_hotline_silent_the_gateway_itself_takes_a_message(hold: Hold) -> None:
    held = hold(FakeLeg((UntilRecording(), Speak(5), HangUp())), {IN: 500, "/voice/fallback": 503})
    (recording,) = held.shelf.recordings()
    assert (recording.status, round(recording.seconds), held.status) == ("completed", 5, "completed")


def test_a_hang_up_while_the_hotline_thinks_is_a_cancelled_call(hold: Hold) -> None:
    leg = FakeLeg()
    leg.gone.set()
    held = hold(leg, {IN: response("<Say>Xin chào.</Say>")}, seconds=5.0)
    assert held.leg.done == []
    assert (held.status, held.paths) == ("canceled", [IN])


def test_unknown_verbs_and_attributes_are_skipped_with_a_line_in_the_log(
    hold: Hold, caplog: pytest.LogCaptureFixture
) -> None:
    page = '<Gather action="/keys" input="speech dtmf" foo="1" numDigits="1"/><Connect/><Say voice="x">Chào.</Say>'
    held = hold(FakeLeg((Wait(0.5), Press("1"))), {IN: response("<Sing/>", page)})
    assert held.asked("/keys")["Digits"] == "1"


def test_a_text_of_100_000_characters_is_cut_and_the_call_goes_on(hold: Hold, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        held = hold(FakeLeg(), {IN: response(f"<Say>{'a' * 100_000}</Say>", "<Redirect>/next</Redirect>")})
    assert "100000 characters" in caplog.text
    assert held.leg.done[1] == "play 409.6"
    assert held.paths[-1] == "/next"


@pytest.mark.parametrize(("name", "heard"), [("menu", ["play 1.3"]), ("unknown", [])])
def test_a_missing_file_is_spoken_instead_where_its_words_are_known(hold: Hold, name: str, heard: list[str]) -> None:
    held = hold(FakeLeg(), {IN: response(f"<Play>/voice/prompts/{name}.wav</Play>")})
    assert [act for act in held.leg.done if act.startswith("play")] == heard


def test_a_prompt_is_repeated_as_often_as_asked(hold: Hold) -> None:
    held = hold(FakeLeg(), {IN: response('<Say loop="3">Chào.</Say>')})
    assert held.leg.done == ["answer", "play 0.5", "play 0.5", "play 0.5", "hang up"]


def test_a_hotline_that_goes_in_circles_is_left_after_a_while(hold: Hold) -> None:
    held = hold(FakeLeg(), {IN: response(f"<Redirect>{IN}</Redirect>")}, seconds=0.01)
    assert len(held.paths) == 300
    assert held.told("/voice/status")["CallStatus"] in {"completed", "failed"}


def test_a_hang_up_in_a_prompt_ends_everything_at_once(hold: Hold) -> None:
    held = hold(FakeLeg((Wait(0.4), HangUp())), {IN: response("<Say>Một câu rất dài để nghe.</Say>")})
    assert held.leg.done == ["answer", "play 0.4"]
    assert held.status == "completed"


def test_a_full_disk_loses_the_message_but_not_the_caller(hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_shelf: Shelf, _kept: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Shelf, "keep_recording", full)
    monkeypatch.setattr(Shelf, "keep_call", full)
    pages = {IN: response(KEEP, "<Redirect>/next</Redirect>"), "/next": response("<Hangup/>")}
    held = hold(FakeLeg((UntilRecording(), Speak(2), Press("#"))), pages)
    assert held.paths == [IN, "/next"]
    assert held.status == "completed"
