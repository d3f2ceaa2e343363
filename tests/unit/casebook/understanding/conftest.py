"""The shipped rules and directory, and a call in one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casebook.learning import LinearCategories
from casebook.rules.understanding import Directory, Suggestion, UnderstandingRules, heard_text, understand
from casebook.understanding_files import LEARNED_FILE, UNDERSTANDING_DATA, load_understanding
from config.directory.units import read_units

UNITS = Path(__file__).parents[4] / "config" / "data" / "units.csv"
CALLED_AT = datetime(2026, 1, 21, 3, tzinfo=UTC)

Understood = Callable[..., Suggestion]


@pytest.fixture(scope="session")
def rules() -> UnderstandingRules:
    learned = LinearCategories.read(UNDERSTANDING_DATA / LEARNED_FILE)
    return load_understanding(own_numbers=["0967771010"], learned=learned)


@pytest.fixture(scope="session")
def directory(rules: UnderstandingRules) -> Directory:
    return Directory.build(read_units(UNITS), rules)


@pytest.fixture(scope="session")
def understood(rules: UnderstandingRules, directory: Directory) -> Understood:
    """`understood("lời kể", line=…, facility=…)` gives the suggestion for a call heard so."""

    def see(story: str, line: str = "chat_luong", **answers: str) -> Suggestion:
        return understand(heard_text(line, CALLED_AT, story=story, **answers), directory, rules)

    return see
