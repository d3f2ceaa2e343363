"""What scripts say stands in the page, where it is looked up in the page's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.translations import SOURCES, is_vietnamese

SCRIPTS = sorted((SOURCES / "static" / "desk").glob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_holds_no_vietnamese(script: Path) -> None:
    assert [line for line in script.read_text().splitlines() if is_vietnamese("".join(_words(line)))] == []


def _words(line: str) -> list[str]:
    # `×` and arrows are signs, not words.
    return [letter for letter in line if letter.isalpha()]
