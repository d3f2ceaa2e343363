from __future__ import annotations

import pytest

from ivr.rules.dialogue import Dialled, HungUp, Input, Keys, Recorded
from ivr.rules.facts import (
    BadRequest,
    CallFacts,
    call_facts,
    heard_in,
    quality_in,
    recording_facts,
    serial,
    without_person,
)

SID = "CA" + "0" * 32


def test_a_call_is_known_by_its_sid_and_numbers_in_one_form() -> None:
    params = {"CallSid": SID, "To": "sip:0967771010@x", "From": "0912345678", "CallStatus": "ringing"}
    assert call_facts(params) == CallFacts(SID, "+84967771010", "+84912345678", "ringing")


@pytest.mark.parametrize(
    "params", [{}, {"CallSid": ""}, {"CallSid": "C"}, {"CallSid": "CA\x00"}, {"CallSid": "x" * 999}]
)
def test_a_request_about_no_call_is_refused(params: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match="CallSid"):
        call_facts(params)


@pytest.mark.parametrize(
    ("params", "status", "duration"),
    [
        ({"CallStatus": "completed", "CallDuration": "12"}, "completed", 12),
        ({"CallStatus": "exploded", "CallDuration": "-1"}, "", None),
        ({"CallDuration": "9" * 30}, "", None),
        ({"CallDuration": "86401"}, "", None),
        ({"CallDuration": "١٢"}, "", None),
    ],
)
def test_absurd_values_are_no_values(params: dict[str, str], status: str, duration: int | None) -> None:
    facts = call_facts({"CallSid": SID, **params})
    assert (facts.status, facts.duration_s) == (status, duration)


@pytest.mark.parametrize(
    ("params", "heard"),
    [
        ({}, Keys("")),
        ({"Digits": "1"}, Keys("1")),
        ({"Digits": "12*3#"}, Keys("12*3#")),
        ({"Digits": "<x>1"}, Keys("1")),
        ({"Digits": "1" * 99}, Keys("1" * 32)),
        ({"Digits": "hangup"}, HungUp()),
        ({"CallStatus": "completed"}, HungUp()),
        ({"RecordingUrl": "https://x", "RecordingDuration": "5", "Digits": "#"}, Recorded()),
        ({"RecordingUrl": "https://x", "RecordingDuration": "5", "Digits": "hangup"}, Recorded(hung_up=True)),
        ({"RecordingUrl": "https://x", "CallStatus": "completed"}, Recorded(hung_up=True)),
        ({"RecordingUrl": "https://x", "RecordingDuration": "0"}, Keys("")),
        ({"DialCallStatus": "completed"}, Dialled(answered=True)),
        ({"DialCallStatus": "answered"}, Dialled(answered=True)),
        ({"DialCallStatus": "no-answer"}, Dialled(answered=False)),
        ({"DialCallStatus": "busy", "Digits": "1"}, Dialled(answered=False)),
        ({"DialCallStatus": ""}, Dialled(answered=False)),
    ],
)
def test_what_the_caller_did_is_read_out_of_the_parameters(params: dict[str, str], heard: Input) -> None:
    assert heard_in(params) == heard


@pytest.mark.parametrize(("n", "number"), [("3", 3), ("", -1), ("-1", -1), ("1e9", -1), ("9" * 50, -1), ("٣", -1)])
def test_the_reply_a_request_answers_is_a_small_number_or_unknown(n: str, number: int) -> None:
    assert serial({"n": n}) == number


def test_a_recording_names_its_question_and_reply() -> None:
    params = {"RecordingSid": "RE1", "RecordingStatus": "completed", "RecordingUrl": "https://x/RE1"}
    told = recording_facts(params, {"q": "story", "n": "4"})
    assert (told.question, told.serial, told.is_there) == ("story", 4, True)
    assert recording_facts(params, {"q": "<b>"}).question == "message"
    assert not recording_facts({**params, "RecordingStatus": "absent"}, {}).is_there
    assert not recording_facts({**params, "RecordingUrl": ""}, {}).is_there


def test_a_recording_without_a_sid_is_refused() -> None:
    with pytest.raises(BadRequest, match="RecordingSid"):
        recording_facts({}, {})


def test_the_log_keeps_no_number_no_code_and_no_unknown_parameter() -> None:
    params = {
        "From": "+84912345678",
        "To": "+84967771010",
        "CallerName": "Ai đó",
        "Digits": "1234567890",
        "SpeechResult": "…",
        "CallStatus": "in-progress",
        "RecordingSid": "R" * 500,
    }
    assert without_person(params) == {"CallStatus": "in-progress", "RecordingSid": "R" * 100}
    assert without_person({"Digits": "9"}) == {"Digits": "9"}


def test_how_the_line_was_is_read_from_our_own_gateways_word() -> None:
    told = {"X-Quality-Received": "1500", "X-Quality-Lost": "3", "X-Quality-Jitter": "4.7", "X-Quality-Codec": "PCMA"}
    absurd = {"X-Quality-Late": "-1", "X-Quality-Setup": "soon", "X-Quality-Mood": "7"}
    assert quality_in(told | absurd) == {"received": 1500, "lost": 3, "jitter": 4.7, "codec": "PCMA"}
    assert quality_in({"CallSid": "CA1", "X-Quality-Codec": "<b>"}) == {}
