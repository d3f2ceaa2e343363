from __future__ import annotations

import secrets
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import psycopg
import pytest

from config.crypto import KeyRing, generate_key_text
from config.database.engine import DatabaseAway
from recordings.adapters.local_store import LocalStore
from recordings.adapters.memory_store import MemoryStore
from recordings.models import Recording, RecordingState
from recordings.ports import StoreFull, StoreReadOnly
from recordings.rules.keys import content_key
from recordings.rules.retry import MEDIA_WAITS
from recordings.service import (
    Limits,
    RecordingTools,
    UnknownRecording,
    collect,
    original_bytes,
    playable,
    retry,
    samples,
)
from tests.integration.recordings import sounds
from tests.integration.recordings.conftest import Arrive
from tests.integration.recordings.killed import POINTS
from tests.integration.recordings.provider import Answer, Provider

MEDIA = "/Recordings/RE1"
ROOT = Path(__file__).parents[3]
Row = Callable[[UUID], Recording]


class FaultyStore(MemoryStore):
    """Memory that refuses to be written as long as it is told to."""

    fault: Exception | None = None

    def put(self, key: str, data: bytes) -> None:
        if self.fault:
            raise self.fault
        super().put(key, data)


def test_a_recording_is_fetched_checked_sealed_and_kept(
    provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row, store: LocalStore
) -> None:
    recording_id = arrive(provider.serve(MEDIA, sounds.mulaw()))
    outcome = collect(recording_id, tools)
    kept = row(recording_id)
    assert (outcome.state, outcome.failure, outcome.retry_after_s) == (RecordingState.KEPT, None, None)
    assert kept.state is RecordingState.KEPT
    assert kept.sha256 == kept.store_key == content_key(sounds.mulaw())
    assert (kept.content_type, kept.channels, kept.sample_rate) == ("audio/wav", 1, 8000)
    assert kept.size_bytes == len(sounds.mulaw())
    assert kept.duration_s == 2.0
    assert kept.kept_at == tools.clock()
    assert kept.waveform is not None
    assert 50 <= len(kept.waveform) <= 1000
    assert sounds.mulaw()[44:200] not in store.get(kept.store_key)


def test_a_kept_recording_is_read_back_as_it_came_as_sound_and_for_the_browser(
    provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row
) -> None:
    recording_id = arrive(provider.serve(MEDIA, sounds.mulaw()))
    collect(recording_id, tools)
    kept = row(recording_id)
    assert original_bytes(kept, tools.store, tools.keys) == sounds.mulaw()
    assert samples(kept, tools.store, tools.keys).size == 32_000
    assert playable(kept, tools.store, tools.keys)[1] == "audio/wav"


def test_media_that_comes_late_is_waited_for(
    provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row
) -> None:
    late = [Answer(404), Answer(503), Answer(body=sounds.wav())]
    recording_id = arrive(provider.serve(MEDIA, *late))
    first, second, third = (collect(recording_id, tools) for _ in range(3))
    assert (first.state, first.retry_after_s) == (RecordingState.EXPECTED, 2)
    assert (second.state, second.retry_after_s) == (RecordingState.EXPECTED, 5)
    assert third.state is RecordingState.KEPT
    assert row(recording_id).attempts == 3
    assert row(recording_id).failure is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (sounds.ERROR_PAGE, "trang báo lỗi"),
        (b"", "rỗng"),
        (sounds.wav()[:5000], "cắt giữa chừng"),
        (b"garbage" * 1000, "không giải mã được"),
        (sounds.wav(0.0), ""),
    ],
)
def test_what_is_not_whole_audio_is_tried_again_and_never_stored(
    provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row, store: LocalStore, body: bytes, reason: str
) -> None:
    recording_id = arrive(provider.serve(MEDIA, body))
    outcome = collect(recording_id, tools)
    assert outcome.state is RecordingState.EXPECTED
    assert outcome.retry_after_s == 2
    assert reason in (row(recording_id).failure or "")
    assert not store.root.exists()


