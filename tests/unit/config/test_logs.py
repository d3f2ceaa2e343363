"""No telephone number reaches a log."""

from __future__ import annotations

import pytest

from config.logs import scrub


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("call from +84912345678 ended", "call from [số] ended"),
        ("gọi 0912 345 678 nhé", "gọi [số] nhé"),
        ("gọi 0912.345.678", "gọi [số]"),
        ("gọi 098.940.11.55", "gọi [số]"),
        ("listens on 127.0.0.1:8025", "listens on 127.0.0.1:8025"),
        ("case 12 took 350 ms", "case 12 took 350 ms"),
        ("2026-11-21 09:30:00 start", "2026-11-21 09:30:00 start"),
        ("recording 0b9f4a9e-1111-4222-8333-123456789012 kept", "recording 0b9f4a9e-1111-4222-8333-123456789012 kept"),
    ],
)
def test_numbers_are_blanked(text: str, written: str) -> None:
    assert scrub(text) == written
