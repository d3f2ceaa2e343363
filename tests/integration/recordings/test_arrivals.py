from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select

from recordings.models import Recording, RecordingState
from recordings.service import RecordingTools, UnknownRecording, collect, expect, hold, mark_absent
from tests.integration.recordings import sounds
from tests.integration.recordings.conftest import Arrive
from tests.integration.recordings.provider import Provider

URL = "https://api.twilio.com/RE1"


def absent(tools: RecordingTools, sid: str | None = "RE1", purpose: str = "story") -> UUID:
    with tools.db.begin() as session:
        return mark_absent(session, provider_sid=sid, call_sid="CA1", purpose=purpose, now=tools.clock()).id


def rows(tools: RecordingTools) -> list[Recording]:
    with tools.db.begin() as session:
        return list(session.scalars(select(Recording)))


def test_a_callback_that_comes_twice_expects_one_recording(tools: RecordingTools, arrive: Arrive) -> None:
    assert arrive(URL) == arrive(URL)
    (only,) = rows(tools)
    assert (only.state, only.attempts, only.purpose) == (RecordingState.EXPECTED, 0, "story")
    assert only.created_at == tools.clock()


def test_many_callbacks_at_once_expect_one_recording(tools: RecordingTools, arrive: Arrive) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: arrive(URL), range(24)))
    assert len(ids) == 1
    assert len(rows(tools)) == 1


def test_a_late_callback_changes_nothing_of_a_kept_recording(
    provider: Provider, tools: RecordingTools, arrive: Arrive
) -> None:
    recording_id = arrive(provider.serve("/RE1", sounds.wav()))
    collect(recording_id, tools)
    assert arrive("https://elsewhere.example/RE1") == recording_id
    assert absent(tools) == recording_id
    (kept,) = rows(tools)
    assert kept.state is RecordingState.KEPT
    assert kept.source_url == provider.url + "/RE1"


def test_an_address_that_was_missing_is_filled_in(tools: RecordingTools, arrive: Arrive) -> None:
    arrive(None)
    arrive(URL)
    assert rows(tools)[0].source_url == URL


def test_an_absence_is_written_down_once(tools: RecordingTools) -> None:
    assert absent(tools) == absent(tools)
    assert rows(tools)[0].state is RecordingState.ABSENT


def test_absences_without_an_id_are_one_per_answer(tools: RecordingTools) -> None:
    assert absent(tools, None) == absent(tools, None)
    assert absent(tools, None, "contact") != absent(tools, None)
    assert len(rows(tools)) == 2


def test_absent_then_completed_is_expected_after_all(tools: RecordingTools, arrive: Arrive) -> None:
    absent(tools)
    arrive(URL)
    (only,) = rows(tools)
    assert (only.state, only.source_url) == (RecordingState.EXPECTED, URL)


def test_completed_then_absent_stays_expected(tools: RecordingTools, arrive: Arrive) -> None:
    arrive(URL)
    absent(tools)
    assert rows(tools)[0].state is RecordingState.EXPECTED


def test_announced_without_an_address_then_absent_is_absent(tools: RecordingTools, arrive: Arrive) -> None:
    arrive(None)
    absent(tools)
    assert rows(tools)[0].state is RecordingState.ABSENT


def test_nothing_is_fetched_for_an_absent_recording(provider: Provider, tools: RecordingTools) -> None:
    assert collect(absent(tools), tools).state is RecordingState.ABSENT
    assert provider.seen == []


def test_recordings_without_a_provider_s_id_are_each_their_own(tools: RecordingTools, arrive: Arrive) -> None:
    assert arrive(URL, None) != arrive(URL, None)


def test_an_expected_recording_is_gone_if_its_transaction_is(tools: RecordingTools) -> None:
    with tools.db.begin() as session:
        expect(session, provider_sid="RE9", call_sid="CA1", purpose="story", source_url=URL, now=tools.clock())
        session.rollback()
    assert rows(tools) == []


def test_an_unknown_recording_cannot_be_held(tools: RecordingTools) -> None:
    with tools.db.begin() as session, pytest.raises(UnknownRecording):
        hold(session, UUID(int=0), legal_hold=True)
