"""Invented emergencies and calls that only sound like one: none may be missed, few may ring for nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Understood

INVENTED = Path(__file__).parents[3] / "bench" / "data" / "own_emergencies.jsonl"
CALLS = [json.loads(line) for line in INVENTED.read_text(encoding="utf-8").splitlines()]
EMERGENCIES = [call["text"] for call in CALLS if call["emergency"]]
OTHERS = [call["text"] for call in CALLS if not call["emergency"]]


@pytest.mark.parametrize("story", EMERGENCIES)
def test_no_emergency_is_missed(understood: Understood, story: str) -> None:
    assert understood(story).flags.emergency.value


def test_at_most_three_in_a_hundred_other_calls_ring_the_alarm(understood: Understood) -> None:
    ringing = [story for story in OTHERS if understood(story).flags.emergency.value]
    assert len(ringing) <= 0.03 * len(OTHERS), ringing
