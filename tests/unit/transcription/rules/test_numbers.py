from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from tests.unit.transcription.rules.spelling import NORTH, RURAL, SOUTH, Manner, spell
from transcription.rules.number_words import written_value
from transcription.rules.numbers import find_numbers
from transcription.rules.text import fold, word_set, words_of

PIECES = sorted(word_set("không một hai năm mười mươi trăm ngàn triệu rưỡi lẻ phẩy tư mấy a 5 2,5"))


def values(text: str) -> list[int | Decimal]:
    return [match.value for match in find_numbers(words_of(text)) if match.kind != "rough"]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("mười lăm", 15),
        ("mười nhăm", 15),
        ("mười một", 11),
        ("hai mươi mốt", 21),
        ("hai mươi mốt triệu", 21_000_000),
        ("ba mươi tư", 34),
        ("ba mươi bốn", 34),
        ("hai lăm", 25),
        ("hai nhăm", 25),
        ("chín lăm", 95),
        ("bẩy mươi bẩy", 77),
        ("năm chục", 50),
        ("một trăm linh năm", 105),
        ("một trăm lẻ tư", 104),
        ("trăm tư", 140),
        ("trăm rưỡi", 150),
        ("hai trăm rưỡi", 250),
        ("hai trăm ba mươi hai", 232),
        ("ngàn rưỡi", 1_500),
        ("ba ngàn hai", 3_200),
        ("hai ngàn lẻ năm", 2_005),
        ("hai ngàn hai mươi lăm", 2_025),
        ("hai nghìn không trăm hai mươi sáu", 2_026),
        ("hai mươi năm ngàn", 25_000),
        ("trăm ngàn", 100_000),
        ("trăm rưỡi ngàn", 150_000),
        ("hai trăm năm mươi ngàn", 250_000),
        ("tám trăm bảy chục ngàn", 870_000),
        ("nửa triệu", 500_000),
        ("triệu hai", 1_200_000),
        ("triệu rưỡi", 1_500_000),
        ("một triệu rưỡi", 1_500_000),
        ("một triệu không trăm năm mươi ngàn", 1_050_000),
        ("một triệu tám trăm bốn chục ngàn", 1_840_000),
        ("hai củ", 2_000_000),
        ("hai củ rưỡi", 2_500_000),
        ("hai triệu lẻ năm chục ngàn", 2_050_000),
        ("hai triệu mốt", 2_100_000),
        ("hai triệu tư", 2_400_000),
        ("hai triệu rưởi", 2_500_000),
        ("hai triệu năm trăm", 2_500_000),
        ("hai triệu năm trăm nghìn", 2_500_000),
        ("hai triệu bảy lăm", 2_750_000),
        ("mười hai triệu tám", 12_800_000),
        ("một trăm tám mươi sáu triệu", 186_000_000),
        ("một tỷ hai", 1_200_000_000),
        ("một tỉ hai trăm triệu", 1_200_000_000),
        ("tỷ rưỡi", 1_500_000_000),
        ("mười hai nghìn tỷ", 12_000_000_000_000),
        ("hai phẩy năm", Decimal("2.5")),
        ("hai phẩy năm triệu", 2_500_000),
        ("ba phẩy mười bốn", Decimal("3.14")),
        ("ba mươi tám phẩy năm", Decimal("38.5")),
        ("không phẩy năm", Decimal("0.5")),
        ("2 triệu rưỡi", 2_500_000),
        ("2,5 triệu", 2_500_000),
        ("12.800.000", 12_800_000),
        ("hai chín triệu", 29_000_000),
        ("chín chín nghìn", 99_000),
        ("12 triệu 8", 12_800_000),
        ("12 triệu 800", 12_800_000),
        ("hài triệu", 2_000_000),
        ("nằm trăm ngàn", 500_000),
        ("hai trieu ruoi", 2_500_000),
        ("nam tram nghin", 500_000),
        ("tam trieu tu", 8_400_000),
        ("muoi lam trieu", 15_000_000),
    ],
)
def test_a_number_is_understood_in_every_region_and_short_form(said: str, value: int | Decimal) -> None:
    matches = find_numbers(words_of(said))
    assert [(match.start, match.end, match.value) for match in matches] == [(0, len(said.split()), value)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("hai triệu một tháng", [2_000_000, 1]),
        ("chín mươi chín nghìn một buổi", [99_000, 1]),
        ("hai triệu năm nay", [2_000_000]),
        ("ba triệu hai liệu trình", [3_000_000, 2]),
        ("ba triệu hai uống được", [3_200_000]),
        ("sáu triệu người ta thuê", [6_000_000]),
        ("hai triệu hai mươi ngày", [2_000_000, 20]),
        ("hai mươi năm nay", [20]),
        ("hai năm trước", [2]),
        ("bệnh viện quận hai", [2]),
        ("năm nay tôi không biết", []),
        ("một trăm phần trăm", [100]),
        ("ở củ chi", []),
        ("nằm mười ngày", [10]),
        ("12 triệu 3 tháng", [12_000_000, 3]),
        ("xếp hàng mười một giờ", [11]),
    ],
)
def test_a_word_after_a_number_keeps_its_own_count(said: str, expected: list[int]) -> None:
    assert values(said) == expected


