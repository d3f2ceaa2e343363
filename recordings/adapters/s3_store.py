"""Keeps sealed recordings in a bucket of any S3-compatible store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from config.errors import HotlineError
from config.told import Told
from recordings.ports import NotInStore, StoreFull, StoreReadOnly, StoreUnavailable
from recordings.rules.keys import checked_key

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})

# S3's error codes and those of its common imitations. Sources: Amazon S3 API reference, "Error responses";
# MinIO, "cmd/api-errors.go"; Ceph RGW, "S3 error codes".
_WRITE_ERRORS: dict[str, tuple[type[HotlineError], str]] = {
    "XMinioStorageFull": (StoreFull, "đã đầy"),
    "XMinioAdminBucketQuotaExceeded": (StoreFull, "đã hết hạn mức"),
    "QuotaExceeded": (StoreFull, "đã hết hạn mức"),
    "InsufficientStorage": (StoreFull, "đã đầy"),
    "507": (StoreFull, "đã đầy"),
    "AccessDenied": (StoreReadOnly, "từ chối quyền ghi"),
    "MethodNotAllowed": (StoreReadOnly, "chỉ cho đọc"),
    "403": (StoreReadOnly, "từ chối quyền ghi"),
}


class S3Store:
    """A `Store` in a bucket; credentials come from the usual AWS_* variables or files. Writes are atomic."""

    def __init__(
        self, bucket: str, prefix: str = "", *, endpoint: str | None = None, region: str | None = None
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client: S3Client = boto3.session.Session().client(
            "s3", endpoint_url=endpoint, region_name=region or "us-east-1", config=_config(own=endpoint is not None)
        )

    def __repr__(self) -> str:
        return f"S3Store({self._bucket!r}, {self._prefix!r})"

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` under `key`."""
        name = self._name(key)
        with self._translated(key):
            self._client.put_object(Bucket=self._bucket, Key=name, Body=data)

    def get(self, key: str) -> bytes:
        """Give what was put under `key`."""
        name = self._name(key)
        with self._translated(key):
            return self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()

    def exists(self, key: str) -> bool:
        """Whether something is kept under `key`."""
        name = self._name(key)
        try:
            with self._translated(key):
                self._client.head_object(Bucket=self._bucket, Key=name)
        except NotInStore:
            return False
        return True

    def delete(self, key: str) -> None:
        """Forget `key`."""
        name = self._name(key)
        with self._translated(key):
            self._client.delete_object(Bucket=self._bucket, Key=name)

    def keys(self) -> Iterator[str]:
        """Go through all keys."""
        with self._translated(""):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for item in page.get("Contents", []):
                    yield item["Key"].removeprefix(self._prefix)

    def check(self) -> None:
        """Write, read and delete a probe; S3 has no half-written objects to clear away."""
        probe = f"probe-{uuid4().hex}"
        self.put(probe, probe.encode())
        if self.get(probe) != probe.encode():
            raise StoreUnavailable(Told("Kho S3 %(bucket)s đọc ra khác với dữ liệu đã ghi.", bucket=self._bucket))
        self.delete(probe)

    def _name(self, key: str) -> str:
        return self._prefix + checked_key(key)

    @contextmanager
    def _translated(self, key: str) -> Iterator[None]:
        """Turn boto's errors into the store's."""
        try:
            yield
        except ClientError as error:
            raise self._meaning(error.response["Error"].get("Code", ""), key) from error
        except BotoCoreError as error:
            text = "Không kết nối được với kho S3 %(bucket)s: %(error)s"
            raise StoreUnavailable(Told(text, bucket=self._bucket, error=str(error))) from error

    def _meaning(self, code: str, key: str) -> HotlineError:
        """Give the store's error for S3's code."""
        if code in _MISSING:
            return NotInStore(f"Kho không có bản ghi {key}.")
        if code == "NoSuchBucket":
            return StoreUnavailable(
                f"Kho S3 không có bucket {self._bucket}: hãy tạo bucket hoặc sửa HOTLINE_STORAGE_URL."
            )
        kind, words = _WRITE_ERRORS.get(code, (StoreUnavailable, f"báo lỗi {code}"))
        return kind(f"Kho S3 {self._bucket} {words}.")


def _config(*, own: bool) -> Config:
    """Give boto patience for a slow store, and what imitations of S3 understand where it is not Amazon's."""
    return Config(
        connect_timeout=5,
        read_timeout=60,
        retries={"mode": "standard", "total_max_attempts": 3},
        s3={"addressing_style": "path" if own else "auto"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
