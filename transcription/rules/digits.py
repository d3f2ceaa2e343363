"""Strings of digits as people say them: one by one, in pairs, in hundreds, "ba số bảy", between hesitations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from transcription.rules.digit_sounds import digits_like
from transcription.rules.number_words import DIGITS, UNITS, lacks_diacritics
from transcription.rules.text import folded, word_set

_SAID = DIGITS | UNITS | {"tứ": 4}

MISHEARD = {
    "khong": 0, "hong": 0, "khon": 0, "hon": 0, "cong": 0, "kong": 0, "mot": 1, "mo": 1, "moc": 1, "hai": 2, "hay": 2,
    "ai": 2, "ba": 3, "pa": 3, "bon": 4, "bong": 4, "bo": 4, "bun": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "lan": 5,
    "nan": 5, "sau": 6, "xau": 6, "bay": 7, "bai": 7, "tam": 8, "tham": 8, "tan": 8,
    "chin": 9, "trin": 9, "chi": 9, "chinh": 9,
}  # fmt: skip
"""Folded forms that stand for a digit only between digits."""

_TEN = word_set("mươi muoi chục chuc")
_TEN_FIRST = word_set("mười muoi")
_HUNDRED = word_set("trăm tram")
_LINK = word_set("linh lẻ lẽ")
_RESTORED = {folded(word): word for word in (*UNITS, *DIGITS)}
"""Digit words for text without diacritics."""

_TIMES = word_set("số con so")
_SEPARATORS = {
    **dict.fromkeys(("chấm", "cham", "châm", "chăm", "chậm", "chầm", "chấn", "trấm"), "."),
    **dict.fromkeys(("gạch", "gach", "ngang", "nối", "trừ", "xuyệt", "xẹt"), "-"),
    "phẩy": ",",
}
"""Spoken separators, with what recognisers make of chấm."""

_NEAR, _AHEAD, _MOST_OF_THEM = 1.0, 6, 4
"""How near a word must sound to a digit; how many of how many words ahead must be clear digits."""

_HESITATIONS = word_set(
    "ờ à ừ ừm ờm ạ dạ a ơ rồi tiếp theo là nha nghen xong tới đến số sau đó cái gì ha nhé nè còn vâng"
)
_SEPARATED = re.compile(r"\+?\d+(?:[.,-]\d+)*")
_WRITTEN_FIRST = re.compile(r"[+\d]")
_BEGIN = _SAID.keys() | _TEN_FIRST
"""Most words begin no digits, and every place is asked about many times."""


@dataclass(frozen=True, slots=True)
class DigitPiece:
    """One way of saying one or more digits at words[start:end]; `separator` is what was said before it."""

    start: int
    end: int
    digits: str
    exact: bool = True
    separator: str = ""


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Digits said in one go, as pieces in order."""

    pieces: tuple[DigitPiece, ...]

    @property
    def start(self) -> int:
        """Index of the first word."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Index after the last word."""
        return self.pieces[-1].end

    @property
    def digits(self) -> str:
        """All the digits."""
        return "".join(piece.digits for piece in self.pieces)

    @property
    def doubtful(self) -> int:
        """How many pieces were guessed from a misheard word."""
        return sum(not piece.exact for piece in self.pieces)


def find_digit_runs(words: Sequence[str], at_least: int = 3, *, generous: bool = False) -> list[DigitRun]:
    """Runs of `at_least` digits or more, hesitations and spoken separators allowed between them.

    A `generous` hearing takes mười after a digit for mươi ("chín mười hai" gives 92, not 912) and lets a misheard
    word begin a run.
    """
    if lacks_diacritics(words):
        words = [_RESTORED.get(word, word) for word in words]
    if generous:
        words = _with_mended_tens(words)
    runs: list[DigitRun] = []
    place = 0
    while place < len(words):
        run = _run(words, place, generous)
        place = run.end if run else place + 1
        if run and len(run.digits) >= at_least:
            runs.append(run)
    return runs


def _with_mended_tens(words: Sequence[str]) -> list[str]:
    before = ("", *words)
    return ["mươi" if word == "mười" and _like_digit(before[place]) else word for place, word in enumerate(words)]


def _like_digit(word: str) -> bool:
    return word in _SAID or folded(word) in MISHEARD


def _run(words: Sequence[str], start: int, generous: bool) -> DigitRun | None:
    first = piece_at(words, start) or (_guessed_first(words, start) if generous else None)
    if first is None:
        return None
    pieces = [first]
    while (following := _next_piece(words, pieces[-1].end, generous)) is not None:
        pieces.append(following)
    return DigitRun(tuple(_without_guessed_end(pieces)))


def _guessed_first(words: Sequence[str], start: int) -> DigitPiece | None:
    """A misheard digit that a clear one, and another or a separator, follow at once, or a zero before more of them."""
    guess = _guess(words, start, generous=True)
    if guess is None:
        return None
    clear = start + 2 < len(words) and words[start + 1] in _SAID
    clear = clear and (words[start + 2] in _SAID or words[start + 2] in _SEPARATORS)
    return guess if clear or (guess.digits == "0" and _leads_on(words, start)) else None


def _leads_on(words: Sequence[str], start: int) -> bool:
    """Whether most of the next words are digits, as in a telephone number partly misheard."""
    return sum(word in _SAID for word in words[start + 1 : start + 1 + _AHEAD]) >= _MOST_OF_THEM


