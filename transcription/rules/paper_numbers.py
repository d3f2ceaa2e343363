"""Receipt numbers of every office's own making, written or read out: 118/BN, HS-2511/0093, 79.0261.T12."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from transcription.rules.digit_sounds import digits_like
from transcription.rules.digits import piece_at
from transcription.rules.number_words import DIGITS, UNITS
from transcription.rules.text import word_set

_LETTERS = {
    "bê": "B", "bờ": "B", "xê": "C", "cờ": "C", "đê": "D", "dê": "D", "dờ": "D", "đờ": "Đ", "ép": "F", "gờ": "G",
    "giê": "G", "hát": "H", "hắt": "H", "hờ": "H", "hách": "H", "ca": "K", "ka": "K", "lờ": "L", "mờ": "M", "em": "M",
    "en": "N", "eo": "L", "nờ": "N", "anh": "N", "pê": "P", "pờ": "P", "quy": "Q", "cu": "Q", "rờ": "R", "sờ": "S",
    "ét": "S", "xì": "S", "tê": "T", "tờ": "T", "vê": "V", "vờ": "V", "ích": "X", "xờ": "X", "a": "A", "á": "A",
    "e": "E", "i": "I", "u": "U", "y": "Y",
}  # fmt: skip
"""How the letters of a number are read out."""

_WEAK = word_set("em anh a á e i u y ca cu quy cờ ka tờ hờ bờ xì dê eo")
"""Other words as well: letters only between other parts of a number."""

_TWICE = {("en", "nờ"), ("em", "mờ"), ("e", "lờ"), ("e", "rờ"), ("ét", "xì"), ("ét", "sì"), ("ích", "xì")}
"""Letters whose names have two syllables."""

_MARKS = {
    **dict.fromkeys(("chấm", "cham", "châm", "chăm", "chậm", "chầm", "trấm"), "."),
    **dict.fromkeys(("gạch", "ngang", "nối", "gach", "hạch"), "-"),
    **dict.fromkeys(("xuyệt", "xẹt", "xoẹt", "suyệt", "sẹc", "xẹc", "sẹt", "phẩy", "trên"), "/"),
}
_FILLED = re.compile(r"[a-zđ]{0,6}-?\d[\da-zđ]*(?:[./-][\da-zđ]+)*")
_CAPITALS = re.compile(r"[bcdghklmnpqrstvxđ]{1,6}(?:-(?:\d+|[a-zđ]{1,5}))?|syt|byt|ubnd")
_MONEY = re.compile(r"\d{1,3}(?:\.\d{3})+")
_DAY = re.compile(r"\d{1,2}[./-]\d{1,2}(?:[./-](?:\d{4}|\d{2}))?")
_PORTAL = re.compile(r"((?:\d{3}\.(?:\d{2}\.)?\d{2}\.)H\d{2})[.-]?(\d{6})[.-]?(\d{4})")
"""The portal's codes of other offices: their number, then the date and the serial number."""
_ISSUER = re.compile(r"(?<=[/-])([A-ZĐ]{2,4})(SYT|TTR|UBND|TTYT|BHXH)$")
"""The kind of an official paper and who gave it out."""
_HEALTH = re.compile(r"(?<=[A-ZĐ/-])SIT$")
"""Sở Y tế, whose y is read out like an i."""
_LIKE_TWO = word_set("hai ai hài")
_TENS_OF_YEARS = {"hai": 2, "ba": 3, "lẻ": 0, "linh": 0}
_UNITS_OF_YEARS = {word: value for word, value in (DIGITS | UNITS).items() if value}
_YEAR = re.compile(r"20[0-3]\d")
_YEAR_ALONE = re.compile(r"(?:5-?)?20[0-3]\d")
"""A year, also with its năm read as a five."""
_NEAR = 0.75
_LINKING = word_set("hay và mà là")
"""Words that sound like digits, but join two numbers."""
_MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class PaperNumber:
    """A number in words[start:end]: `code` as on paper, its digits, and how it was put together."""

    start: int
    end: int
    code: str
    digits: str
    mixed: bool
    marked: bool
    one_by_one: bool
    """Whether it was said digit by digit, or written, and not as one number that counts something."""
    doubtful: int = 0
    """How many of its digits were misheard."""


class _Part(NamedTuple):
    """What a word adds to a number, where the next begins, whether it is one figure or sign, and well heard."""

    text: str
    end: int
    single: bool = True
    exact: bool = True


def number_at(words: Sequence[str], start: int) -> PaperNumber | None:
    """The longest run of digits, letters read out and strokes that begins at `start`."""
    parts: list[_Part] = []
    place = start
    while place < min(len(words), start + _MOST_WORDS):
        part = _part(words, place) if not parts else _part_within(words, place, parts[-1])
        if part is None:
            break
        parts.append(part)
        place = part.end
    while parts and not parts[-1].text[-1:].isalnum():
        parts.pop()
    return _number(words, start, parts) if parts else None


