"""The names under which recordings are stored."""

from __future__ import annotations

import hashlib
import re

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{3,199}")


def content_key(data: bytes) -> str:
    """Give the store key of `data`: its SHA-256 in hex, so that equal recordings meet in one place."""
    return hashlib.sha256(data).hexdigest()


def sealing_context(sha256: str) -> str:
    """Give the context that a recording's sealed bytes are bound to."""
    return f"recording:{sha256}"


def checked_key(key: str) -> str:
    """Give `key` back if it is safe as a file name and in a URL, else raise ValueError."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a store key: {key!r}")
    return key
