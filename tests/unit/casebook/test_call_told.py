"""How a call is told on the review page."""

from __future__ import annotations

import pytest

from casebook.rules.call_told import VERDICTS, LineQuality


@pytest.mark.parametrize(
    ("missing", "jitter_ms", "verdict"),
    [
        (0.0, 0.0, "good"),
        (0.01, 30.0, "good"),
        (0.02, 5.0, "fair"),
        (0.0, 45.0, "fair"),
        (0.05, 50.0, "fair"),
        (0.06, 0.0, "bad"),
        (0.0, 80.0, "bad"),
        (1.0, 0.0, "bad"),
    ],
)
def test_a_line_is_judged_by_what_was_lost_and_how_it_trembled(missing: float, jitter_ms: float, verdict: str) -> None:
    quality = LineQuality(missing, jitter_ms)
    assert quality.verdict == verdict
    assert quality.words == VERDICTS[quality.verdict]