def _part_within(words: Sequence[str], place: int, before: _Part) -> _Part | None:
    """The next part of a number that has begun."""
    word = words[place]
    if word in _MARKS:
        skip = place + 1 < len(words) and words[place + 1] in _MARKS  # "gạch ngang", "gạch nối"
        return _Part(_MARKS[word], place + 1 + skip)
    if word in _WEAK and not _goes_on(words, place + 1):
        return None
    if _is_written(word) and _is_written(words[place - 1]) and _year_at(words, place) is None:
        return _Part(f"-{word.upper()}", place + 1)  # words are read without their strokes
    return _plain_part(words, place) or (_misheard(words, place) if before.text[-1].isdigit() else None)


def _part(words: Sequence[str], place: int) -> _Part | None:
    """The first part of a number; a weak letter only before another and a digit."""
    if words[place] in _WEAK and not _leads(words, place + 1):
        return None
    return _plain_part(words, place) or _misheard_zero(words, place)


def _plain_part(words: Sequence[str], place: int) -> _Part | None:
    word = words[place]
    year = _year_at(words, place)
    if year is not None:
        return _Part(*year)
    piece = piece_at(words, place)
    if piece is not None and not word[:1].isdigit():
        return _Part(piece.digits, piece.end, len(piece.digits) == 1)
    if _is_written(word):
        return _Part(word.upper(), place + 1)
    following = words[place + 1] if place + 1 < len(words) else ""
    if (word, following) in _TWICE:
        return _Part(_LETTERS[word] if word in _LETTERS and word != "e" else _LETTERS[following], place + 2)
    return _Part(_LETTERS[word], place + 1) if word in _LETTERS else None


def _misheard(words: Sequence[str], place: int) -> _Part | None:
    """A word that sounds like a digit between a digit and a clear digit: "không tắm ba"."""
    near = digits_like(words[place])
    if not near or near[0][1] > _NEAR or words[place] in _LINKING or place + 1 >= len(words):
        return None
    return _Part(str(near[0][0]), place + 1, exact=False) if words[place + 1] in DIGITS else None


def _misheard_zero(words: Sequence[str], place: int) -> _Part | None:
    """A leading zero misheard before two clear digits: "hông không một"."""
    near = digits_like(words[place])
    clear = [word in DIGITS for word in words[place + 1 : place + 3]] == [True, True]
    return _Part("0", place + 1, exact=False) if clear and near and near[0][0] == 0 and near[0][1] <= _NEAR else None


def _year_at(words: Sequence[str], place: int) -> tuple[str, int] | None:
    """A year of this century inside a number: hai ngàn (không trăm) hai mươi lăm, hai ngàn hai lăm."""
    said = tuple(words[place : place + 6])
    if len(said) < 2 or said[0] not in _LIKE_TWO or said[1] not in ("ngàn", "nghìn"):
        return None
    after = place + 4 if said[2:4] == ("không", "trăm") else place + 2
    pair = piece_at(words, after) if after < len(words) else None
    if pair is not None and len(pair.digits) == 2:
        return f"20{pair.digits}", pair.end
    short = said[after - place : after - place + 2]
    if len(short) == 2 and short[0] in _TENS_OF_YEARS and short[1] in _UNITS_OF_YEARS:
        return f"20{_TENS_OF_YEARS[short[0]]}{_UNITS_OF_YEARS[short[1]]}", after + 2
    return None


def _is_written(word: str) -> bool:
    return bool(_FILLED.fullmatch(word) or _CAPITALS.fullmatch(word))


def _goes_on(words: Sequence[str], place: int) -> bool:
    if place >= len(words):
        return False
    word = words[place]
    return piece_at(words, place) is not None or word in _MARKS or (word in _LETTERS and word not in _WEAK)


def _leads(words: Sequence[str], place: int) -> bool:
    """Whether a letter and then a digit follow: "ca dê hai sáu"."""
    return place + 1 < len(words) and words[place] in _LETTERS and piece_at(words, place + 1) is not None


def _number(words: Sequence[str], start: int, parts: Sequence[_Part]) -> PaperNumber | None:
    code, end = _joined([part.text for part in parts]), parts[-1].end
    digits = "".join(char for char in code if char.isdigit())
    written = words[start] if end == start + 1 else ""
    if _MONEY.fullmatch(written) or _DAY.fullmatch(written) or _YEAR_ALONE.fullmatch(code) or not digits:
        return None
    mixed = any(char.isalpha() for char in code)
    marked = re.search(r"[./-]", code) is not None
    doubtful = sum(not part.exact for part in parts)
    return PaperNumber(start, end, code, digits, mixed, marked, all(part.single for part in parts), doubtful)


def _joined(parts: Sequence[str]) -> str:
    """The parts in one, a dash between a group of letters and the digits beside it."""
    code, letters = "", 0
    for before, part in pairwise(("", *parts)):
        if before.isdigit() and part.isdigit() and (_YEAR.fullmatch(before) or _YEAR.fullmatch(part)):
            code += "-"
        if (code and part[0].isdigit() and letters > 1) or (code and part[0].isalpha() and code[-1].isdigit()):
            code += "-"
        code += part
        letters = letters + 1 if part.isalpha() and len(part) == 1 else len(part) * part.isalpha()
    return _with_strokes(code)


def _with_strokes(code: str) -> str:
    """The code with the strokes that are never read out: 5521/VP-SYT, 000.25.H29-260112-0031."""
    portal = _PORTAL.fullmatch(code)
    return "-".join(portal.groups()) if portal else _ISSUER.sub(r"\1-\2", _HEALTH.sub("SYT", code))
