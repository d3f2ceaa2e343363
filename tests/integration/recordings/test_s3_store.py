"""How the errors of S3 and its imitations are understood; what works is in the stores' contract."""

from __future__ import annotations

import socket

import pytest

from recordings.adapters.s3_store import S3Store
from recordings.ports import NotInStore, StoreFull, StoreReadOnly, StoreUnavailable
from recordings.rules.keys import content_key
from tests.integration.recordings.provider import Answer, Provider

KEY = content_key(b"a")


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


def refusing(provider: Provider, status: int, code: str) -> S3Store:
    page = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()
    provider.serve(f"/ghi-am/{KEY}", Answer(status, page, open_to_all=True))
    return S3Store("ghi-am", endpoint=provider.url)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (507, "XMinioStorageFull", StoreFull),
        (403, "QuotaExceeded", StoreFull),
        (403, "AccessDenied", StoreReadOnly),
        (405, "MethodNotAllowed", StoreReadOnly),
        (404, "NoSuchBucket", StoreUnavailable),
        (403, "InvalidAccessKeyId", StoreUnavailable),
        (403, "SignatureDoesNotMatch", StoreUnavailable),
    ],
)
def test_a_bucket_that_refuses_to_be_written_says_why(
    provider: Provider, status: int, code: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match="ghi-am"):
        refusing(provider, status, code).put(KEY, b"a")


def test_a_missing_recording_is_told_from_a_missing_bucket(provider: Provider) -> None:
    with pytest.raises(NotInStore):
        refusing(provider, 404, "NoSuchKey").get(KEY)
    with pytest.raises(StoreUnavailable, match="HOTLINE_STORAGE_URL"):
        refusing(provider, 404, "NoSuchBucket").get(KEY)


def test_a_store_that_is_down_is_out_of_reach() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        store = S3Store("ghi-am", endpoint=f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(StoreUnavailable, match="Không kết nối"):
            store.check()


def test_missing_credentials_are_named(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(StoreUnavailable, match="credentials"):
        S3Store("ghi-am", endpoint=provider.url).put(KEY, b"a")
