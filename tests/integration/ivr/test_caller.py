"""The caller against a real server: every verb as Twilio documents it, and everything that can go wrong."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import soundfile
from flask import Response

from ivr.adapters.sound import quiet_wav, seconds
from ivr.caller.call import CallLoopError, run_call
from ivr.caller.events import CallResult, Heard, Pressed, Spoke
from ivr.caller.script import Callbacks, CallPlan, DialOutcome, HangUp, Key, Moment, Silence, Sound, Text
from tests.integration.ivr.hotline import ACCOUNT, Answer, Hotline, Seen, running, slow

LINE = "0967771010"
STORY = Sound(quiet_wav(3.2), "story.wav")
RECORD = (
    '<Record action="/told" finishOnKey="#" timeout="5" maxLength="60"'
    ' recordingStatusCallback="/recording" recordingStatusCallbackEvent="completed absent"/>'
)
BYE = "<Response><Say>Xin chào.</Say><Hangup/></Response>"


def document(body: str) -> str:
    return f"<Response>{body}</Response>"


def call(pages: dict[str, Answer], plan: CallPlan | None = None) -> tuple[CallResult, Hotline]:
    with running(pages) as (hotline, endpoint):
        return run_call(plan or CallPlan(LINE), endpoint), hotline


def test_the_first_webhook_is_signed_and_carries_the_standard_parameters() -> None:
    result, hotline = call({"/voice/incoming": BYE}, CallPlan(LINE, caller="0901234567"))
    first = hotline.seen[0]
    assert first.path == "/voice/incoming"
    assert first.params == {
        "AccountSid": ACCOUNT.sid,
        "ApiVersion": "2010-04-01",
        "CallSid": result.sid,
        "CallStatus": "ringing",
        "Called": "+84967771010",
        "CalledCountry": "VN",
        "Caller": "+84901234567",
        "CallerCountry": "VN",
        "Direction": "inbound",
        "From": "+84901234567",
        "FromCountry": "VN",
        "To": "+84967771010",
        "ToCountry": "VN",
    }
    assert all(seen.signed for seen in hotline.seen)
    assert result.spoken == ("Xin chào.",)
    assert result.ended_by == "hotline"


def test_a_1900_number_arrives_as_dialled() -> None:
    _, hotline = call({"/voice/incoming": BYE}, CallPlan("1900638563"))
    assert hotline.seen[0].params["To"] == "1900638563"


def test_the_end_of_the_call_is_told_with_its_length() -> None:
    result, hotline = call({"/voice/incoming": document('<Pause length="75"/>')})
    (ended,) = hotline.at("/voice/status")
    assert ended["CallStatus"] == "completed"
    assert (ended["CallDuration"], ended["Duration"]) == ("75", "2")
    assert ended["CallbackSource"] == "call-progress-events"
    assert result.duration == 75


@pytest.mark.parametrize(
    ("attributes", "keys", "digits"),
    [
        ('numDigits="1"', "1", "1"),
        ('numDigits="1"', "12", "1"),
        ("", "123#", "123"),
        ('finishOnKey=""', "12#", "12#"),
        ('finishOnKey="*" numDigits="9"', "12*", "12"),
        ('actionOnEmptyResult="true"', "", ""),
        ('actionOnEmptyResult="true"', "#", ""),
    ],
)
def test_gather_gives_its_action_the_digits(attributes: str, keys: str, digits: str) -> None:
    menu = document(f'<Gather action="step?at=menu" {attributes}><Say>Mời chọn</Say></Gather><Say>Không bấm</Say>')
    result, hotline = call({"/voice/incoming": menu, "/voice/step": BYE}, CallPlan(LINE, keys=(keys,)))
    (step,) = hotline.at("/voice/step")
    assert (step["Digits"], step["at"], step["CallStatus"]) == (digits, "menu", "in-progress")
    assert result.spoken == ("Mời chọn", "Xin chào.")


@pytest.mark.parametrize("keys", ["", "#"])
def test_gather_without_digits_falls_through_to_the_next_verb(keys: str) -> None:
    menu = document('<Gather action="/step"><Say>Mời chọn</Say></Gather><Redirect>/again</Redirect>')
    result, hotline = call({"/voice/incoming": menu, "/again": BYE}, CallPlan(LINE, keys=(keys,)))
    assert "/step" not in hotline.paths
    assert result.spoken == ("Mời chọn", "Xin chào.")


def test_gather_without_action_asks_the_same_document_again() -> None:
    def page(params: dict[str, str]) -> str:
        return BYE if params.get("Digits") else document("<Gather numDigits='1'/>")

    _, hotline = call({"/voice/incoming": page}, CallPlan(LINE, keys=("5",)))
    assert [params.get("Digits") for params in hotline.at("/voice/incoming")] == [None, "5"]


def test_get_puts_the_parameters_in_the_signed_address() -> None:
    menu = document('<Gather action="/step?at=1" method="GET" numDigits="1"/>')
    _, hotline = call({"/voice/incoming": menu, "/step": BYE}, CallPlan(LINE, keys=("5",)))
    step = next(seen for seen in hotline.seen if seen.path == "/step")
    assert (step.method, step.params["Digits"], step.params["at"], step.signed) == ("GET", "5", "1", True)


def test_record_gives_action_then_callback_and_what_follows_it_is_not_reached() -> None:
    pages: dict[str, Answer] = {
        "/voice/incoming": document(RECORD + "<Say>Không ai nghe</Say>"),
        "/told": BYE,
    }
    with running(pages) as (hotline, endpoint):
        result = run_call(CallPlan(LINE, messages=(STORY,)), endpoint)
        (recording,) = endpoint.media.ledger.recordings()
    assert hotline.paths == ["/voice/incoming", "/told", "/recording", "/voice/status"]
    (told,), (callback,) = hotline.at("/told"), hotline.at("/recording")
    assert (told["Digits"], told["RecordingDuration"], told["RecordingSid"]) == ("#", "3", recording.sid)
    assert told["RecordingUrl"] == endpoint.media.media_url(recording.sid)
    assert callback["RecordingStatus"] == "completed"
    assert callback["RecordingSource"] == "RecordVerb"
    assert callback["RecordingUrl"] == told["RecordingUrl"]
    assert "Không ai nghe" not in result.spoken
    assert result.recordings == (recording.sid,)
    assert seconds(recording.content) == pytest.approx(3.2, abs=0.01)


def test_an_empty_recording_has_no_action_but_an_absent_callback() -> None:
    pages: dict[str, Answer] = {"/voice/incoming": document(RECORD + "<Say>Không nghe thấy</Say>")}
    result, hotline = call(pages, CallPlan(LINE, messages=(Silence(),)))
    assert "/told" not in hotline.paths
    assert [callback["RecordingStatus"] for callback in hotline.at("/recording")] == ["absent"]
    assert result.spoken == ("Không nghe thấy",)
    assert result.recordings == ()


def test_a_key_that_does_not_finish_leaves_the_end_to_silence() -> None:
    pages: dict[str, Answer] = {"/voice/incoming": document(RECORD), "/told": BYE}
    _, hotline = call(pages, CallPlan(LINE, messages=(STORY,), end_key="9"))
    assert hotline.at("/told")[0]["Digits"] == ""


def test_a_key_may_be_pressed_instead_of_speaking() -> None:
    pages: dict[str, Answer] = {"/voice/incoming": document(RECORD), "/told": BYE}
    result, hotline = call(pages, CallPlan(LINE, messages=(Key("#"),)))
    assert (hotline.at("/told")[0]["Digits"], hotline.at("/told")[0]["RecordingDuration"]) == ("#", "1")
    assert Pressed("#") in [event.what for event in result.events]


def test_a_recording_ends_at_its_longest() -> None:
    record = '<Record action="/told" maxLength="2" recordingStatusCallback="/recording"/>'
    _, hotline = call({"/voice/incoming": document(record), "/told": BYE}, CallPlan(LINE, messages=(STORY,)))
    assert (hotline.at("/told")[0]["RecordingDuration"], hotline.at("/told")[0]["Digits"]) == ("2", "")


def test_a_text_is_spoken_by_the_synthesiser_and_a_mu_law_recording_stays_one() -> None:
    pages: dict[str, Answer] = {"/voice/incoming": document(RECORD), "/told": BYE}
    with running(pages) as (_, endpoint):
        plan = CallPlan(LINE, messages=(Text("Bệnh viện Chợ Rẫy"),), mu_law=True)
        result = run_call(plan, endpoint)
        (recording,) = endpoint.media.ledger.recordings()
    spoken = [event.what for event in result.events if isinstance(event.what, Spoke)]
    assert [what.words for what in spoken] == ["Bệnh viện Chợ Rẫy"]
    assert soundfile.info(io.BytesIO(recording.content)).subtype == "ULAW"


@pytest.mark.parametrize("action_on_hang_up", [True, False])
def test_a_hang_up_while_recording_keeps_what_was_said(action_on_hang_up: bool) -> None:
    pages: dict[str, Answer] = {"/voice/incoming": document(RECORD), "/told": BYE}
    plan = CallPlan(LINE, messages=(STORY,), hang_up=HangUp(Moment.RECORD), action_on_hang_up=action_on_hang_up)
    result, hotline = call(pages, plan)
    told = [(params["Digits"], params["CallStatus"]) for params in hotline.at("/told")]
    assert told == ([("hangup", "completed")] if action_on_hang_up else [])
    assert [callback["RecordingDuration"] for callback in hotline.at("/recording")] == ["2"]
    assert hotline.paths[-1] == "/voice/status"
    assert (result.ended_by, result.spoken) == ("caller", ())


@pytest.mark.parametrize("moment", [Moment.SAY, Moment.GATHER, Moment.DIAL])
def test_a_hang_up_elsewhere_only_tells_the_end(moment: Moment) -> None:
    body = {
        Moment.SAY: "<Say>Chào</Say>",
        Moment.GATHER: '<Gather action="/step"><Say>Chào</Say></Gather>',
        Moment.DIAL: '<Dial action="/step">115</Dial>',
    }[moment]
    plan = CallPlan(LINE, keys=("1",), hang_up=HangUp(moment))
    result, hotline = call({"/voice/incoming": document(body)}, plan)
    assert hotline.paths == ["/voice/incoming", "/voice/status"]
    assert result.ended_by == "caller"


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (DialOutcome(), {"DialCallStatus": "no-answer", "DialBridged": "false"}),
        (
            DialOutcome("completed", 42),
            {"DialCallStatus": "completed", "DialCallDuration": "42", "DialBridged": "true"},
        ),
        (DialOutcome("busy"), {"DialCallStatus": "busy"}),
    ],
)
def test_dial_tells_its_action_how_it_ended(outcome: DialOutcome, told: dict[str, str]) -> None:
    body = '<Dial action="/after" timeout="20"><Number>115</Number></Dial><Say>Không tới</Say>'
    result, hotline = call({"/voice/incoming": document(body), "/after": BYE}, CallPlan(LINE, dial=outcome))
    (after,) = hotline.at("/after")
    assert told.items() <= after.items()
    assert result.spoken == ("Xin chào.",)


def test_dial_without_action_goes_on_with_the_next_verb() -> None:
    result, _ = call({"/voice/incoming": document("<Dial>115</Dial><Say>Chưa nối được</Say>")})
    assert result.spoken == ("Chưa nối được",)


@pytest.mark.parametrize(("verb", "status"), [("<Reject/>", "no-answer"), ('<Reject reason="busy"/>', "busy")])
def test_a_rejected_call_ends_at_once(verb: str, status: str) -> None:
    result, hotline = call({"/voice/incoming": document(verb + "<Say>Không tới</Say>")})
    assert (result.status, result.duration, result.spoken) == (status, 0, ())
    assert hotline.at("/voice/status")[0]["CallStatus"] == status


def test_a_sound_that_is_missing_is_noted_and_the_call_goes_on() -> None:
    pages: dict[str, Answer] = {
        "/voice/incoming": document("<Play>/prompts/a.wav</Play><Play>/prompts/b.wav</Play><Say>Chào</Say>"),
        "/prompts/a.wav": Response(quiet_wav(0.1), content_type="audio/wav"),
        "/prompts/b.wav": Response(status=404),
    }
    result, hotline = call(pages)
    assert [trouble.code for trouble in result.troubles] == [11200]
    assert next(event.what for event in result.events if isinstance(event.what, Heard)).played.endswith("a.wav")
    assert result.spoken[-1] == "Chào"
    assert all(seen.signed for seen in hotline.seen)


BROKEN: dict[str, tuple[Answer, int]] = {
    "an error": (Response("oops", 500), 11200),
    "a refusal": (Response("no", 403), 11200),
    "a redirect": (Response(status=302, headers={"Location": "/elsewhere"}), 11200),
    "plain text": (Response("hello", content_type="text/plain"), 12300),
    "no XML": ("<Response><Say>", 12100),
    "no TwiML": ("<html/>", 12100),
    "too slow": (slow(3.0, BYE), 11200),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_document_that_fails_makes_the_provider_ask_the_fallback(broken: str) -> None:
    page, code = BROKEN[broken]
    pages: dict[str, Answer] = {
        "/voice/incoming": document("<Redirect>/broken</Redirect>"),
        "/broken": page,
        "/voice/fallback": document("<Say>Xin lỗi</Say>"),
    }
    result, hotline = call(pages)
    (fallback,) = hotline.at("/voice/fallback")
    assert (fallback["ErrorCode"], fallback["ErrorUrl"]) == (str(code), f"{hotline.url}/broken")
    assert fallback["CallSid"] == result.sid
    assert [trouble.code for trouble in result.troubles] == [code]
    assert result.spoken == ("Xin lỗi",)


def test_a_lost_webhook_is_answered_by_the_fallback_although_the_hotline_never_saw_it() -> None:
    result, hotline = call({"/voice/fallback": BYE}, CallPlan(LINE, lost_webhooks=frozenset({1})))
    assert hotline.paths == ["/voice/fallback", "/voice/status"]
    assert result.spoken == ("Xin chào.",)


def test_a_fallback_that_fails_too_ends_the_call() -> None:
    broken = Response("oops", 500)
    result, hotline = call({"/voice/incoming": broken, "/voice/fallback": broken})
    assert (result.ended_by, len(result.troubles)) == ("provider", 2)
    assert hotline.paths[-1] == "/voice/status"


def test_a_hotline_that_is_not_there_ends_the_call() -> None:
    with running({}) as (_, endpoint):
        pass
    with running({}) as (_, other):
        gone = type(other)(endpoint.public_url, other.media, timeout=1.0)
        result = run_call(CallPlan(LINE), gone)
    assert (result.ended_by, result.webhooks[0].status) == ("provider", 0)


def test_a_hotline_that_goes_round_in_circles_is_an_error() -> None:
    with pytest.raises(CallLoopError):
        call({"/voice/incoming": document("<Redirect/>")})


def order(seen: list[Seen]) -> list[str]:
    return [one.path.rpartition("/")[2] for one in seen]


@pytest.mark.parametrize(
    ("callbacks", "expected"),
    [
        (Callbacks.ONCE, ["incoming", "told", "recording", "status"]),
        (Callbacks.TWICE, ["incoming", "told", "recording", "recording", "status", "status"]),
        (Callbacks.LATE, ["incoming", "told", "status", "recording"]),
        (Callbacks.SWAPPED, ["incoming", "recording", "told", "status"]),
        (Callbacks.NEVER, ["incoming", "told"]),
    ],
)
def test_callbacks_come_as_planned(callbacks: Callbacks, expected: list[str]) -> None:
    pages: dict[str, Answer] = {"/voice/incoming": document(RECORD), "/told": BYE}
    _, hotline = call(pages, CallPlan(LINE, messages=(STORY,), callbacks=callbacks))
    assert order(hotline.seen) == expected


@pytest.mark.parametrize(
    ("callbacks", "expected"),
    [
        (Callbacks.ONCE, ["incoming", "told", "recording", "status"]),
        (Callbacks.SWAPPED, ["incoming", "recording", "status", "told"]),
    ],
)
def test_callbacks_of_a_hang_up_come_as_planned(callbacks: Callbacks, expected: list[str]) -> None:
    pages: dict[str, Answer] = {"/voice/incoming": document(RECORD), "/told": BYE}
    plan = CallPlan(LINE, messages=(STORY,), callbacks=callbacks, hang_up=HangUp(Moment.RECORD))
    _, hotline = call(pages, plan)
    assert order(hotline.seen) == expected


def test_a_repeated_webhook_keeps_its_idempotency_token() -> None:
    pages: dict[str, Answer] = {
        "/voice/incoming": document("<Redirect>/next</Redirect>"),
        "/next": BYE,
    }
    _, hotline = call(pages, CallPlan(LINE, webhooks_twice=True))
    assert hotline.paths == ["/voice/incoming"] * 2 + ["/next"] * 2 + ["/voice/status"]
    tokens = [seen.token for seen in hotline.seen]
    assert (tokens[0], tokens[2]) == (tokens[1], tokens[3])
    assert len(set(tokens)) == 3


def test_webhooks_are_signed_for_the_public_address_wherever_they_are_sent() -> None:
    with running({"/voice/incoming": BYE}) as (hotline, endpoint):
        public = "https://hotline.example:8443"
        result = run_call(CallPlan(LINE), type(endpoint)(public, endpoint.media, reach_at=hotline.url))
    assert result.webhooks[0].url == f"{public}/voice/incoming"
    assert not any(seen.signed for seen in hotline.seen)  # for its own address; the next line for the public one
    assert hotline.paths == ["/voice/incoming", "/voice/status"]


def test_events_are_told_as_they_happen() -> None:
    told: list[object] = []
    with running({"/voice/incoming": BYE}) as (_, endpoint):
        result = run_call(CallPlan(LINE), endpoint, told.append)
    assert tuple(told) == result.events
    assert [asked.status for asked in result.webhooks] == [200, 200]
    assert 0 < result.slowest < 2


@pytest.mark.parametrize("body", ["<Hmm/><Say>Chào</Say>", '<Pause length="lots"/><Say>Chào</Say>'])
def test_what_twilio_does_not_know_is_warned_about_and_passed_over(body: str) -> None:
    result, _ = call({"/voice/incoming": document(body)})
    assert [trouble.code for trouble in result.troubles] == [12200]
    assert result.spoken == ("Chào",)


SPEECH = Path(__file__).parents[4] / "shared" / "speech" / "fosd-003.flac"


@pytest.mark.shared
@pytest.mark.skipif(not SPEECH.exists(), reason="the development speech is not beside the repository")
def test_human_speech_in_another_format_becomes_a_telephone_recording() -> None:
    pages: dict[str, Answer] = {"/voice/incoming": document(RECORD), "/told": BYE}
    with running(pages) as (_, endpoint):
        run_call(CallPlan(LINE, messages=(Sound(SPEECH.read_bytes(), SPEECH.name),)), endpoint)
        (recording,) = endpoint.media.ledger.recordings()
    heard = soundfile.info(io.BytesIO(recording.content))
    assert (heard.samplerate, heard.channels, heard.subtype) == (8000, 1, "PCM_16")
    assert heard.duration == pytest.approx(soundfile.info(SPEECH).duration, abs=0.01)
