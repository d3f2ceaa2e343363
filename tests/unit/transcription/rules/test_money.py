import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transcription.rules.spelling import spell
from transcription.rules.money import find_amounts, format_amount
from transcription.rules.text import words_of


def sums(text: str) -> list[int]:
    return [amount.value for amount in find_amounts(words_of(text))]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("đòi tôi hai triệu rưỡi", [2_500_000]),
        ("lấy năm chục ngàn một chiếc xe", [50_000]),
        ("hết tám trăm bảy chục ngàn", [870_000]),
        ("phải mua liệu trình mười hai triệu tám em bảo", [12_800_000]),
        ("đóng 1.050.000 đồng từ bữa giờ", [1_050_000]),
        ("thu 50.000đ một lượt", [50_000]),
        ("mất 2,5 triệu tiền thuốc", [2_500_000]),
        ("giá 500k thôi", [500_000]),
        ("trả 1tr5 rồi", [1_500_000]),
        ("nó đòi hai củ", [2_000_000]),
        ("phong bì trăm rưỡi ngàn", [150_000]),
        ("một triệu đồng đàng hoàng", [1_000_000]),
        ("từ hai triệu tới ba triệu", [2_000_000, 3_000_000]),
        ("lấy năm chục", [50_000]),
        ("mỗi lần tiêm bảy trăm rưỡi tôi tiêm bốn lần", [750_000]),
        ("vòi vĩnh hai trăm rồi mới thay băng", [200_000]),
        ("mỗi tháng trả 2tr9", [2_900_000]),
        ("hết ba trăm mà không có hóa đơn", [300_000]),
        ("dong hai trieu ruoi tien phong", [2_500_000]),
    ],
)
def test_sums_are_found_as_said_and_written(said: str, expected: list[int]) -> None:
    assert sums(said) == expected


@pytest.mark.parametrize(
    "said",
    [
        "tốn mấy triệu",
        "mất vài trăm ngàn",
        "hai mươi mấy triệu",
        "hàng chục triệu đồng",
        "gửi ba ngàn đô",
        "năm hai ngàn không trăm hai lăm",
        "chờ ba trăm người",
        "phải khám phòng ba trăm",
        "đóng năm chục lần",
        "nằm năm chục ngày",
        "mười triệu dân",
        "hai đồng nghiệp của tôi",
        "hai ba triệu gì đó",
        "năm 2025 tôi có đến",
        "một trăm phần trăm",
        "",
    ],
)
def test_rough_sums_foreign_money_and_other_numbers_are_no_amounts(said: str) -> None:
    assert sums(said) == []


def test_a_hedged_sum_is_marked_rough_but_kept() -> None:
    [amount] = find_amounts(["đóng", "gần", "hai", "triệu"])
    assert (amount.value, amount.rough) == (2_000_000, True)


def test_a_sum_with_its_currency_is_surer_than_one_without() -> None:
    [named] = find_amounts(["ba", "ngàn", "đồng"])
    [bare] = find_amounts(["có", "ba", "ngàn"])
    [implied] = find_amounts(["lấy", "năm", "chục"])
    assert named.sureness > bare.sureness > implied.sureness


@given(st.integers(min_value=1, max_value=10**9 - 1).map(lambda thousands: thousands * 1000))
def test_any_sum_said_with_its_currency_is_found_whole(value: int) -> None:
    words = [*spell(value).split(), "đồng"]
    assert [(amount.start, amount.end, amount.value) for amount in find_amounts(words)] == [(0, len(words), value)]


def test_sums_are_written_the_vietnamese_way() -> None:
    assert format_amount(2_500_000) == "2.500.000 ₫"
    assert format_amount(500) == "500 ₫"
