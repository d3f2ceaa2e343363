from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from config.crypto import KeyRing, Tampered, UnknownKey, generate_key_text, sealing_key
from recordings.adapters.local_store import LocalStore
from recordings.adapters.memory_store import MemoryStore
from recordings.adapters.provider_media import TwilioMedia
from recordings.models import Recording, RecordingState
from recordings.ports import NotInStore, NotThereYet, StoreUnavailable
from recordings.service import (
    CopyLost,
    NotKept,
    NotProven,
    OnLegalHold,
    RecordingTools,
    apply_retention,
    collect,
    delete,
    delete_provider_copy,
    hold,
    original_bytes,
    prove,
    retain,
    rotate,
)
from tests.integration.recordings import sounds
from tests.integration.recordings.conftest import Arrive
from tests.integration.recordings.provider import PASSWORD, USER, Answer, Provider

Row = Callable[[UUID], Recording]
Keep = Callable[..., UUID]


@pytest.fixture
def keep(provider: Provider, tools: RecordingTools, arrive: Arrive) -> Keep:
    """Have a recording kept; gives its id."""

    def kept(sid: str = "RE1", data: bytes | None = None, days: int | None = None) -> UUID:
        recording_id = arrive(provider.serve(f"/{sid}", data or sounds.wav()), sid)
        assert collect(recording_id, tools).state is RecordingState.KEPT
        if days is not None:
            with tools.db.begin() as session:
                retain(session, recording_id, tools.clock() + timedelta(days=days))
        return recording_id

    return kept


def later(tools: RecordingTools, days: int) -> RecordingTools:
    moment = tools.clock() + timedelta(days=days)
    return replace(tools, clock=lambda: moment)


def media(provider: Provider) -> TwilioMedia:
    return TwilioMedia(provider.url, USER, PASSWORD)


def flipped(sealed: bytes) -> bytes:
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


def copy_at(sid: str) -> str:
    return f"/2010-04-01/Accounts/{USER}/Recordings/{sid}.json"


def test_a_recording_that_reads_back_is_proven(tools: RecordingTools, keep: Keep, row: Row) -> None:
    recording_id = keep()
    assert prove(recording_id, tools) == tools.clock()
    assert row(recording_id).proven_at == tools.clock()


@pytest.mark.parametrize("harm", ["lost", "changed", "swapped"])
def test_a_copy_that_is_lost_or_broken_is_fetched_again(harm: str, tools: RecordingTools, keep: Keep, row: Row) -> None:
    recording_id = keep()
    key = row(recording_id).store_key or ""
    if harm == "lost":
        tools.store.delete(key)
    elif harm == "changed":
        tools.store.put(key, flipped(tools.store.get(key)))
    else:
        tools.store.put(key, tools.keys.seal(b"another", f"recording:{key}"))
    with pytest.raises(CopyLost):
        prove(recording_id, tools)
    assert row(recording_id).state is RecordingState.EXPECTED
    assert collect(recording_id, tools).state is RecordingState.KEPT
    prove(recording_id, tools)


def test_a_broken_copy_that_is_the_only_one_is_a_plain_error(
    provider: Provider, tools: RecordingTools, keep: Keep, row: Row
) -> None:
    recording_id = keep()
    prove(recording_id, tools)
    provider.serve(copy_at("RE1"), Answer(204))
    delete_provider_copy(recording_id, media(provider), tools)
    tools.store.delete(row(recording_id).store_key or "")
    with pytest.raises(NotInStore):
        prove(recording_id, tools)
    assert row(recording_id).state is RecordingState.KEPT


def test_a_lost_key_is_named_and_changes_nothing(tools: RecordingTools, keep: Keep, row: Row) -> None:
    recording_id = keep()
    other = replace(tools, keys=KeyRing.parse(generate_key_text("other"), secrets.token_bytes(32)))
    with pytest.raises(UnknownKey, match="'k1'"):
        prove(recording_id, other)
    assert row(recording_id).state is RecordingState.KEPT


