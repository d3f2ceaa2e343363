"""Invented, labelled calls shipped with the programme, from which the first model is learned."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from casebook.rules.understanding import Directory, UnderstandingRules, heard_text
from casebook.rules.understanding.understand import category_view

from .train import Example

FORMS = ("text_asr", "text_asr_noisy")
"""The forms of a labelled call that are learned from: as recognised, and with recognition errors."""

_ANY_TIME = datetime(2026, 1, 5, 3, tzinfo=UTC)


def read_examples(path: Path, directory: Directory, rules: UnderstandingRules) -> list[Example]:
    """The examples of a file of labelled calls, one JSON object a line, each in both forms."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(_examples((json.loads(line) for line in lines if line.strip()), directory, rules))


def _examples(calls: Iterable[dict[str, str]], directory: Directory, rules: UnderstandingRules) -> Iterator[Example]:
    for call in calls:
        for form in FORMS:
            heard = heard_text(call["line"], _ANY_TIME, story=call[form])
            yield Example(category_view(heard, directory, rules), call["category"], call["id"])
