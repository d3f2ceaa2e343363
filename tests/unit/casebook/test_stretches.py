"""Which words of a shared recording belong to a case."""

from __future__ import annotations

import pytest

from casebook.rules.stretches import (
    WHOLE,
    Stretch,
    Stretches,
    audible,
    holds,
    joined,
    own,
    pieces,
    read,
    together,
    within,
    written,
)
from transcription.ports import Word


def spoken(*starts: float) -> list[Word]:
    return [Word(f"w{start}", start, start + 0.2, 0.9) for start in starts]


@pytest.mark.parametrize(
    ("stretches", "at", "expected"),
    [
        (WHOLE, 0.0, True),
        (WHOLE, 1e6, True),
        (((0.0, 5.0),), 5.0, False),
        (((5.0, None),), 5.0, True),
        (((0.0, 2.0), (4.0, 6.0)), 3.0, False),
        (((0.0, 2.0), (4.0, 6.0)), 4.5, True),
        ((), 1.0, False),
    ],
)
def test_a_moment_lies_in_a_stretch_or_not(stretches: Stretches, at: float, expected: bool) -> None:
    assert holds(stretches, at) is expected


def test_every_word_belongs_to_exactly_one_piece() -> None:
    words = spoken(0.4, 1.0, 5.0, 5.5, 9.0)
    cut = pieces([5.0, 9.0])
    assert cut == ((0.0, 5.0), (5.0, 9.0), (9.0, None))
    assert [word for piece in cut for word in own((piece,), words)] == words


@pytest.mark.parametrize("shift", [-0.05, -0.001, 0.0, 0.001, 0.05])
def test_a_word_whose_time_was_rounded_stays_where_it_was(shift: float) -> None:
    first, second = Word("a", 1.0, 1.3, 0.9), Word("b", 1.3, 1.6, 0.9)
    cut = pieces([second.start])
    moved = Word("b", second.start + shift, second.end + shift, 1.0)
    assert own((cut[1],), [first, moved]) == [moved]


def test_words_added_in_a_pause_stand_with_what_was_said_before_it() -> None:
    added = [Word("c", 1.3, 1.5, 1.0), Word("d", 1.5, 1.7, 1.0)]
    cut = pieces([1.7])
    assert own((cut[0],), added) == added


def test_one_sentence_is_the_whole_recording() -> None:
    assert pieces([]) == WHOLE


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ([(0.0, 5.0), (5.0, None)], WHOLE),
        ([(0.0, 5.0), (9.0, None)], ((0.0, 5.0), (9.0, None))),
        ([], ()),
    ],
)
def test_neighbouring_pieces_become_one(chosen: list[tuple[float, float | None]], expected: Stretches) -> None:
    assert joined(chosen) == expected


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        (WHOLE, ((2.0, 4.0),), ((2.0, 4.0),)),
        (((0.0, 3.0),), ((2.0, None),), ((2.0, 3.0),)),
        (((0.0, 2.0),), ((2.0, None),), ()),
        (((0.0, 3.0), (6.0, None)), ((1.0, 7.0),), ((1.0, 3.0), (6.0, 7.0))),
    ],
)
def test_what_is_split_again_stays_within_what_the_case_had(
    inner: Stretches, outer: Stretches, expected: Stretches
) -> None:
    assert within(inner, outer) == expected


@pytest.mark.parametrize("stretches", [WHOLE, ((0.0, 4.2), (9.0, None)), ()])
def test_stretches_are_read_as_they_were_written(stretches: Stretches) -> None:
    assert read(written(stretches)) == stretches


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], ()),
        ([(5.0, None), (0.0, 5.0)], WHOLE),
        ([(0.0, 5.0), (5.1, None)], ((0.0, 5.0), (5.1, None))),
        ([(0.0, 9.0), (2.0, 4.0), (8.0, 12.0)], ((0.0, 12.0),)),
        ([(3.0, None), (1.0, 2.0), (7.0, 8.0)], ((1.0, 2.0), (3.0, None))),
        ([*WHOLE, (3.0, 4.0)], WHOLE),
    ],
)
def test_parts_in_any_order_and_over_each_other_are_put_together(parts: list[Stretch], expected: Stretches) -> None:
    assert together(parts) == expected


def test_two_halves_of_a_recording_are_all_of_it() -> None:
    first, second = pieces([4.27])
    assert together([second, first]) == WHOLE


def test_a_waveform_is_flat_where_nothing_is_heard() -> None:
    assert audible((9, 9, 9, 9), 4.0, ((0.0, 1.0), (3.0, None))) == (9, 0, 0, 9)
    assert audible((9, 9), 4.0, WHOLE) == (9, 9)
    assert audible((), 4.0, WHOLE) == ()
    assert audible((9, 9), 0.0, ()) == (0, 0)
