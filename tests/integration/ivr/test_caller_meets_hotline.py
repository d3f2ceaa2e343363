"""The caller calls our own webhooks over real HTTP, behind a public address, with every carrier's bad habit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from casebook.models import Case
from config.directory import DATA, Line, read_lines
from ivr.adapters.sound import quiet_wav
from ivr.caller.bundled import report_script
from ivr.caller.call import run_call
from ivr.caller.events import CallResult
from ivr.caller.media import MediaServer
from ivr.caller.provider import Endpoint
from ivr.caller.script import Callbacks, CallPlan, HangUp, Message, Moment, Sound
from ivr.carrier.ledger import Account
from ivr.models import Call
from ivr.tools import IvrTools
from ivr.web import create_voice_blueprint
from recordings.models import Recording, RecordingState

LINES = read_lines(DATA / "lines.toml")
QUALITY = LINES[0]
SAID = Sound(quiet_wav(3.0))


@dataclass
class House:
    """Our webhooks, running, and a provider that knows their public address."""

    tools: IvrTools
    endpoint: Endpoint

    def call(self, plan: CallPlan) -> CallResult:
        return run_call(plan, self.endpoint)

    def calls(self) -> list[Call]:
        with self.tools.database.begin() as session:
            return list(session.scalars(select(Call)))

    def recordings(self) -> list[Recording]:
        with self.tools.database.begin() as session:
            return list(session.scalars(select(Recording).order_by(Recording.purpose)))

    def case_codes(self) -> list[str]:
        with self.tools.database.begin() as session:
            return list(session.scalars(select(Case.code)))


@pytest.fixture
def house(tools: IvrTools) -> Iterator[House]:
    app = Flask("house", static_folder=None)
    app.register_blueprint(create_voice_blueprint(tools))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    with MediaServer(Account("AC" + "3" * 32, tools.auth_token)) as media:
        # The public address has a path that the proxy takes off.
        yield House(tools, Endpoint(tools.public_url, media, reach_at=f"http://127.0.0.1:{server.port}"))
    server.shutdown()
    thread.join()
    server.server_close()


def report(line: Line = QUALITY, **odd: object) -> CallPlan:
    """A full report on `line` with each question answered; `odd` is what is odd about the call."""
    answers: dict[str, Message] = {question.key: SAID for question in line.questions}
    keys, messages = report_script(line, answers)
    return CallPlan(line.number, keys=keys, messages=messages, **odd)  # type: ignore[arg-type]


@pytest.mark.parametrize("webhooks_twice", [False, True])
@pytest.mark.parametrize("callbacks", list(Callbacks))
def test_one_call_is_one_case_however_the_provider_tells_it(
    house: House, callbacks: Callbacks, webhooks_twice: bool
) -> None:
    result = house.call(report(callbacks=callbacks, webhooks_twice=webhooks_twice))
    assert (result.ended_by, result.troubles) == ("hotline", ())
    assert all(asked.ok for asked in result.webhooks)
    assert house.case_codes() == [result.case_code]
    (call,) = house.calls()
    assert call.provider_sid == result.sid
    assert call.ended_at is not None or callbacks is Callbacks.NEVER
    assert {recording.provider_sid for recording in house.recordings()} == set(result.recordings)
    assert [recording.purpose for recording in house.recordings()] == ["contact", "facility", "story"]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.slug)
def test_every_line_takes_a_report(house: House, line: Line) -> None:
    result = house.call(report(line))
    assert house.case_codes() == [result.case_code]
    assert [call.line_slug for call in house.calls()] == [line.slug]


@pytest.mark.parametrize("action_on_hang_up", [True, False])
@pytest.mark.parametrize("callbacks", [Callbacks.ONCE, Callbacks.TWICE, Callbacks.LATE, Callbacks.SWAPPED])
def test_a_hang_up_while_telling_the_story_keeps_the_case_and_what_was_said(
    house: House, callbacks: Callbacks, action_on_hang_up: bool
) -> None:
    hang_up = HangUp(Moment.RECORD, 2)
    result = house.call(report(hang_up=hang_up, callbacks=callbacks, action_on_hang_up=action_on_hang_up))
    assert result.ended_by == "caller"
    assert len(house.case_codes()) == 1
    assert [recording.purpose for recording in house.recordings()] == ["facility", "story"]
    assert {recording.provider_sid for recording in house.recordings()} == set(result.recordings)


@pytest.mark.parametrize("moment", [Moment.GATHER, Moment.SAY])
def test_a_hang_up_before_speaking_ends_the_call_cleanly(house: House, moment: Moment) -> None:
    house.call(report(hang_up=HangUp(moment)))
    (call,) = house.calls()
    assert call.status == "completed"
    assert not house.recordings()


def test_a_caller_who_says_nothing_is_asked_again_and_sent_off_kindly(house: House) -> None:
    result = house.call(CallPlan(QUALITY.number))
    assert (result.ended_by, result.troubles) == ("hotline", ())
    assert result.spoken[-1].endswith("Xin chào.")
    assert all(recording.state is RecordingState.ABSENT for recording in house.recordings())


@pytest.mark.parametrize("lost", range(1, 8))
def test_a_lost_webhook_leaves_the_caller_with_the_fallback_and_a_recording(house: House, lost: int) -> None:
    plan = report(lost_webhooks=frozenset({lost}))
    result = house.call(plan)
    assert [trouble.code for trouble in result.troubles] in ([11200], [])  # a lost callback is no trouble
    if result.troubles:
        assert any("Hệ thống đang gặp sự cố" in said for said in result.spoken)
        assert len(result.recordings) >= 1
    assert {recording.provider_sid for recording in house.recordings()} <= set(result.recordings)


def test_a_wrong_signature_is_answered_by_nobody(house: House) -> None:
    with MediaServer(Account("AC" + "3" * 32, "another-token")) as media:
        stranger = Endpoint(house.endpoint.public_url, media, reach_at=house.endpoint.reach_at)
        result = run_call(CallPlan(QUALITY.number), stranger)
    assert {asked.status for asked in result.webhooks} == {403}
    assert not house.calls()
