"""What every store of recordings must do, whether a directory, a bucket or memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from recordings.adapters.memory_store import MemoryStore
from recordings.adapters.stores import store_from_url
from recordings.ports import NotInStore, Store
from recordings.rules.keys import content_key

KEY = content_key(b"xin chao")


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "test")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "test")
        server.start()
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="ghi-am")
        yield endpoint
        server.stop()


@pytest.fixture(params=["local", "s3", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "memory":
        return MemoryStore()
    if request.param == "local":
        return store_from_url((tmp_path / "kho").as_uri())
    endpoint = request.getfixturevalue("s3_endpoint")
    return store_from_url(f"s3://ghi-am/{uuid4()}?endpoint={endpoint}")


@pytest.mark.parametrize("data", [b"", b"a", bytes(range(256)) * 8192])
def test_what_is_put_is_given_back_whole(store: Store, data: bytes) -> None:
    store.put(KEY, data)
    assert store.get(KEY) == data
    assert store.exists(KEY)


def test_putting_twice_is_as_good_as_once_and_the_later_wins(store: Store) -> None:
    store.put(KEY, b"sealed one way")
    store.put(KEY, b"sealed another way")
    assert store.get(KEY) == b"sealed another way"
    assert list(store.keys()) == [KEY]


def test_what_was_never_put_is_not_there(store: Store) -> None:
    store.put(KEY, b"")
    other = content_key(b"other")
    assert not store.exists(other)
    with pytest.raises(NotInStore, match=other):
        store.get(other)


def test_what_is_deleted_is_gone_and_deleting_again_is_no_error(store: Store) -> None:
    store.put(KEY, b"a")
    store.delete(KEY)
    store.delete(KEY)
    assert not store.exists(KEY)
    with pytest.raises(NotInStore):
        store.get(KEY)


def test_deleting_one_leaves_its_neighbours(store: Store) -> None:
    neighbour = KEY[:8] + content_key(b"other")[8:]
    store.put(KEY, b"a")
    store.put(neighbour, b"b")
    store.delete(KEY)
    assert store.get(neighbour) == b"b"


def test_all_keys_are_listed(store: Store) -> None:
    keys = {content_key(bytes([n])) for n in range(20)}
    for key in keys:
        store.put(key, b"x")
    assert sorted(store.keys()) == sorted(keys)


def test_a_healthy_store_passes_its_check_and_is_left_as_it_was(store: Store) -> None:
    store.put(KEY, b"a")
    store.check()
    assert list(store.keys()) == [KEY]


@pytest.mark.parametrize("key", ["../outside", "a/b/c/d", "", ".parts"])
def test_a_key_cannot_lead_out_of_the_store(store: Store, key: str) -> None:
    for use in (store.get, store.exists, store.delete):
        with pytest.raises(ValueError, match="not a store key"):
            use(key)
    with pytest.raises(ValueError, match="not a store key"):
        store.put(key, b"a")


def test_a_reader_never_sees_half_of_what_another_is_writing(store: Store) -> None:
    one, other = b"1" * 300_000, b"2" * 300_000
    store.put(KEY, one)
    done = threading.Event()

    def write() -> None:
        for number in range(20):
            store.put(KEY, other if number % 2 else one)
        done.set()

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write), pool.submit(write)]
        while not done.is_set():
            assert store.get(KEY) in (one, other)
        for writer in writers:
            writer.result()
