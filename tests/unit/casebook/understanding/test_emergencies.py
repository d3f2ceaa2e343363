"""Invented emergencies and calls that only sound like one: none may be missed, few may ring for nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casebook.rules.understanding import UnderstandingRules, heard_text
from casebook.rules.understanding.flags import emergency
from casebook.rules.understanding.tokens import tokenize

from .conftest import CALLED_AT, Understood

DATA = Path(__file__).parents[3] / "bench" / "data"
CALLS = [json.loads(line) for line in (DATA / "own_emergencies.jsonl").read_text(encoding="utf-8").splitlines()]
HELD_BACK = [
    json.loads(line)
    for name in ("life_heldback2.jsonl", "life_heldback3.jsonl")
    for line in (DATA / name).read_text(encoding="utf-8").splitlines()
]
EMERGENCIES = [call["text"] for call in CALLS if call["emergency"]]
OTHERS = [call["text"] for call in CALLS if not call["emergency"]]


@pytest.mark.parametrize("story", EMERGENCIES)
def test_no_emergency_is_missed(understood: Understood, story: str) -> None:
    assert understood(story).flags.emergency.value


def test_at_most_three_in_a_hundred_other_calls_ring_the_alarm(understood: Understood) -> None:
    ringing = [story for story in OTHERS if understood(story).flags.emergency.value]
    assert len(ringing) <= 0.03 * len(OTHERS), ringing


def test_of_calls_never_learned_from_most_dangers_ring_and_hardly_any_other(rules: UnderstandingRules) -> None:
    """Their authors did not know the detector; half of these dangers are told without being named."""

    def rings(story: str) -> bool:
        tokens = tokenize(heard_text("chat_luong", CALLED_AT, story=story).answers)
        found = rules.evidence.find(tokens)
        return bool(emergency(found, [token.text for token in tokens], lambda _: (), rules.danger).value)

    dangers = [rings(call["text"]) for call in HELD_BACK if call["emergency"]]
    others = [rings(call["text"]) for call in HELD_BACK if not call["emergency"]]
    assert sum(dangers) >= 0.9 * len(dangers)
    assert sum(others) <= 0.05 * len(others)  # most of them are near-misses; complaints ring less
