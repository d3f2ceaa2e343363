"""Receipt numbers of every office's own making, written or read out: 118/BN, HS-2511/0093, 79.0261.T12."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transcription.rules.digits import piece_at
from transcription.rules.text import word_set

_LETTERS = {
    "bê": "B", "bờ": "B", "xê": "C", "cờ": "C", "đê": "D", "dê": "D", "dờ": "D", "đờ": "Đ", "ép": "F", "gờ": "G",
    "giê": "G", "hát": "H", "hắt": "H", "hờ": "H", "hách": "H", "ca": "K", "ka": "K", "lờ": "L", "mờ": "M", "em": "M",
    "en": "N", "nờ": "N", "anh": "N", "pê": "P", "pờ": "P", "quy": "Q", "cu": "Q", "rờ": "R", "sờ": "S", "ét": "S",
    "xì": "S", "tê": "T", "tờ": "T", "vê": "V", "vờ": "V", "ích": "X", "xờ": "X", "a": "A", "á": "A", "e": "E",
    "i": "I", "u": "U", "y": "Y",
}  # fmt: skip
"""How the letters of a number are read out."""

_WEAK = word_set("em anh a á e i u y ca cu quy cờ ka tờ hờ bờ xì dê")
"""Other words as well: letters only between other parts of a number."""

_TWICE = {("en", "nờ"), ("em", "mờ"), ("e", "lờ"), ("e", "rờ"), ("ét", "xì"), ("ét", "sì"), ("ích", "xì")}
"""Letters whose names have two syllables."""

_MARKS = {
    **dict.fromkeys(("chấm", "cham", "châm", "chăm", "chậm", "chầm", "trấm"), "."),
    **dict.fromkeys(("gạch", "ngang", "nối", "gach", "hạch"), "-"),
    **dict.fromkeys(("xuyệt", "xẹt", "xoẹt", "suyệt", "sẹc", "xẹc", "sẹt", "phẩy", "trên"), "/"),
}
_FILLED = re.compile(r"[a-zđ]{0,6}-?\d[\da-zđ]*(?:[./-][\da-zđ]+)*")
_CAPITALS = re.compile(r"[bcdghklmnpqrstvxđ]{1,6}(?:-(?:\d+|[a-zđ]{1,5}))?")
_MONEY = re.compile(r"\d{1,3}(?:\.\d{3})+")
_DAY = re.compile(r"\d{1,2}[./-]\d{1,2}(?:[./-](?:\d{4}|\d{2}))?")
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


def number_at(words: Sequence[str], start: int) -> PaperNumber | None:
    """The longest run of digits, letters read out and strokes that begins at `start`."""
    parts: list[str] = []
    place = end = start
    counted = False
    while place < min(len(words), start + _MOST_WORDS):
        step = _part(words, place, begun=bool(parts))
        if step is None:
            break
        text, after, one = step
        parts, place, counted = [*parts, text], after, counted or not one
        end = after if text[-1:].isalnum() else end
    while parts and not parts[-1][-1:].isalnum():
        parts.pop()
    return _number(words, start, end, parts, counted=counted) if parts else None


def _part(words: Sequence[str], place: int, *, begun: bool) -> tuple[str, int, bool] | None:
    """What the word at a place adds to a number, where the next begins, and whether it is one figure or sign."""
    word = words[place]
    if begun and word in _MARKS:
        skip = place + 1 < len(words) and words[place + 1] in _MARKS  # "gạch ngang", "gạch nối"
        return _MARKS[word], place + 1 + skip, True
    piece = piece_at(words, place)
    if piece is not None and not word[:1].isdigit():
        return piece.digits, piece.end, len(piece.digits) == 1
    if _is_written(word):
        stroke = "-" if begun and _is_written(words[place - 1]) else ""  # words are read without their strokes
        return stroke + word.upper(), place + 1, True
    letter = _LETTERS.get(word)
    twice = (word, words[place + 1] if place + 1 < len(words) else "") in _TWICE
    if twice:
        return _LETTERS[word] if word in _LETTERS and word != "e" else _LETTERS[words[place + 1]], place + 2, True
    if letter is None or (word in _WEAK and not (_goes_on(words, place + 1) if begun else _leads(words, place + 1))):
        return None
    return letter, place + 1, True


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


def _number(words: Sequence[str], start: int, end: int, parts: Sequence[str], *, counted: bool) -> PaperNumber | None:
    code = _joined(parts)
    digits = "".join(char for char in code if char.isdigit())
    written = words[start] if end == start + 1 else ""
    if _MONEY.fullmatch(written) or _DAY.fullmatch(written) or not digits:
        return None
    mixed = any(char.isalpha() for char in code)
    return PaperNumber(start, end, code, digits, mixed, bool(re.search(r"[./-]", code)), not counted)


def _joined(parts: Sequence[str]) -> str:
    """The parts in one, a dash between a group of letters and the digits beside it."""
    code, letters = "", 0
    for part in parts:
        if (code and part[0].isdigit() and letters > 1) or (code and part[0].isalpha() and code[-1].isdigit()):
            code += "-"
        code += part
        letters = letters + 1 if part.isalpha() and len(part) == 1 else len(part) * part.isalpha()
    return code
