"""Finds the store that a URL in the settings names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from config.errors import SettingsError
from config.told import Told
from recordings.adapters.local_store import LocalStore
from recordings.adapters.s3_store import S3Store
from recordings.ports import Store

_S3_OPTIONS = frozenset({"endpoint", "region"})


class BadStoreUrl(SettingsError):
    """HOTLINE_STORAGE_URL phải là `file:///thư/mục` hoặc `s3://bucket/prefix?endpoint=https://…&region=…`."""


def store_from_url(url: str) -> Store:
    """Give the store at `url`, without touching it yet; raises BadStoreUrl with what to mend."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return _local(parts)
    if parts.scheme == "s3":
        return _s3(parts)
    raise BadStoreUrl


def _local(parts: SplitResult) -> LocalStore:
    """Read `file:///directory`."""
    if parts.netloc not in ("", "localhost") or len(parts.path) < 2:
        raise BadStoreUrl("Kho trên máy cần đường dẫn tuyệt đối với ba dấu gạch chéo: `file:///thư/mục`.")
    return LocalStore(Path(unquote(parts.path)))


def _s3(parts: SplitResult) -> S3Store:
    """Read `s3://bucket/prefix?endpoint=…&region=…`."""
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    unknown = options.keys() - _S3_OPTIONS
    if unknown:
        text = "Kho S3 không có tùy chọn %(unknown)s; chỉ có endpoint và region."
        raise BadStoreUrl(Told(text, unknown=", ".join(sorted(unknown))))
    if not parts.netloc or "@" in parts.netloc:
        raise BadStoreUrl("Kho S3 cần tên bucket: `s3://bucket`; khóa truy cập đặt trong AWS_ACCESS_KEY_ID.")
    endpoint = options.get("endpoint")
    if endpoint and urlsplit(endpoint).scheme not in ("http", "https"):
        raise BadStoreUrl("`endpoint` của kho S3 phải bắt đầu bằng http:// hoặc https://.")
    return S3Store(unquote(parts.netloc), unquote(parts.path), endpoint=endpoint, region=options.get("region"))
