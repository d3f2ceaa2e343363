"""Sums as callers say them, and as they are misheard."""

from __future__ import annotations

import pytest

from transcription.rules.money import find_amounts
from transcription.rules.text import words_of


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("lấy tôi ba trăm bốn chục ngàn mấy cô nói là phụ thu", 340_000),
        ("tiền khám hai trăm rưỡi ngày nào cũng vậy", 250_000),
        ("kê cái toa ba triệu một trong đó toàn kem", 3_100_000),
        ("bán một vỉ, mỗi viên năm chục", 50_000),
        ("tôi đóng bảy chai cho năm lần cấy", 7_000_000),
        ("giấy khám sáu xị một tờ", 600_000),
        ("thuốc này tốt hơn bốn trăm ngàn một hộp", 400_000),
        ("hết sáu chiều tám tiền viện phí", 6_800_000),
        ("trả hai triệu dưới mà đau", 2_500_000),
        ("đóng bẩy chăm ba mươi ngàn", 730_000),
        ("tổng mười bày triệu", 17_000_000),
    ],
)
def test_a_sum_is_read_however_it_is_said(said: str, value: int) -> None:
    assert [match.value for match in find_amounts(words_of(said)) if not match.rough] == [value]


@pytest.mark.parametrize(
    "said",
    [
        "uống ba chai nước biển",
        "vô hai chai truyền đạm",
        "sáng chiều hai buổi",
        "tôi không chịu một câu đó",
        "năm chiều nay",
    ],
)
def test_bottles_and_evenings_are_no_money(said: str) -> None:
    assert find_amounts(words_of(said)) == []


def test_a_monthly_price_keeps_its_month() -> None:
    assert [match.value for match in find_amounts(words_of("hai triệu một tháng"))] == [2_000_000]
