"""Whoever asks for English reads English: every text of the desk has its translation."""

from __future__ import annotations

import re
import unicodedata

import pytest

from tests.translations import compiled, said, translations

PLACES = re.compile(r"%\((\w+)\)")


def test_every_text_of_the_pages_is_translated_and_nothing_else_is() -> None:
    assert said() == set(translations()), "run `python -m tests.translations` and write what is missing"


def test_no_translation_is_empty() -> None:
    assert [text for text, english in translations().items() if not english] == []


def test_what_the_application_reads_is_what_was_written() -> None:
    assert compiled() == translations(), "run `python -m tests.translations`"


@pytest.mark.parametrize(("text", "english"), sorted(translations().items()))
def test_a_translation_fills_in_the_same_values(text: str, english: str) -> None:
    assert set(PLACES.findall(text)) == set(PLACES.findall(english))
    assert unicodedata.is_normalized("NFC", english)
