"""The figures of the development complaints, found in all three forms of their text."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from transcription.rules.dates import find_dates
from transcription.rules.dossiers import find_dossiers
from transcription.rules.money import find_amounts
from transcription.rules.phones import find_phones
from transcription.rules.text import words_of

COMPLAINTS = Path(__file__).parents[4] / "shared" / "eval" / "complaints_dev.jsonl"
SATURDAY = date(2026, 11, 21)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not COMPLAINTS.is_file(), reason=f"development complaints not found at {COMPLAINTS}"),
]


def _complaints() -> Iterator[dict[str, Any]]:
    yield from map(json.loads, COMPLAINTS.read_text(encoding="utf-8").splitlines())


def _found(fact: str, words: list[str]) -> set[object]:
    if fact == "amount_vnd":
        return {amount.value for amount in find_amounts(words)}
    if fact == "phone":
        return {phone.digits for phone in find_phones(words)}
    if fact == "dossier":
        return {dossier.code for dossier in find_dossiers(words)}
    return {(match.value, match.precision) for match in find_dates(words, SATURDAY)}


def _expected(fact: str, label: Any) -> object:
    if fact != "event_date_text":
        return label
    [match, *_] = find_dates(words_of(label), SATURDAY)
    return (match.value, match.precision)


@pytest.mark.parametrize(
    ("fact", "text", "aim"),
    [
        ("amount_vnd", "text_clean", 0.95),
        ("amount_vnd", "text_asr", 0.95),
        ("amount_vnd", "text_asr_noisy", 0.7),
        ("phone", "text_clean", 0.95),
        ("phone", "text_asr", 0.95),
        ("phone", "text_asr_noisy", 0.9),
        ("dossier", "text_clean", 0.95),
        ("dossier", "text_asr", 0.95),
        ("dossier", "text_asr_noisy", 0.6),
        ("event_date_text", "text_clean", 0.95),
        ("event_date_text", "text_asr", 0.95),
        ("event_date_text", "text_asr_noisy", 0.8),
    ],
)
def test_the_figures_of_a_complaint_are_found(fact: str, text: str, aim: float) -> None:
    labelled = [complaint for complaint in _complaints() if complaint["facts"][fact]]
    hits = [_expected(fact, item["facts"][fact]) in _found(fact, words_of(item[text])) for item in labelled]
    assert sum(hits) / len(hits) >= aim


@pytest.mark.parametrize("text", ["text_clean", "text_asr", "text_asr_noisy"])
def test_complaints_without_a_phone_or_dossier_are_given_none(text: str) -> None:
    for complaint in _complaints():
        words = words_of(complaint[text])
        if not complaint["facts"]["phone"]:
            assert find_phones(words) == [], complaint["id"]
        if not complaint["facts"]["dossier"]:
            assert find_dossiers(words) == [], complaint["id"]
