"""What the webhooks do with requests that are forged, broken, early, late or about nothing we know."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from casebook.models import Case
from config.crypto import KeyRing
from config.database.base import Base
from config.database.engine import Database
from ivr.models import Call, CallEvent, WebhookRejection
from ivr.tools import IvrTools
from recordings.models import Recording
from tests.integration.ivr.conftest import BASE, SECRET, Carrier, MovingClock, carrier_for, make_tools

Row = Callable[[], Call]

SIGNED = ["incoming", "step?n=0", "dial?n=0", "recording?line=chat_luong&n=3&q=story", "status", "fallback"]


def count(database: Database, table: type[Base]) -> int:
    with database.begin() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("address", SIGNED)
def test_an_unsigned_or_wrongly_signed_webhook_is_refused_and_counted(
    carrier: Carrier, loaded: Database, address: str
) -> None:
    assert carrier.post(address, sign="").status_code == 403
    assert carrier.post(address, sign="RSOYDt4T1cUTdK1PDd93/VVr8B8=").status_code == 403
    with loaded.begin() as session:
        counted = {row.reason: row.count for row in session.scalars(select(WebhookRejection))}
    assert counted == {"unsigned": 1, "wrong_signature": 1}
    assert count(loaded, Call) == count(loaded, CallEvent) == 0


def test_everything_under_voice_but_the_prompts_asks_for_the_signature(carrier: Carrier) -> None:
    rules = [rule for rule in carrier.client.application.url_map.iter_rules() if rule.rule.startswith("/voice/")]
    refused = {
        rule.rule
        for rule in rules
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
        if carrier.client.open(rule.rule.replace("<name>", "x"), method=method).status_code == 403
    }
    assert {rule.rule for rule in rules} - refused == {"/voice/prompts/<name>"}


def test_the_signature_is_checked_over_the_public_address_whatever_the_proxy_says(carrier: Carrier) -> None:
    form = {"CallSid": carrier.sid, "To": carrier.dialled}
    genuine = carrier.post("incoming").request.headers["X-Twilio-Signature"]
    answer = carrier.client.post(
        "/voice/incoming",
        data=form,
        base_url="http://10.0.0.7:5000",
        headers={"X-Twilio-Signature": genuine, "X-Forwarded-Host": "evil.example", "Host": "10.0.0.7"},
    )
    assert answer.status_code == 403, "other parameters than were signed"


def test_repeated_parameters_pass_if_the_carrier_signed_them(carrier: Carrier) -> None:
    form = MultiDict([("CallSid", carrier.sid), ("Tag", "b"), ("Tag", "a")])
    signature = carrier_signature(f"{BASE}/voice/status", form)
    answer = carrier.client.post("/voice/status", data=form, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200


def carrier_signature(url: str, form: MultiDict[str, str]) -> str:
    return str(RequestValidator("a-token").compute_signature(url, form))


@pytest.mark.parametrize("address", ["incoming", "step?n=0", "status", "recording?q=story"])
@pytest.mark.parametrize("sid", ["", "x", "CA 1", "ö" * 20, "C" * 100])
def test_a_request_about_no_call_gets_a_clear_400_and_changes_nothing(
    carrier: Carrier, loaded: Database, address: str, sid: str
) -> None:
    answer = carrier.post(address, CallSid=sid, RecordingSid="RE1")
    assert (answer.status_code, "CallSid" in answer.text) == (400, True)
    assert count(loaded, Call) == count(loaded, CallEvent) == 0


def test_absurd_parameters_are_answered_and_harm_nobody(carrier: Carrier, call_row: Row) -> None:
    absurd = {"To": "\x00" * 5000, "From": "💥" * 5000, "CallStatus": "exploded", "CallDuration": "-7", "Digits": "x"}
    assert carrier.post("incoming", **absurd).status_code == 200
    assert carrier.post("step?n=0", **absurd).status_code == 200
    assert carrier.post("status", **absurd).status_code == 200
    call = call_row()
    assert (call.line_slug, call.dialled, call.duration_s) == ("chat_luong", "", None)


def test_a_number_nobody_owns_is_answered_by_the_default_line(tools: IvrTools, call_row: Row) -> None:
    carrier = carrier_for(tools, dialled="+84900000001")
    assert "Đường dây nóng Sở Y tế" in carrier.call()
    assert (call_row().line_slug, call_row().dialled) == ("chat_luong", "+84900000001")


def test_a_step_of_a_call_we_never_saw_greets_the_caller(carrier: Carrier, call_row: Row) -> None:
    answer = carrier.post("step?n=4", Digits="1")
    assert "Đường dây nóng Sở Y tế" in answer.text
    assert call_row().state["step"] == "menu"


def test_a_recording_of_a_call_we_never_saw_is_kept_under_an_orphan(
    carrier: Carrier, loaded: Database, call_row: Row
) -> None:
    address = f"{BASE}/voice/recording?line=ve_benh_moi_tien&n=0&q=message"
    for _ in range(2):
        assert carrier.tell_recording(address=address).status_code == 200
    call = call_row()
    assert call.is_orphan
    assert call.line_slug == "ve_benh_moi_tien"
    with loaded.begin() as session:
        case = session.scalars(select(Case)).one()
        recording = session.scalars(select(Recording)).one()
    assert case.orphan
    assert case.confidential
    assert recording.purpose == "message"


def test_an_orphans_case_is_ready_once_the_call_is_known_to_be_over(
    carrier: Carrier, loaded: Database, call_row: Row
) -> None:
    carrier.tell_recording(address=f"{BASE}/voice/recording?line=&n=0&q=message")
    carrier.hang_up()
    with loaded.begin() as session:
        assert session.scalars(select(Case)).one().intake_ended_at is not None
    assert call_row().outcome == "reported"


def test_a_status_that_comes_before_the_call_itself_does_no_harm(carrier: Carrier, call_row: Row) -> None:
    carrier.hang_up("0")
    assert call_row().outcome == "never_answered"
    assert "Đường dây nóng" in carrier.call()
    assert call_row().status == "completed"


def test_a_call_that_is_over_does_not_ring_again(carrier: Carrier, call_row: Row) -> None:
    carrier.call()
    carrier.hang_up("9")
    carrier.post("status", CallStatus="ringing")
    carrier.post("status", CallStatus="completed", CallDuration="12")
    assert (call_row().status, call_row().duration_s) == ("completed", 9)


@pytest.fixture
def dark(keys: KeyRing, moving_clock: MovingClock, tmp_path: Path) -> Carrier:
    """A carrier that calls a hotline whose database is away."""
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    return carrier_for(make_tools(away, keys, moving_clock, tmp_path))


def test_with_the_database_away_the_caller_still_leaves_a_message(dark: Carrier) -> None:
    heard = dark.call()
    assert "đang gặp sự cố" in heard
    assert "gọi ngay số 1 1 5" in heard
    assert dark.address("Record") == f"{BASE}/voice/fallback?done=1"
    assert "đã được ghi lại" in dark.speak()
    assert dark.last is not None
    assert "<Hangup" in dark.last.text


def test_with_the_database_away_the_confidential_line_stays_confidential(dark: Carrier) -> None:
    dark.dialled = SECRET
    assert "không cần nêu tên" in dark.call()
    assert "line=ve_benh_moi_tien" in dark.address("Record", "recordingStatusCallback")


def test_with_the_database_away_every_step_of_a_call_is_answered(dark: Carrier) -> None:
    for address in ("step?n=3", "dial?n=3", "fallback"):
        assert "<Record" in dark.post(address).text


def test_with_the_database_away_callbacks_are_told_to_come_again(dark: Carrier) -> None:
    assert dark.tell_recording(address=f"{BASE}/voice/recording?q=message").status_code == 503
    assert dark.hang_up().status_code == 503
    assert dark.post("incoming", sign="wrong").status_code == 403


def test_the_fallback_answers_get_and_post_and_its_use_is_written_down(carrier: Carrier, loaded: Database) -> None:
    assert "<Record" in carrier.post("fallback", ErrorCode="11200", ErrorUrl="https://x").text
    url = f"{BASE}/voice/fallback?CallSid={carrier.sid}"
    signature = carrier_signature(url, MultiDict())
    answer = carrier.client.get(f"/voice/fallback?CallSid={carrier.sid}", headers={"X-Twilio-Signature": signature})
    assert "<Record" in answer.text
    with loaded.begin() as session:
        events = list(session.scalars(select(CallEvent).where(CallEvent.kind == "fallback")))
    assert [event.payload.get("ErrorCode") for event in events] == ["11200", None]


def test_a_message_left_with_the_fallback_is_filed_when_its_callback_comes(carrier: Carrier, loaded: Database) -> None:
    carrier.post("incoming")
    carrier.last = carrier.post("fallback", ErrorCode="11205")
    assert carrier.tell_recording().status_code == 200
    carrier.hang_up()
    with loaded.begin() as session:
        case = session.scalars(select(Case)).one()
        assert session.scalars(select(Recording)).one().purpose == "message"
    assert not case.orphan
    assert case.intake_ended_at is not None


def test_a_line_that_was_changed_into_nonsense_still_takes_a_message(carrier: Carrier, loaded: Database) -> None:
    with loaded.begin() as session:
        session.connection().exec_driver_sql("UPDATE lines SET definition = '{}'::jsonb")
    assert "đang gặp sự cố" in carrier.call()


def test_any_sequence_of_strange_webhooks_is_answered(
    carrier: Carrier, loaded: Database, caplog: pytest.LogCaptureFixture
) -> None:
    chance = Random(20261121)
    values = [
        "",
        "1",
        "#",
        "hangup",
        "completed",
        "absent",
        "no-answer",
        "\x00",
        "ü" * 3000,
        "-1",
        "99999999999",
        "RE7",
    ]
    names = ["Digits", "CallStatus", "RecordingSid", "RecordingUrl", "RecordingStatus", "RecordingDuration"]
    names += ["DialCallStatus", "CallDuration", "To", "From", "ErrorCode", "SequenceNumber"]
    for _ in range(250):
        address = chance.choice(["incoming", "step", "dial", "recording", "status", "fallback"])
        query = f"?n={chance.choice([*range(6), -1, 'x', 10**9])}&q={chance.choice(['story', '<', ''])}&line=x"
        params = {name: chance.choice(values) for name in chance.sample(names, chance.randint(0, 7))}
        carrier.sid = chance.choice(["CA1", "CA2", "CA3"])
        answer = carrier.post(address + query, **params)
        assert answer.status_code in {200, 400}, (address, query, params)
    assert count(loaded, Call) == 3
    assert "could not be answered" not in caplog.text
