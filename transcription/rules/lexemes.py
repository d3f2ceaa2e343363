"""What each word is in a number, misheard ones too where the words beside them leave nothing else to think of."""

from __future__ import annotations

from collections.abc import Sequence

from transcription.rules.digit_sounds import digits_like
from transcription.rules.number_words import DIGITS, PLAIN, SCALES, UNITS, Lexeme, lacks_diacritics, written_lexeme
from transcription.rules.text import fold, word_set

_DAMAGED: dict[str, Lexeme] = {
    "triều": PLAIN["triệu"],
    "triêu": PLAIN["triệu"],
    "triểu": PLAIN["triệu"],
    "chiệu": PLAIN["triệu"],
    "trịu": PLAIN["triệu"],
    "muôi": PLAIN["mươi"],
    "muơi": PLAIN["mươi"],
    "nghin": PLAIN["nghìn"],
    "ngan": PLAIN["ngàn"],
    "muoi": PLAIN["mười"],
    "trằm": PLAIN["trăm"],
    "trắm": PLAIN["trăm"],
    "ruỡi": PLAIN["rưỡi"],
    "rửi": PLAIN["rưỡi"],
    "chụp": PLAIN["chục"],
}
"""Forms recognisers give that mean nothing else beside a number; `chụp` counts only after a digit."""

_DAMAGED_DIGITS = {
    "hài": 2, "hải": 2, "hại": 2, "bôn": 4, "bổn": 4, "nằm": 5, "nắm": 5, "sảu": 6, "sấu": 6, "xáu": 6, "xấu": 6,
    "thám": 8, "tán": 8, "tạm": 8, "bá": 3, "bả": 3, "bày": 7, "mọt": 1, "bán": 4, "chính": 9, "chình": 9,
    "bãy": 7, "bầy": 7, "tàm": 8, "tắm": 8, "chìn": 9, "trín": 9, "chín": 9, "chí": 9, "môt": 1, "mộc": 1,
}  # fmt: skip
"""What recognisers make of digits; they count only right before mươi, trăm and the scales."""

_MARKED = PLAIN | _DAMAGED
_BARE = {fold(word): lexeme for word, lexeme in reversed(PLAIN.items()) if word not in ("hàng", "dăm")}
"""The same without diacritics, but for hang and dam, which are nearly always other words."""


_LIKE_DIGITS = {"ai": 2, "bố": 4, "mộc": 1}
"""Farther from a digit's name than others, and nothing else before triệu or mươi."""

_NO_DIGITS = word_set("bà hay sau là mà và lắm nam lâm tâm đa đã từ tự")
"""Sound like digits, but stand before trăm and triệu by themselves ("đường Bà Triệu", "hay trăm rưỡi")."""

_LAST_DIGITS = {"chính": 9, "hài": 2, "hải": 2, "bày": 7, "bổn": 4, "bôn": 4, "mọt": 1}
"""What recognisers make of the digit after triệu ("sáu triệu chính"), and no word that follows a sum."""

_NEAR = 0.75
_LIKE_MILLION, _LIKE_HUNDRED = word_set("chiếu chịu chiều triếu triu"), word_set("chăm trâm chằm châm chắm")
_LIKE_HALF = word_set("dưới lưỡi rượi rười rưới dưỡi")


def read_lexemes(words: Sequence[str]) -> list[Lexeme | None]:
    """Each word's part in a number, None for other words; text without any diacritics is read as such."""
    if lacks_diacritics(words):
        return [_BARE.get(word) or written_lexeme(word) for word in words]
    lexemes = [
        None if _is_symptom(words, place) else _MARKED.get(w) or written_lexeme(w) for place, w in enumerate(words)
    ]
    for place in range(1, len(words)):
        lexemes[place] = lexemes[place] or _misheard_scale(words, lexemes, place)
    for place, word in enumerate(words):
        if lexemes[place] is None:
            lexemes[place] = _misheard_digit(words, lexemes, place, word)
    return lexemes


def _misheard_scale(words: Sequence[str], lexemes: Sequence[Lexeme | None], place: int) -> Lexeme | None:
    """Triệu, trăm or rưỡi badly heard, where a digit before and a number after leave nothing else to think of."""
    before, word = lexemes[place - 1], words[place]
    if before is None:
        return None
    if word in _LIKE_HALF and (words[place - 1] in ("trăm", "tỷ", "tỉ") or before == PLAIN["triệu"]):
        return PLAIN["rưỡi"]
    ahead = _word(words, place + 1)
    goes_on = ahead in DIGITS or ahead in UNITS or ahead in ("rưỡi", "rưởi", "mươi") or ahead in _LIKE_HALF
    goes_on = goes_on or (ahead in _DAMAGED_DIGITS and _word(words, place + 2) == "trăm")
    tens = lexemes[place - 2] if place > 1 else None
    in_tens = tens is not None and (tens.kind in ("ten", "chuc") or (tens.kind == "digit" and before.kind == "unit"))
    if word in _LIKE_MILLION and word != "chiều" and in_tens and words[place - 1] != "năm":  # "mười năm chịu đựng"
        return PLAIN["triệu"] if ahead not in ("không", "mười") else None
    if word in _LIKE_HUNDRED and ahead in SCALES and before.kind == "digit":
        return PLAIN["trăm"]
    if before.kind not in ("digit", "unit", "ten") or words[place - 1] in ("không", "ba") or not goes_on:
        return None
    if word in _LIKE_MILLION:
        return PLAIN["triệu"] if ahead != "không" else None
    return PLAIN["trăm"] if word in _LIKE_HUNDRED else None


def _is_symptom(words: Sequence[str], place: int) -> bool:
    """ "Hai triệu chứng" are two symptoms, "hai triệu chứng từ" vouchers for two million."""
    return words[place] == "triệu" and _word(words, place + 1) == "chứng" and _word(words, place + 2) != "từ"


def _misheard_digit(words: Sequence[str], lexemes: Sequence[Lexeme | None], place: int, word: str) -> Lexeme | None:
    """A digit before mươi, trăm or a scale, or the last one after triệu."""
    before = lexemes[place - 1] if place else None
    ahead = _word(words, place + 1)
    if before == PLAIN["triệu"] and word in _LAST_DIGITS and ahead not in ("thức", "xác", "là"):
        return Lexeme("digit", _LAST_DIGITS[word])
    within = before is not None and before.kind in ("scale", "ten", "hundred")
    asked = _asks_for_digit(ahead) and not _is_symptom(words, place + 1)
    if not asked and not (within and ahead == "chục"):
        return None
    near = digits_like(word)
    digit = _DAMAGED_DIGITS.get(word) or _LIKE_DIGITS.get(word) or (near[0][0] if near and near[0][1] <= _NEAR else 0)
    doubtful = word in _NO_DIGITS and not (within and words[place - 1] != "trăm")
    doubtful = doubtful or (word == "ai" and ahead != "mươi" and not within)
    return Lexeme("digit", digit) if digit and not doubtful else None


def _asks_for_digit(word: str) -> bool:
    return word in ("mươi", "trăm", "lăm", "nhăm") or (word in SCALES and word != "củ")


def _word(words: Sequence[str], place: int) -> str:
    return words[place] if place < len(words) else ""
