"""The words Vietnamese numbers are made of, in every region's form, and the look of written ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from transcription.rules.text import word_set

Kind = Literal["digit", "unit", "ten", "chuc", "hundred", "scale", "half", "link", "point", "written", "rough"]
"""What a word can do in a number; `unit` are the forms said only after tens (mốt, tư, lăm, nhăm)."""

Value = int | Decimal


class Lexeme(NamedTuple):
    """A word's part in a number and its value: mười is (ten, 10), triệu is (scale, 1000000)."""

    kind: Kind
    value: Value


DIGITS = {
    "không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
"""The digits as counted; tư, lăm, mốt and the like are UNITS."""

UNITS = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
"""Digits' other names, said after mươi, trăm and the scales."""

SCALES = {
    "nghìn": 1_000, "ngàn": 1_000, "vạn": 10_000, "triệu": 1_000_000, "củ": 1_000_000,
    "tỷ": 1_000_000_000, "tỉ": 1_000_000_000,
}  # fmt: skip
"""Powers above a hundred; củ is slang, for money only."""

PLAIN: dict[str, Lexeme] = {
    **{word: Lexeme("digit", value) for word, value in DIGITS.items()},
    **{word: Lexeme("unit", value) for word, value in UNITS.items()},
    **{word: Lexeme("scale", value) for word, value in SCALES.items()},
    "mười": Lexeme("ten", 10),
    "mươi": Lexeme("ten", 10),
    "hăm": Lexeme("ten", 20),
    "chục": Lexeme("chuc", 10),
    "trăm": Lexeme("hundred", 100),
    "rưỡi": Lexeme("half", 0),
    "rưởi": Lexeme("half", 0),
    "linh": Lexeme("link", 0),
    "lẻ": Lexeme("link", 0),
    "lẽ": Lexeme("link", 0),
    "phẩy": Lexeme("point", 0),
    "phảy": Lexeme("point", 0),
    **dict.fromkeys(("mấy", "vài", "dăm", "hàng"), Lexeme("rough", 0)),
}

FEW_OF = word_set(
    "cô chị anh ông bà đứa người cái con ngày năm lần bữa hôm tuần nhiệm phòng bác chú em nơi chỗ tờ giấy mẹ ổng bả cổ "
    "chả thằng cậu nhân điều y"
)
"""Before these mấy is "some", and begins something new: "bốn trăm ngàn, mấy cô …"."""

GOES_ON = word_set("trong rồi mà tôi tui thì nhưng và với chưa họ nên xong lận luôn vậy")
"""What follows the một of "hai triệu một" (2.1 million) and not of "hai triệu một tháng"."""

_COUNTED = word_set(
    "tháng năm ngày buổi lần chiếc cái người mũi viên hộp liều toa lượt đêm giờ bộ suất phần tuần cây răng ca "
    "gói ly chai bữa chuyến đứa tiếng phút vé tờ xị phòng bịch ống đầu kỳ quý loại lít ký kí kg mét đợt giường "
    "hôm liệu dịch tấm món bình cặp đôi vị nơi chỗ thang trụ cục nam ngay buoi lan cai nguoi mui "
    "vien hop lieu luot dem gio tuan"
)
"""Words that are counted or priced: in "hai triệu một tháng" the một is theirs."""

YEAR_FOLLOWERS = word_set("nay ngoái trước sau qua tới liền trời học rồi kia sinh")
"""After năm these say that it is the year, not the five."""

SENSELESS_ALONE = word_set("không nam khong sau bay tu lam")
"""Digits that by themselves are far more often another word."""

_NAMES_DAY = frozenset(
    (word, after)
    for word in ("bữa", "hôm", "lần")
    for after in ("một đầu này đó" if word == "lần" else "sau trước qua kia đó nọ").split()
)
"""Bữa, hôm and lần with these after them are when it was: "mười triệu tám, bữa sau", "tám triệu tám, lần một"."""

_WRITTEN = re.compile(r"\d+|\d{1,3}(?:[.,]\d{3})+|\d+[.,]\d+")
_GROUPED = re.compile(r"(?!0)\d{1,3}(?:\.\d{3})+|(?!0)\d{1,3}(?:,\d{3})+")
_COMPACT = re.compile(r"(\d+(?:[.,]\d+)?)(k|tr|t[ỷỉ])(\d{0,3})")
_COMPACT_SCALES = {"k": 1_000, "tr": 1_000_000, "tỷ": 1_000_000_000, "tỉ": 1_000_000_000}


def is_counted(word: str, after: str) -> bool:
    """Whether the word is one that is counted: not in người ta (they), bữa sau (the next day), hôm mười ba."""
    named = (word, after) in _NAMES_DAY or (word in ("bữa", "hôm") and (after in DIGITS or after == "mười"))
    return word in _COUNTED and after not in ("ta", "nhà") and not named


def written_value(word: str) -> Value | None:
    """The value of a number written in digits (12, 2.500.000, 2,5, 500k, 1tr5), None for anything else."""
    compact = _COMPACT.fullmatch(word)
    if compact:
        return _compact_value(*compact.groups())
    if not _WRITTEN.fullmatch(word) or not word.isascii() or (len(word) > 1 and word.isdigit() and word[0] == "0"):
        return None
    if word.isdigit() or _GROUPED.fullmatch(word):
        return int(re.sub(r"[.,]", "", word))
    return whole(Decimal(word.replace(",", ".")))


def whole(value: Value) -> Value:
    """`value` as an int where it is one."""
    return int(value) if value == int(value) else value


def written_lexeme(word: str) -> Lexeme | None:
    """A number written in digits as a lexeme."""
    value = written_value(word) if word[:1].isdigit() else None
    return None if value is None else Lexeme("written", value)


def _compact_value(count: str, scale: str, rest: str) -> Value:
    size = _COMPACT_SCALES[scale]
    part = Decimal(rest) * size / 10 ** len(rest) if rest else Decimal(0)
    return whole(Decimal(count.replace(",", ".")) * size + part)


def lacks_diacritics(words: Sequence[str]) -> bool:
    """Whether the text was written or heard without diacritics: one marked word in 20 at most."""
    letters = [word for word in words if word.isalpha()]
    return len(letters) > 1 and sum(not word.isascii() for word in letters) * 20 <= len(letters)
