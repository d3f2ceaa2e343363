"""The hash that links an event to the one before it, so that a changed or missing one shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

GENESIS = "0" * 64
"""What the first event of a chain has for the hash of the one before."""


def link(content: Sequence[Any]) -> str:
    """Give the SHA-256 of `content` (JSON values, the previous hash among them), in hexadecimal."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
