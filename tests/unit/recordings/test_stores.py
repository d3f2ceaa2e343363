from __future__ import annotations

from pathlib import Path

import pytest

from recordings.adapters.local_store import LocalStore
from recordings.adapters.s3_store import S3Store
from recordings.adapters.stores import BadStoreUrl, store_from_url


def test_a_file_url_is_a_directory_even_with_spaces_and_diacritics() -> None:
    store = store_from_url("file:///srv/b%E1%BA%A3n%20ghi")
    assert isinstance(store, LocalStore)
    assert store.root == Path("/srv/bản ghi")


def test_an_s3_url_names_bucket_prefix_endpoint_and_region() -> None:
    store = store_from_url("s3://ghi-am/2026/sgn?endpoint=http://127.0.0.1:9000&region=vn-1")
    assert isinstance(store, S3Store)
    assert repr(store) == "S3Store('ghi-am', '2026/sgn/')"


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("", "file:///"),
        ("/srv/recordings", "file:///"),
        ("ftp://host/dir", "s3://"),
        ("file://srv/recordings", "ba dấu gạch chéo"),
        ("file:///", "ba dấu gạch chéo"),
        ("s3://", "tên bucket"),
        ("s3://key:secret@bucket", "AWS_ACCESS_KEY_ID"),
        ("s3://bucket?endpoint=127.0.0.1:9000", "endpoint"),
        ("s3://bucket?end_point=http://x", "end_point"),
    ],
)
def test_a_wrong_store_url_says_what_to_mend(url: str, hint: str) -> None:
    with pytest.raises(BadStoreUrl, match=hint):
        store_from_url(url)
