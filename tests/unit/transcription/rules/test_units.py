from decimal import Decimal

import pytest

from transcription.rules.text import words_of
from transcription.rules.units import find_quantities


@pytest.mark.parametrize(
    ("said", "value", "unit"),
    [
        ("tám mươi phần trăm", 80, "%"),
        ("một trăm phần trăm", 100, "%"),
        ("80%", 80, "%"),
        ("mười hai phẩy năm phần trăm", Decimal("12.5"), "%"),
        ("năm trăm mi li gam", 500, "mg"),
        ("500 mg", 500, "mg"),
        ("mười mi li lít", 10, "ml"),
        ("sáu mươi ký", 60, "kg"),
        ("ba ký lô", 3, "kg"),
        ("mười lăm cây số", 15, "km"),
        ("ba mươi tám độ", 38, "°"),
        ("39,5 °C", Decimal("39.5"), "°C"),
        ("hai lít", 2, "l"),
    ],
)
def test_a_quantity_has_its_value_and_symbol(said: str, value: int | Decimal, unit: str) -> None:
    words = words_of(said)
    [match] = find_quantities(words)
    assert (match.start, match.end, match.value, match.unit) == (0, len(words), value, unit)


@pytest.mark.parametrize("said", ["độ ba", "mấy ký", "hai người", "mười cây kim", "phần trăm", ""])
def test_words_without_number_or_unit_are_no_quantity(said: str) -> None:
    assert find_quantities(said.split()) == []
