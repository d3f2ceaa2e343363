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
        ("truyền nửa chai, tám trăm rưởi một chai", 850_000),
        ("quẹt hết mười bốn triệu tám bữa sau lên Từ Dũ", 14_800_000),
        ("hết tám triệu tám lần một ra không cùng", 8_800_000),
        ("đóng sáu trăm hai hôm mười ba", 620_000),
        ("rủ làm hồ sơ hai trăm một cái", 200_000),
        ("trừ tiền bảy trăm hai một lần", 720_000),
        ("năm xị một tờ", 500_000),
        ("cai rượu mỗi tháng bảy chai", 7_000_000),
        ("mà phần 268 triệu cứ nằm đó", 268_000_000),
        ("đóng bảy mươi ai triệu", 72_000_000),
        ("đóng năm mươi lắm triệu", 55_000_000),
        ("tính một triệu khai trăm sáu chục", 1_260_000),
        ("ra giá mười lăm chiếu thì làm", 15_000_000),
        ("mất năm chăm ngàn tiền phim", 500_000),
        ("đóng sáu triệu chính tiền máy", 6_900_000),
        ("lệ phí một chiều lưỡi", 1_500_000),
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
        "sinh hai ngàn không trăm mười chín",
        "sinh hai ngàn lẻ chín",
        "tiểu cầu còn có hai mươi hai ngàn",
        "bạch cầu tụt còn tám ngàn",
        "không biết khai triệu chứng sao",
        "có hai triệu chứng lạ",
        "đường Bà Triệu",
        "mười năm chịu đựng",
    ],
)
def test_bottles_and_evenings_are_no_money(said: str) -> None:
    assert find_amounts(words_of(said)) == []


def test_a_monthly_price_keeps_its_month() -> None:
    assert [match.value for match in find_amounts(words_of("hai triệu một tháng"))] == [2_000_000]


def test_a_misheard_sum_is_less_sure_than_a_clear_one() -> None:
    [clear] = find_amounts(words_of("đóng hai mươi lăm triệu"))
    [misheard] = find_amounts(words_of("đóng hai mươi lăm chiếu"))
    assert misheard.value == clear.value == 25_000_000
    assert misheard.sureness < clear.sureness
