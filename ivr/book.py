"""The prompt book of the calls: the shipped texts, the lines' own words, and how a case stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from casebook.rules.states import SPOKEN
from config.directory.lines import Line
from config.directory.prompts import PromptBook, prompt_book
from ivr.rules.speaking import DIGITS


def call_book(texts: Mapping[str, str], lines: Iterable[Line]) -> PromptBook:
    """Make the book of everything that a caller of `lines` can hear; `texts` as `read_prompts` gives them.

    Raises DirectoryError where a line asks a question that has no words.
    """
    statuses = {f"status_{status.value}": f"Phản ánh của Quý vị {words}." for status, words in SPOKEN.items()}
    digits = {f"digit-{number}": word for number, word in enumerate(DIGITS)}
    return prompt_book({**statuses, **digits, **texts}, lines)
