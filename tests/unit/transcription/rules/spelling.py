"""Says numbers in Vietnamese, in the ways of different regions, so that tests can hear them back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_NORTH = {1: "mốt", 4: "tư", 5: "lăm"}


@dataclass(frozen=True)
class Manner:
    """How one region says numbers."""

    thousand: str = "nghìn"
    billion: str = "tỷ"
    zero_tens: str = "linh"
    after_tens: Mapping[int, str] = field(default_factory=lambda: _NORTH)


NORTH = Manner()
SOUTH = Manner(thousand="ngàn", billion="tỉ", zero_tens="lẻ", after_tens={1: "mốt", 5: "lăm"})
RURAL = Manner(after_tens={1: "mốt", 4: "tư", 5: "nhăm"})


def spell(number: int, manner: Manner = NORTH) -> str:
    """`number` (0 to 999,999,999,999) in words."""
    if number == 0:
        return "không"
    scales = ((10**9, manner.billion), (10**6, "triệu"), (10**3, manner.thousand), (1, ""))
    words: list[str] = []
    for size, name in scales:
        group = number // size % 1000
        if group or (size == 1000 and words and number % 1000):
            words += [*_group(group, manner, inside=bool(words)), name]
    return " ".join(word for word in words if word)


def _group(group: int, manner: Manner, *, inside: bool) -> list[str]:
    if group == 0:
        return ["không"]
    hundreds, rest = divmod(group, 100)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or inside else []
    tens, unit = divmod(rest, 10)
    if tens > 1:
        words += [_DIGITS[tens], "mươi", *([manner.after_tens.get(unit, _DIGITS[unit])] if unit else [])]
    elif tens == 1:
        words += ["mười", *([manner.after_tens[5] if unit == 5 else _DIGITS[unit]] if unit else [])]
    elif unit:
        words += [*([manner.zero_tens] if words else []), _DIGITS[unit]]
    return words
