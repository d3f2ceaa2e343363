"""Whoever asks for English reads English: every text of the desk has its translation."""

from __future__ import annotations

import ast
import re
import unicodedata

import pytest

from tests.translations import ROOT, WORDED, compiled, put_together, said, translations

PLACES = re.compile(r"%\((\w+)\)")


def test_every_text_of_the_pages_is_translated_and_nothing_else_is() -> None:
    assert said() == set(translations()), "run `python -m tests.translations` and write what is missing"


def test_no_translation_is_empty() -> None:
    assert [text for text, english in translations().items() if not english] == []


def test_what_the_application_reads_is_what_was_written() -> None:
    assert compiled() == translations(), "run `python -m tests.translations`"


def test_what_is_worded_below_the_pages_remembers_its_values_for_another_language() -> None:
    worded = {path for pattern in WORDED for path in ROOT.glob(pattern)}
    found = {path: [*put_together(ast.parse(path.read_text()))] for path in worded}
    assert {path: lines for path, lines in found.items() if lines} == {}, "say `Told(text, name=value)`"


def test_a_text_that_is_put_together_at_once_is_found() -> None:
    code = 'raise Away(f"Lỗi {code}")\nwell(f"Ổn: {why}")\nraise Away(f"at {url}")\nlog.info(f"Lỗi {code}")'
    assert list(put_together(ast.parse(code))) == [1, 2]


@pytest.mark.parametrize(("text", "english"), sorted(translations().items()))
def test_a_translation_fills_in_the_same_values(text: str, english: str) -> None:
    assert set(PLACES.findall(text)) == set(PLACES.findall(english))
    assert unicodedata.is_normalized("NFC", english)