def test_the_provider_s_copy_goes_only_after_ours_is_proven(
    provider: Provider, tools: RecordingTools, keep: Keep, row: Row
) -> None:
    recording_id = keep()
    provider.serve(copy_at("RE1"), Answer(503), Answer(204))
    with pytest.raises(NotProven):
        delete_provider_copy(recording_id, media(provider), tools)
    prove(recording_id, tools)
    with pytest.raises(NotThereYet):
        delete_provider_copy(recording_id, media(provider), tools)
    assert row(recording_id).provider_deleted_at is None
    assert delete_provider_copy(recording_id, media(provider), tools)
    assert row(recording_id).provider_deleted_at == tools.clock()
    assert not delete_provider_copy(recording_id, media(provider), tools)


def test_retention_deletes_what_is_over_and_tells_the_case(tools: RecordingTools, keep: Keep, row: Row) -> None:
    over, young, endless = keep("RE1", sounds.wav(1.0), 30), keep("RE2", sounds.wav(1.1), 90), keep("RE3")
    told: list[UUID] = []

    def tell(_: Session, recording: Recording) -> None:
        told.append(recording.id)

    assert apply_retention(tools, tell) == []
    assert apply_retention(later(tools, 31), tell) == [over] == told
    assert apply_retention(later(tools, 31), tell) == []
    gone = row(over)
    assert (gone.state, gone.store_key, gone.waveform) == (RecordingState.DELETED, None, None)
    assert gone.deleted_at == tools.clock() + timedelta(days=31)
    assert gone.deleted_why == "Hết thời hạn lưu giữ."
    with pytest.raises(NotKept):
        original_bytes(gone, tools.store, tools.keys)
    for kept in (young, endless):
        assert original_bytes(row(kept), tools.store, tools.keys)


def test_a_legal_hold_keeps_a_recording_until_it_is_lifted(tools: RecordingTools, keep: Keep, row: Row) -> None:
    recording_id = keep(days=30)
    with tools.db.begin() as session:
        hold(session, recording_id, legal_hold=True)
    assert apply_retention(later(tools, 365)) == []
    with pytest.raises(OnLegalHold):
        delete(recording_id, "Theo yêu cầu của người gọi.", tools)
    assert original_bytes(row(recording_id), tools.store, tools.keys) == sounds.wav()
    with tools.db.begin() as session:
        hold(session, recording_id, legal_hold=False)
    assert apply_retention(later(tools, 365)) == [recording_id]


def test_deleting_one_of_two_equal_recordings_leaves_the_other(tools: RecordingTools, keep: Keep, row: Row) -> None:
    one, twin = keep("RE1"), keep("RE2")
    assert row(one).store_key == row(twin).store_key
    assert delete(one, "Trùng.", tools)
    assert original_bytes(row(twin), tools.store, tools.keys) == sounds.wav()
    assert delete(twin, "Trùng.", tools)
    assert list(tools.store.keys()) == []


def test_deleting_one_while_its_twin_arrives_never_loses_the_twin(
    provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row
) -> None:
    url = provider.serve("/same", sounds.wav(0.2))
    before = arrive(url, "RE0")
    collect(before, tools)
    with ThreadPoolExecutor(2) as pool:
        for number in range(1, 16):
            twin = arrive(url, f"RE{number}")
            collecting = pool.submit(collect, twin, tools)
            deleting = pool.submit(delete, before, "Thử.", tools)
            assert collecting.result().state is RecordingState.KEPT
            assert deleting.result()
            assert original_bytes(row(twin), tools.store, tools.keys) == sounds.wav(0.2)
            before = twin


def test_deleting_twice_is_told_once(tools: RecordingTools, keep: Keep) -> None:
    recording_id = keep()
    told: list[UUID] = []

    def tell(_: Session, recording: Recording) -> None:
        told.append(recording.id)

    assert delete(recording_id, "Theo yêu cầu.", tools, tell)
    assert not delete(recording_id, "Theo yêu cầu.", tools, tell)
    assert told == [recording_id]


