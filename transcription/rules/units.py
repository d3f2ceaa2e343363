"""Quantities with their units: percentages, medicine doses, weights, distances, degrees, ages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transcription.rules.number_words import Value
from transcription.rules.numbers import NumberMatch, find_numbers

_UNITS: dict[tuple[str, ...], str] = {
    ("phần", "trăm"): "%", ("phan", "tram"): "%", ("%",): "%", ("phần", "nghìn"): "‰",
    ("mi", "li", "gam"): "mg", ("mili", "gam"): "mg", ("miligam",): "mg", ("mi", "li", "gram"): "mg",
    ("miligram",): "mg", ("mg",): "mg",
    ("mi", "li", "lít"): "ml", ("mili", "lít"): "ml", ("mililit",): "ml", ("mi", "li"): "mm", ("mililít",): "ml",
    ("ml",): "ml", ("em", "lờ"): "ml", ("cc",): "ml", ("xê", "xê"): "ml", ("xi", "xi"): "ml",
    ("ký", "lô"): "kg", ("kí", "lô"): "kg", ("ki", "lô"): "kg", ("ký",): "kg", ("kí",): "kg", ("kg",): "kg",
    ("ki", "lô", "gam"): "kg", ("ký", "lô", "gam"): "kg", ("cân",): "kg", ("gam",): "g", ("gờ", "ram"): "g",
    ("cây", "số"): "km", ("ki", "lô", "mét"): "km", ("ky", "lô", "mét"): "km", ("km",): "km",
    ("xăng", "ti", "mét"): "cm", ("xăng", "ti"): "cm", ("cm",): "cm", ("mét",): "m", ("lít",): "l",
    ("độ", "xê"): "°C", ("độ", "c"): "°C", ("°", "c"): "°C", ("độ",): "°",
    ("mét", "vuông"): "m²",
}  # fmt: skip
"""Spoken units and their symbols; longer ones are tried first."""

_LONGEST = max(map(len, _UNITS))


@dataclass(frozen=True, slots=True)
class QuantityMatch:
    """A number with its unit in words[start:end], as `value` and the unit's symbol."""

    start: int
    end: int
    value: Value
    unit: str


def find_quantities(words: Sequence[str]) -> list[QuantityMatch]:
    """The quantities in lower-case `words`: tám mươi phần trăm, năm trăm mi li gam, mười cây số, bốn mươi độ."""
    found = (_quantity(words, number) for number in find_numbers(words) if number.kind == "cardinal")
    return [quantity for quantity in found if quantity is not None]


def _quantity(words: Sequence[str], number: NumberMatch) -> QuantityMatch | None:
    for length in range(_LONGEST, 0, -1):
        said = tuple(words[number.end : number.end + length])
        unit = _UNITS.get(said)
        if unit and not (unit == "°" and number.value < 10):  # "độ ba" ranks an illness; so does a small number
            return QuantityMatch(number.start, number.end + len(said), number.value, unit)
    return None
