from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.ports import Segment, Word
from transcription.rules.retiming import retimed

OLD = Segment(
    1.0,
    6.0,
    (
        Word("tôi", 1.0, 1.4, 0.9),
        Word("chờ", 1.5, 2.0, 0.3),
        Word("bác", 3.0, 3.4, 0.8),
        Word("sĩ", 3.4, 4.0, 0.7),
    ),
)


def test_unchanged_text_changes_nothing() -> None:
    assert retimed(OLD, "tôi chờ bác sĩ") == OLD


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("tôi nhờ bác sĩ", 1, Word("nhờ", 1.5, 2.0, 1.0)),
        ("tôi chờ đợi bác sĩ", 2, Word("đợi", 2.0, 3.0, 1.0)),
        ("dạ tôi chờ bác sĩ", 0, Word("dạ", 1.0, 1.0, 1.0)),
        ("tôi chờ bác sĩ lâu", 4, Word("lâu", 4.0, 6.0, 1.0)),
        ("tôi bác sĩ", 1, OLD.words[2]),
        ("tôi gặp y bác sĩ", 2, Word("y", 1.875, 2.0, 1.0)),
    ],
)
def test_changed_words_take_the_time_of_what_they_replace(text: str, place: int, expected: Word) -> None:
    made = retimed(OLD, text)
    assert made.text == text
    assert made.words[place] == expected


def test_other_words_keep_their_times_and_sureness() -> None:
    made = retimed(OLD, "tôi nhờ bác sĩ giúp")
    assert [made.words[n] for n in (0, 2, 3)] == [OLD.words[n] for n in (0, 2, 3)]


def test_a_segment_emptied_by_a_person_keeps_its_place() -> None:
    assert retimed(OLD, " \n ") == Segment(1.0, 6.0, ())


def test_words_written_where_none_were_fill_the_segment() -> None:
    made = retimed(Segment(1.0, 3.0, ()), "một hai")
    assert [(word.start, word.end) for word in made.words] == [(1.0, 2.0), (2.0, 3.0)]


def test_what_is_typed_is_kept_as_plain_composed_text() -> None:
    assert retimed(OLD, "tôi <b>chờ</b>\x00 bác sĩ").text == "tôi chờ bác sĩ"


@given(st.lists(st.sampled_from(["tôi", "chờ", "bác", "sĩ", "ở", "bệnh", "viện"]), max_size=12))
def test_times_stay_in_order_and_within_the_segment_whatever_is_written(texts: list[str]) -> None:
    made = retimed(OLD, " ".join(texts))
    assert [word.text for word in made.words] == texts
    assert all(OLD.start <= word.start <= word.end <= OLD.end for word in made.words)
    assert all(before.end <= after.start + 0.002 for before, after in pairwise(made.words))
