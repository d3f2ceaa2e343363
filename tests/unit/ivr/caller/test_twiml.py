"""TwiML as Twilio documents it: defaults, addresses, and what is not TwiML."""

from __future__ import annotations

import pytest

from ivr.carrier.keyed import Keyed, gathered
from ivr.carrier.twiml import (
    ANY_KEY,
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    TwimlError,
    Verb,
    parse,
)

URL = "https://hotline.example/voice/step?n=3"

READ: list[tuple[str, Verb]] = [
    ('<Say language="vi-VN">Xin   chào\n Quý vị</Say>', Say("Xin chào Quý vị", "vi-VN")),
    ("<Play>/prompts/a.wav</Play>", Play("https://hotline.example/prompts/a.wav")),
    ("<Play>https://cdn.example/b.mp3</Play>", Play("https://cdn.example/b.mp3")),
    ("<Pause/>", Pause(1)),
    ('<Pause length="3"/>', Pause(3)),
    ("<Gather/>", Gather(URL)),
    (
        '<Gather action="next?a=1&amp;b=2" method="get" timeout="7" finishOnKey="" numDigits="10"'
        ' actionOnEmptyResult="true"><Say>Chọn</Say><Pause/><Play>x.wav</Play></Gather>',
        Gather(
            "https://hotline.example/voice/next?a=1&b=2",
            (Say("Chọn"), Pause(1), Play("https://hotline.example/voice/x.wav")),
            "GET",
            7,
            "",
            10,
            True,
        ),
    ),
    ("<Record/>", Record(URL, "POST", 5, ANY_KEY, 3600, True, None, "POST", frozenset({"completed"}))),
    (
        '<Record action="/a" finishOnKey="#" maxLength="60" timeout="4" playBeep="false"'
        ' recordingStatusCallback="/r?q=story" recordingStatusCallbackEvent="completed absent"/>',
        Record(
            "https://hotline.example/a",
            "POST",
            4,
            "#",
            60,
            False,
            "https://hotline.example/r?q=story",
            "POST",
            frozenset({"completed", "absent"}),
        ),
    ),
    ("<Dial>115</Dial>", Dial(("115",))),
    (
        '<Dial action="/d" timeout="20"><Number>115</Number><Sip>sip:a@b.example</Sip></Dial>',
        Dial(("115", "sip:a@b.example"), "https://hotline.example/d", "POST", 20),
    ),
    ("<Redirect>/again</Redirect>", Redirect("https://hotline.example/again")),
    ("<Redirect/>", Redirect(URL)),
    ("<Hangup/>", Hangup()),
    ("<Reject/>", Reject("rejected")),
    ('<Reject reason="busy"/>', Reject("busy")),
]


@pytest.mark.parametrize(("written", "verb"), READ)
def test_a_verb_is_read_with_twilios_defaults(written: str, verb: Verb) -> None:
    document = parse(f"<?xml version='1.0'?><Response>{written}</Response>".encode(), URL)
    assert document.verbs == (verb,)
    assert document.warnings == ()


@pytest.mark.parametrize("content", [b"", b"hello", b"<Response>", b"<html/>", b"<response/>"])
def test_what_is_not_twiml_is_refused(content: bytes) -> None:
    with pytest.raises(TwimlError):
        parse(content, URL)


@pytest.mark.parametrize(
    "written",
    ["<Sing/>", "<Gather><Record/></Gather>", '<Gather timeout="soon"/>', '<Record maxLength="-1"/>'],
)
def test_what_twilio_would_warn_about_is_noted(written: str) -> None:
    document = parse(f"<Response>{written}<Hangup/></Response>".encode(), URL)
    assert len(document.warnings) == 1
    assert document.verbs[-1] == Hangup()


@pytest.mark.parametrize(
    ("finish", "number", "pressed", "keyed"),
    [
        ("#", None, "", Keyed("")),
        ("#", None, "12", Keyed("12")),
        ("#", None, "12#34", Keyed("12", "#")),
        ("#", None, "#", Keyed("", "#")),
        ("#", 1, "12", Keyed("1")),
        ("#", 3, "12#", Keyed("12", "#")),
        ("", 3, "1#2*", Keyed("1#2")),
        ("*", None, "*", Keyed("", "*")),
    ],
)
def test_keys_are_gathered_up_to_the_finish_key_or_the_number_of_digits(
    finish: str, number: int | None, pressed: str, keyed: Keyed
) -> None:
    assert gathered(Gather(URL, finish_on_key=finish, num_digits=number), pressed) == keyed
