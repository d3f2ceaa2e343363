"""Sums and days as they are said in the south: hăm for twenty, halves of tenths, days by their feast."""

from __future__ import annotations

from datetime import date

import pytest

from transcription.rules.dates import find_dates
from transcription.rules.money import find_amounts

CALLED_ON = date(2026, 1, 21)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("trả hăm tám triệu", 28_000_000),
        ("tốn triệu sáu rưỡi", 1_650_000),
        ("mỗi thang ba trăm rưỡi", 350_000),
        ("đóng năm mươi lăm triệu hai trụ", 55_000_000),
    ],
)
def test_sums_are_read_as_said(said: str, value: int) -> None:
    assert [amount.value for amount in find_amounts(said.split())] == [value]


def test_to_threaten_is_no_twenty() -> None:
    assert find_amounts("nó hăm tôi trả tiền".split()) == []


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("bữa hăm ba có đoàn xuống", date(2025, 12, 23)),
        ("em nộp mười lăm tháng mười hai người ta trả về", date(2025, 12, 15)),
        ("hồi đầu tuần tôi lên đó", date(2026, 1, 19)),
        ("đêm noel chồng em bị tai nạn", None),
        ("bữa mùng ba cái cậu băng bó", date(2026, 1, 3)),
    ],
)
def test_days_are_read_as_said(said: str, day: date | None) -> None:
    assert [match.value for match in find_dates(said.split(), CALLED_ON)][:1] == [day]


def test_the_fifth_day_of_a_fever_is_no_thursday() -> None:
    assert find_dates("sốt ngày thứ năm cho về".split(), CALLED_ON) == []
