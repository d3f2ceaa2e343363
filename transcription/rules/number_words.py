"""The words Vietnamese numbers are made of, in every region's form, and the look of written ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from transcription.rules.text import fold, word_set

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

_PLAIN: dict[str, Lexeme] = {
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

_DAMAGED: dict[str, Lexeme] = {
    "triều": _PLAIN["triệu"],
    "triêu": _PLAIN["triệu"],
    "triểu": _PLAIN["triệu"],
    "chiệu": _PLAIN["triệu"],
    "trịu": _PLAIN["triệu"],
    "muôi": _PLAIN["mươi"],
    "muơi": _PLAIN["mươi"],
    "nghin": _PLAIN["nghìn"],
    "ngan": _PLAIN["ngàn"],
    "muoi": _PLAIN["mười"],
    "trằm": _PLAIN["trăm"],
    "trắm": _PLAIN["trăm"],
    "ruỡi": _PLAIN["rưỡi"],
    "rửi": _PLAIN["rưỡi"],
    "chụp": _PLAIN["chục"],
}
"""Forms recognisers give that mean nothing else beside a number; `chụp` counts only after a digit."""

_DAMAGED_DIGITS = {
    "hài": 2, "hải": 2, "hại": 2, "bôn": 4, "bổn": 4, "nằm": 5, "nắm": 5, "sảu": 6, "sấu": 6, "xáu": 6, "xấu": 6,
    "thám": 8, "tán": 8, "tạm": 8, "bá": 3, "bả": 3, "bày": 7, "mọt": 1, "bán": 4, "chính": 9, "chình": 9,
    "bãy": 7, "bầy": 7, "tàm": 8, "tắm": 8, "chìn": 9, "trín": 9, "chín": 9, "chí": 9, "môt": 1, "mộc": 1,
}  # fmt: skip
"""What recognisers make of digits; they count only right before mươi, trăm and the scales."""

_MARKED = _PLAIN | _DAMAGED
_BARE = {fold(word): lexeme for word, lexeme in reversed(_PLAIN.items()) if word not in ("hàng", "dăm")}
"""The same without diacritics, but for hang and dam, which are nearly always other words."""

FEW_OF = word_set(
    "cô chị anh ông bà đứa người cái con ngày năm lần bữa hôm tuần nhiệm phòng bác chú em nơi chỗ tờ giấy mẹ ổng bả cổ "
    "chả thằng cậu nhân điều y"
)
"""Before these mấy is "some", and begins something new: "bốn trăm ngàn, mấy cô …"."""

GOES_ON = word_set("trong rồi mà tôi tui thì nhưng và với chưa họ nên xong lận luôn vậy")
"""What follows the một of "hai triệu một" (2.1 million) and not of "hai triệu một tháng"."""

_WRITTEN = re.compile(r"\d+|\d{1,3}(?:[.,]\d{3})+|\d+[.,]\d+")
_GROUPED = re.compile(r"(?!0)\d{1,3}(?:\.\d{3})+|(?!0)\d{1,3}(?:,\d{3})+")
_COMPACT = re.compile(r"(\d+(?:[.,]\d+)?)(k|tr|t[ỷỉ])(\d{0,3})")
_COMPACT_SCALES = {"k": 1_000, "tr": 1_000_000, "tỷ": 1_000_000_000, "tỉ": 1_000_000_000}


def read_lexemes(words: Sequence[str]) -> list[Lexeme | None]:
    """Each word's part in a number, None for other words; text without any diacritics is read as such."""
    if lacks_diacritics(words):
        return [_BARE.get(word) or _written(word) for word in words]
    lexemes = [_MARKED.get(word) or _written(word) for word in words]
    for place in range(1, len(words)):
        lexemes[place] = lexemes[place] or _misheard_scale(words, lexemes, place)
    for place, word in enumerate(words[:-1]):
        if lexemes[place] is None and word in _DAMAGED_DIGITS and _asks_for_digit(words[place + 1]):
            lexemes[place] = Lexeme("digit", _DAMAGED_DIGITS[word])
    return lexemes


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


_LIKE_MILLION, _LIKE_HUNDRED = word_set("chiếu chịu chiều triếu triu"), word_set("chăm trâm chằm châm chắm")
_LIKE_HALF = word_set("dưới lưỡi rượi rười rưới dưỡi")


def _misheard_scale(words: Sequence[str], lexemes: Sequence[Lexeme | None], place: int) -> Lexeme | None:
    """Triệu, trăm or rưỡi badly heard, where a digit before and a number after leave nothing else to think of."""
    before, word = lexemes[place - 1], words[place]
    if before is None:
        return None
    if word in _LIKE_HALF and words[place - 1] in ("triệu", "trăm", "tỷ", "tỉ"):
        return _PLAIN["rưỡi"]
    ahead = words[place + 1] if place + 1 < len(words) else ""
    goes_on = ahead in DIGITS or ahead in UNITS or ahead in ("rưỡi", "mươi") or ahead in _LIKE_HALF
    if before.kind not in ("digit", "unit", "ten") or words[place - 1] in ("không", "ba") or not goes_on:
        return None
    if word in _LIKE_MILLION:
        return _PLAIN["triệu"] if ahead != "không" else None
    return _PLAIN["trăm"] if word in _LIKE_HUNDRED else None


def _asks_for_digit(word: str) -> bool:
    return word in ("mươi", "trăm", "lăm", "nhăm") or (word in SCALES and word != "củ")


def _written(word: str) -> Lexeme | None:
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
