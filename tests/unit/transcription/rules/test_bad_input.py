"""What the rules must bear: nothing, one word, foreign words, markup, and twenty minutes of talk."""

import time
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.ports import Word
from transcription.rules.dates import find_dates
from transcription.rules.dossiers import find_dossiers
from transcription.rules.identifiers import find_identifiers
from transcription.rules.money import find_amounts
from transcription.rules.numbers import find_numbers
from transcription.rules.phones import find_phones
from transcription.rules.readable import readable
from transcription.rules.text import words_of
from transcription.rules.times import find_times
from transcription.rules.units import find_quantities

SATURDAY = date(2026, 11, 21)
TALK = (
    "dạ em tên trâm em nộp hồ sơ hồi đầu tháng mười một mã là hát hai chín chấm hai lăm chấm hai năm một một không ba "
    "chấm không một bốn bảy hôm thứ ba vừa rồi tám giờ rưỡi họ đòi hai triệu rưỡi số em không chín không tám ba một "
    "sáu bốn bảy hai ạ"
).split()


def _find_dates(words: Sequence[str]) -> Sequence[object]:
    return find_dates(words, SATURDAY)


FINDERS: list[Callable[[Sequence[str]], Sequence[object]]] = [
    find_numbers, find_amounts, _find_dates, find_times, find_phones, find_dossiers, find_identifiers, find_quantities,
]  # fmt: skip


@pytest.mark.parametrize("finder", FINDERS)
@pytest.mark.parametrize(
    "text",
    ["", "ạ", "please help my mother is bleeding", "<b>đau</b>\x00", "你好 медицина", "....", "%", "₫ ₫", "00000", "+"],
)
def test_nothing_sensible_gives_nothing(finder: Callable[[Sequence[str]], Sequence[object]], text: str) -> None:
    assert list(finder(words_of(text))) == []
    assert list(finder(text.split())) == []


@given(st.text(max_size=80))
def test_any_text_at_all_is_borne(text: str) -> None:
    for words in (words_of(text), text.split(), list(text)):
        for finder in FINDERS:
            finder(words)


@given(st.lists(st.sampled_from([*TALK, "12/13", "9" * 40, "2.500.000", "29/2", "ờ", "+84"]), max_size=60))
def test_figures_in_any_order_are_borne(words: list[str]) -> None:
    for finder in FINDERS:
        finder(words)
    shown = readable([Word(word, float(place), place + 0.5, 0.5) for place, word in enumerate(words)], SATURDAY)
    assert sum(token.last - token.first for token in shown.tokens) == len(words)


def test_times_that_run_backwards_or_stand_still_are_borne() -> None:
    words = [
        Word("em", 3.0, 2.0, 0.5),
        Word("đau", 0.0, 0.0, 0.0),
        Word("", 0.0, 0.0, 0.0),
        Word("bụng", 0.0, 0.0, 1.0),
    ]
    assert readable(words, SATURDAY).text.startswith("Em đau")


def test_twenty_minutes_of_talk_take_well_under_a_second_each() -> None:
    words = TALK * 60
    spoken = [Word(word, place * 0.3, place * 0.3 + 0.2, 0.9) for place, word in enumerate(words)]
    assert len(words) > 3_000
    started = time.process_time()
    for finder in FINDERS:
        finder(words)
    found = time.process_time()
    readable(spoken, SATURDAY)
    assert found - started < 1.5
    assert time.process_time() - found < 2.0