@pytest.mark.parametrize(
    "said",
    [
        "mấy triệu",
        "mấy chục ngàn",
        "vài trăm",
        "hai mươi mấy triệu",
        "hàng chục triệu",
        "hai ba triệu",
        "năm bảy trăm ngàn",
    ],
)
def test_a_number_nobody_said_is_marked_rough(said: str) -> None:
    matches = find_numbers(said.split())
    assert [match.kind for match in matches] == ["rough"]
    assert matches[0].end == len(said.split())


def test_digits_said_one_by_one_keep_their_leading_zero() -> None:
    [match] = find_numbers(["không", "chín", "một", "hai", "ba"])
    assert (match.kind, match.digits) == ("digits", "09123")


def test_digits_said_one_by_one_stop_where_a_counted_number_begins() -> None:
    assert values("một một năm hai mươi ngày") == [115, 20]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12),
        ("50.000", 50_000),
        ("2,500,000", 2_500_000),
        ("2,5", Decimal("2.5")),
        ("0,125", Decimal("0.125")),
        ("500k", 500_000),
        ("1tr5", 1_500_000),
        ("2.5tr", 2_500_000),
        ("0912", None),
        ("12:30", None),
        ("²", None),
        ("5/1", None),
    ],
)
def test_a_number_written_in_digits_is_read(written: str, value: int | Decimal | None) -> None:
    assert written_value(written) == value


@given(st.integers(min_value=10, max_value=999_999_999_999), st.sampled_from([NORTH, SOUTH, RURAL]))
def test_any_number_said_aloud_is_heard_back(number: int, manner: Manner) -> None:
    words = spell(number, manner).split()
    [match] = find_numbers(words)
    assert (match.start, match.end, match.value) == (0, len(words), number)


@given(st.integers(min_value=1_000, max_value=999_999_999_999).map(lambda number: number * 1000))
def test_any_round_sum_said_without_diacritics_is_heard_back(number: int) -> None:
    [match] = find_numbers(fold(spell(number % 10**12 or 1000)).split())
    assert match.value == (number % 10**12 or 1000)


@given(st.integers(min_value=10, max_value=999_999))
def test_numbers_spelled_by_another_library_are_heard_back(number: int) -> None:
    said = num2words(number, lang="vi")
    assert values(said) == [number]


@given(st.lists(st.sampled_from(PIECES)))
def test_no_sequence_of_number_words_breaks_the_grammar(words: list[str]) -> None:
    matches = find_numbers(words)
    assert all(match.start < match.end <= len(words) for match in matches)
    assert all(one.end <= other.start for one, other in pairwise(matches))