def test_a_truncated_download_is_mended_by_the_next_one(
    provider: Provider, tools: RecordingTools, arrive: Arrive
) -> None:
    recording_id = arrive(provider.serve(MEDIA, sounds.wav()[:9000], sounds.wav()))
    assert collect(recording_id, tools).state is RecordingState.EXPECTED
    assert collect(recording_id, tools).state is RecordingState.KEPT


def test_after_about_a_day_of_trying_it_is_on_the_failed_list_and_a_person_can_retry(
    provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row
) -> None:
    recording_id = arrive(provider.serve(MEDIA, Answer(404)))
    outcomes = [collect(recording_id, tools) for _ in range(len(MEDIA_WAITS) + 1)]
    assert [outcome.retry_after_s for outcome in outcomes] == [*MEDIA_WAITS, None]
    assert row(recording_id).state is RecordingState.FAILED
    assert "404" in (row(recording_id).failure or "")
    provider.serve(MEDIA, sounds.wav())
    with tools.db.begin() as session:
        assert retry(session, recording_id)
        assert not retry(session, recording_id)
    assert collect(recording_id, tools).state is RecordingState.KEPT


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://evil.example/RE1", "evil.example"), ("file:///etc/passwd", "http"), (MEDIA, "http")],
)
def test_a_recording_elsewhere_needs_a_person_at_once(
    tools: RecordingTools, arrive: Arrive, url: str, reason: str
) -> None:
    outcome = collect(arrive(url), tools)
    assert (outcome.state, outcome.retry_after_s) == (RecordingState.FAILED, None)
    assert reason in (outcome.failure or "")


def test_refused_credentials_need_a_person_at_once(provider: Provider, tools: RecordingTools, arrive: Arrive) -> None:
    outcome = collect(arrive(provider.serve(MEDIA, Answer(403, open_to_all=True))), tools)
    assert outcome.state is RecordingState.FAILED
    assert "Auth Token" in (outcome.failure or "")


def test_four_hours_go_to_the_failed_list(provider: Provider, tools: RecordingTools, arrive: Arrive) -> None:
    quick = replace(tools, limits=Limits(max_duration_s=600))
    outcome = collect(arrive(provider.serve(MEDIA, sounds.four_hours())), quick)
    assert (outcome.state, outcome.retry_after_s) == (RecordingState.FAILED, None)
    assert "10 phút" in (outcome.failure or "")


def test_the_line_s_own_limit_holds(provider: Provider, tools: RecordingTools, arrive: Arrive) -> None:
    strict = replace(tools, limits=Limits(max_duration_s=1.5))
    outcome = collect(arrive(provider.serve(MEDIA, sounds.wav())), strict)
    assert outcome.state is RecordingState.FAILED


@pytest.mark.parametrize("fault", [StoreFull(), StoreReadOnly()])
def test_a_store_that_refuses_is_tried_for_days_and_nothing_is_lost(
    provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row, fault: Exception
) -> None:
    store = FaultyStore()
    store.fault = fault
    faulty = replace(tools, store=store)
    recording_id = arrive(provider.serve(MEDIA, sounds.wav()))
    outcomes = [collect(recording_id, faulty) for _ in range(15)]
    assert all(outcome.state is RecordingState.EXPECTED for outcome in outcomes)
    assert outcomes[-1].retry_after_s == 3600
    assert row(recording_id).failure == str(fault)
    store.fault = None
    assert collect(recording_id, faulty).state is RecordingState.KEPT


def test_a_recording_whose_address_is_not_known_yet_is_waited_for(tools: RecordingTools, arrive: Arrive) -> None:
    outcome = collect(arrive(None), tools)
    assert (outcome.state, outcome.retry_after_s) == (RecordingState.EXPECTED, 2)


def test_an_unknown_recording_is_an_error(tools: RecordingTools) -> None:
    with pytest.raises(UnknownRecording):
        collect(uuid4(), tools)


def test_collecting_what_is_kept_does_nothing(provider: Provider, tools: RecordingTools, arrive: Arrive) -> None:
    recording_id = arrive(provider.serve(MEDIA, sounds.wav()))
    collect(recording_id, tools)
    seen = len(provider.seen)
    assert collect(recording_id, tools).state is RecordingState.KEPT
    assert len(provider.seen) == seen


