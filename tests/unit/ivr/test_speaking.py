from datetime import date

import pytest

from ivr.rules.speaking import code_groups, spoken_code, spoken_date, spoken_digits, spoken_number


@pytest.mark.parametrize(
    ("digits", "words"),
    [("115", "một, một, năm"), ("0", "không"), ("1a2", "một, hai"), ("", ""), ("٣", "")],
)
def test_digits_are_read_one_by_one(digits: str, words: str) -> None:
    assert spoken_digits(digits) == words


def test_a_case_code_is_read_in_groups_like_a_telephone_number() -> None:
    assert spoken_code("1234567890") == "một, hai, ba. bốn, năm, sáu. bảy, tám, chín, không."


@pytest.mark.parametrize("code", ["", "1", "1234", "1234567890123"])
def test_a_code_of_any_length_loses_no_digit(code: str) -> None:
    assert "".join(code_groups(code)) == code


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (11, "mười một"),
        (14, "mười bốn"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (31, "ba mươi mốt"),
        (99, "chín mươi chín"),
    ],
)
def test_numbers_follow_vietnamese_sound_changes(number: int, words: str) -> None:
    assert spoken_number(number) == words


@pytest.mark.parametrize("number", [-1, 100])
def test_numbers_it_cannot_say_are_refused(number: int) -> None:
    with pytest.raises(ValueError):
        spoken_number(number)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 18), "ngày mười tám tháng mười một năm hai không hai sáu"),
        (date(2027, 4, 5), "ngày mồng năm tháng tư năm hai không hai bảy"),
        (date(2026, 12, 31), "ngày ba mươi mốt tháng mười hai năm hai không hai sáu"),
    ],
)
def test_dates_are_read_as_people_say_them(day: date, words: str) -> None:
    assert spoken_date(day) == words