def _next_piece(words: Sequence[str], place: int, generous: bool) -> DigitPiece | None:
    """The next piece of a run, past at most three hesitations and a separator."""
    separator = ""
    for skipped in range(place, min(place + 4, len(words))):
        piece = piece_at(words, skipped)
        if piece is None and (skipped == place or separator):
            piece = _guess(words, skipped, generous=generous)
        if piece is not None:
            return DigitPiece(piece.start, piece.end, piece.digits, piece.exact, separator)
        separator = separator or _SEPARATORS.get(words[skipped], "")
        if words[skipped] not in _HESITATIONS and words[skipped] not in _SEPARATORS:
            return None
    return None


def _without_guessed_end(pieces: list[DigitPiece]) -> list[DigitPiece]:
    """A misheard word counts only between sure ones, or as a last single digit of a long run."""
    while len(pieces) > 1 and not pieces[-1].exact and (len(pieces) < 8 or not pieces[-2].exact):
        pieces = pieces[:-1]
    return pieces


def piece_at(words: Sequence[str], place: int) -> DigitPiece | None:
    """The digits said or written at a place, as one piece."""
    if words[place] not in _BEGIN and not _WRITTEN_FIRST.match(words[place]):
        return None
    return _written(words, place) or _repeated(words, place) or _spoken(words, place)


def _written(words: Sequence[str], place: int) -> DigitPiece | None:
    word = words[place]
    if not _SEPARATED.fullmatch(word) or not word.isascii():
        return None
    return DigitPiece(place, place + 1, re.sub(r"[^\d]", "", word))


def _repeated(words: Sequence[str], place: int) -> DigitPiece | None:
    """Ba số bảy is 777, hai con không is 00."""
    times = DIGITS.get(words[place], 0)
    if not 2 <= times <= 6 or place + 2 >= len(words) or words[place + 1] not in _TIMES:
        return None
    digit = _SAID.get(words[place + 2])
    if digit is None or (place + 3 < len(words) and words[place + 3] in _TEN):
        return None
    return DigitPiece(place, place + 3, str(digit) * times)


def _spoken(words: Sequence[str], place: int) -> DigitPiece | None:
    if words[place] in _TEN_FIRST:
        unit = _unit(words, place + 1)
        return DigitPiece(place, place + 1 + int(unit > 0), str(10 + unit))
    digit = _SAID.get(words[place])
    if digit is None:
        return None
    following = words[place + 1] if place + 1 < len(words) else ""
    if following in _HUNDRED and digit > 0:
        return _hundreds(words, place, digit)
    if following in _TEN and digit > 0:
        unit = _unit(words, place + 2)
        return DigitPiece(place, place + 2 + int(unit > 0), str(10 * digit + unit))
    return DigitPiece(place, place + 1, str(digit))


def _hundreds(words: Sequence[str], place: int, hundreds: int) -> DigitPiece:
    """Chín trăm linh hai is 902, bảy trăm bảy mươi bảy 777, a bare chín trăm 900."""
    end = place + 2
    if end < len(words) and words[end] in _LINK:
        unit = _unit(words, end + 1)
        return DigitPiece(place, end + 1 + int(unit > 0), f"{hundreds}0{unit}")
    short = _short_pair(words, end)
    if short:
        return DigitPiece(place, end + 2, f"{hundreds}{short}")
    rest = _spoken(words, end) if end < len(words) and _pair_follows(words, end) else None
    if rest is None or len(rest.digits) != 2:
        return DigitPiece(place, end, f"{hundreds}00")
    return DigitPiece(place, rest.end, f"{hundreds}{rest.digits}")


def _short_pair(words: Sequence[str], place: int) -> str:
    """The tens of "năm trăm tám mốt", whose mươi goes unsaid: only before a unit's name that is said after tens."""
    tens, unit = (DIGITS.get(words[place], 0), UNITS.get(words[place + 1], 0)) if place + 1 < len(words) else (0, 0)
    return f"{tens}{unit}" if tens and unit else ""


def _pair_follows(words: Sequence[str], place: int) -> bool:
    return words[place] in _TEN_FIRST or (place + 1 < len(words) and words[place + 1] in _TEN)


def _unit(words: Sequence[str], place: int) -> int:
    """The unit that completes a pair: not if it begins a pair of its own, as in "chín mươi sáu mươi"."""
    unit = _SAID.get(words[place], 0) if place < len(words) else 0
    starts_another = place + 1 < len(words) and (words[place + 1] in _TEN or words[place + 1] in _HUNDRED)
    return 0 if starts_another else unit


@lru_cache(maxsize=20_000)
def _sounded(word: str, *, generous: bool) -> int | None:
    """The digit that a word other than one stands for."""
    digit = 0 if word in _LINK else MISHEARD.get(folded(word))
    near = digits_like(word) if digit is None and generous else ()
    return near[0][0] if near and near[0][1] <= _NEAR else digit


def _guess(words: Sequence[str], place: int, *, generous: bool) -> DigitPiece | None:
    """A misheard digit, or a zero said as lẻ: "không chín lẻ ba"; if `generous` also what only sounds like one."""
    digit = _sounded(words[place], generous=generous)
    if digit is None:
        return None
    if digit and place + 1 < len(words) and words[place + 1] in _TEN:
        unit = _unit(words, place + 2)
        return DigitPiece(place, place + 2 + int(unit > 0), str(10 * digit + unit), exact=False)
    return DigitPiece(place, place + 1, str(digit), exact=False)