def test_no_transaction_is_open_while_the_provider_is_slow(
    provider: Provider, tools: RecordingTools, arrive: Arrive
) -> None:
    recording_id = arrive(provider.serve(MEDIA, Answer(body=sounds.wav(), pause_s=0.5)))
    with ThreadPoolExecutor(1) as pool:
        collecting = pool.submit(collect, recording_id, tools)
        while not provider.seen:
            pass
        with tools.db.begin() as session:
            # Would wait for the row's lock if collecting held it, and time out.
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
            session.get_one(Recording, recording_id, with_for_update=True)
        assert collecting.result().state is RecordingState.KEPT


def test_two_workers_on_one_recording_do_no_harm(
    provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row
) -> None:
    recording_id = arrive(provider.serve(MEDIA, sounds.wav()))
    together = _meeting(tools, 4)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: collect(recording_id, together), range(4)))
    assert {outcome.state for outcome in outcomes} == {RecordingState.KEPT}
    assert list(tools.store.keys()) == [row(recording_id).store_key]
    assert original_bytes(row(recording_id), tools.store, tools.keys) == sounds.wav()


def test_two_workers_who_got_different_bytes_leave_one_recording(
    provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row
) -> None:
    recording_id = arrive(provider.serve(MEDIA, sounds.wav(1.0), sounds.wav(1.5)))
    together = _meeting(tools, 2)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: collect(recording_id, together), range(2)))
    kept = row(recording_id)
    assert list(tools.store.keys()) == [kept.store_key]
    assert content_key(original_bytes(kept, tools.store, tools.keys)) == kept.sha256


def test_a_worker_that_fails_late_does_not_undo_what_another_kept(
    provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row
) -> None:
    recording_id = arrive(provider.serve(MEDIA, sounds.wav(), Answer(404, pause_s=0.5)))
    together = _meeting(tools, 2)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: collect(recording_id, together), range(2)))
    assert {outcome.state for outcome in outcomes} == {RecordingState.KEPT}
    assert row(recording_id).failure is None


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_any_point_loses_nothing(
    point: str, provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row, store: LocalStore
) -> None:
    recording_id = arrive(provider.serve(MEDIA, sounds.wav()))
    keys, hash_key = generate_key_text(), secrets.token_hex(32)
    arguments = [point, str(recording_id), tools.db.url, str(store.root), keys, hash_key, provider.url]
    command = [sys.executable, "-m", "tests.integration.recordings.killed", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr

    again = replace(tools, keys=KeyRing.parse(keys, bytes.fromhex(hash_key)))
    assert collect(recording_id, again).state is RecordingState.KEPT
    kept = row(recording_id)
    assert list(store.keys()) == [content_key(sounds.wav())] == [kept.sha256]
    assert original_bytes(kept, store, again.keys) == sounds.wav()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_database_that_goes_away_while_storing_loses_nothing(
    moment: str, provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row, store: LocalStore
) -> None:
    def cut_all_connections() -> None:
        with psycopg.connect(tools.db.url) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    class Cutting(MemoryStore):
        def put(self, key: str, data: bytes) -> None:
            if moment == "before":
                cut_all_connections()
                raise StoreFull
            store.put(key, data)
            cut_all_connections()

    recording_id = arrive(provider.serve(MEDIA, sounds.wav()))
    with suppress(DatabaseAway):
        collect(recording_id, replace(tools, store=Cutting()))
    assert collect(recording_id, tools).state is RecordingState.KEPT
    assert original_bytes(row(recording_id), store, tools.keys) == sounds.wav()


class _Meeting:
    """A fetcher that waits until all workers have asked, so that they really work at once."""

    def __init__(self, tools: RecordingTools, workers: int) -> None:
        self._fetcher = tools.fetcher
        self._barrier = Barrier(workers, timeout=20)

    def fetch(self, url: str) -> bytes:
        self._barrier.wait()
        return self._fetcher.fetch(url)


def _meeting(tools: RecordingTools, workers: int) -> RecordingTools:
    return replace(tools, fetcher=_Meeting(tools, workers))