def test_a_deletion_that_cannot_be_told_does_not_happen(tools: RecordingTools, keep: Keep, row: Row) -> None:
    recording_id = keep()

    def fail(_: Session, __: Recording) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        delete(recording_id, "Thử.", tools, fail)
    assert original_bytes(row(recording_id), tools.store, tools.keys) == sounds.wav()


def test_a_deletion_cut_off_in_the_middle_is_finished_by_the_next_run(
    tools: RecordingTools, keep: Keep, row: Row
) -> None:
    class Cut(MemoryStore):
        def delete(self, key: str) -> None:
            raise StoreUnavailable

    recording_id = keep(days=30)
    with pytest.raises(StoreUnavailable):
        apply_retention(replace(later(tools, 31), store=Cut()))
    assert row(recording_id).state is RecordingState.DELETED
    assert len(list(tools.store.keys())) == 1
    assert apply_retention(later(tools, 31)) == []
    assert list(tools.store.keys()) == []
    assert row(recording_id).store_key is None


def test_a_recording_deleted_while_it_was_collected_is_not_kept(
    provider: Provider, tools: RecordingTools, arrive: Arrive, row: Row
) -> None:
    recording_id = arrive(provider.serve("/RE1", sounds.wav()))

    class Slow:
        def fetch(self, url: str) -> bytes:
            delete(recording_id, "Theo yêu cầu.", tools)
            return tools.fetcher.fetch(url)

    assert collect(recording_id, replace(tools, fetcher=Slow())).state is RecordingState.DELETED
    assert list(tools.store.keys()) == []
    assert row(recording_id).state is RecordingState.DELETED


def test_after_our_copy_is_deleted_the_provider_s_may_go_too(
    provider: Provider, tools: RecordingTools, keep: Keep
) -> None:
    recording_id = keep()
    delete(recording_id, "Theo yêu cầu.", tools)
    provider.serve(copy_at("RE1"), Answer(204))
    assert delete_provider_copy(recording_id, media(provider), tools)


def test_rotation_seals_under_the_new_key_and_the_old_may_then_be_lost(
    tools: RecordingTools, keep: Keep, row: Row
) -> None:
    old, new = generate_key_text("k1"), generate_key_text("k2")
    hash_key = secrets.token_bytes(32)
    before = replace(tools, keys=KeyRing.parse(old, hash_key))
    both = replace(tools, keys=KeyRing.parse(f"{new},{old}", hash_key))
    after = KeyRing.parse(new, hash_key)
    recording_id = keep()
    key = row(recording_id).store_key or ""
    tools.store.put(key, before.keys.seal(sounds.wav(), f"recording:{key}"))

    assert rotate(recording_id, both)
    assert not rotate(recording_id, both)
    assert sealing_key(tools.store.get(key)) == "k2"
    assert original_bytes(row(recording_id), tools.store, after) == sounds.wav()


def test_rotation_does_not_bring_back_what_was_deleted(tools: RecordingTools, keep: Keep) -> None:
    recording_id = keep()
    delete(recording_id, "Theo yêu cầu.", tools)
    assert not rotate(recording_id, tools)
    assert list(tools.store.keys()) == []


def test_rotation_leaves_broken_bytes_as_evidence(
    tools: RecordingTools, keep: Keep, row: Row, store: LocalStore
) -> None:
    recording_id = keep()
    key = row(recording_id).store_key or ""
    broken = flipped(store.get(key))
    store.put(key, broken)
    newer = KeyRing.parse(generate_key_text("k2"), secrets.token_bytes(32))
    with pytest.raises((Tampered, UnknownKey)):
        rotate(recording_id, replace(tools, keys=newer))
    assert store.get(key) == broken
