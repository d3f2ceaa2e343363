from __future__ import annotations

import pytest

from config.directory.lines import Line
from config.directory.lines_file import read_lines
from config.directory.prompts import PromptBook, read_prompts
from config.directory.store import DATA
from ivr.book import call_book


@pytest.fixture(scope="session")
def lines() -> dict[str, Line]:
    return {line.slug: line for line in read_lines(DATA / "lines.toml")}


@pytest.fixture(scope="session")
def book(lines: dict[str, Line]) -> PromptBook:
    return call_book(read_prompts(DATA / "prompts.toml"), lines.values())
