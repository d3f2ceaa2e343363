"""The case code a caller notes down."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.rules.codes import check_digit, is_valid, new_code, readable

bodies = st.integers(100_000_000, 999_999_999).map(str)


def test_a_new_code_is_ten_digits_with_a_right_check_digit() -> None:
    code = new_code()
    assert len(code) == 10
    assert is_valid(code)


def test_the_check_digit_is_that_of_damms_own_example() -> None:
    assert check_digit("572") == "4"


@given(bodies, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body: str, place: int, change: int) -> None:
    code = body + check_digit(body)
    wrong = str((int(code[place]) + change) % 10)
    assert not is_valid(code[:place] + wrong + code[place + 1 :])


@given(bodies)
def test_two_neighbours_swapped_are_always_noticed(body: str) -> None:
    code = body + check_digit(body)
    for place, (one, other) in enumerate(pairwise(code)):
        if one != other:
            assert not is_valid(code[:place] + other + one + code[place + 2 :])


@pytest.mark.parametrize("text", ["", "123", "12345678901", "abcdefghij", "１２３４５６７８９０", "123 456 78"])
def test_what_is_not_ten_digits_is_no_code(text: str) -> None:
    assert not is_valid(text)


def test_a_code_never_begins_with_zero_and_differs_from_the_last() -> None:
    drawn = {new_code() for _ in range(1000)}
    assert len(drawn) == 1000
    assert not any(code.startswith("0") for code in drawn)


def test_a_code_is_read_in_groups() -> None:
    assert readable("1234567890") == "123 456 7890"
