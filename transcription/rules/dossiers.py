"""Dossier codes of the public-service portal and receipt numbers, written or read out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from transcription.rules.calendar_days import day_in_month
from transcription.rules.digits import DigitRun, find_digit_runs
from transcription.rules.dossier_mending import mended_codes
from transcription.rules.paper_numbers import PaperNumber, number_at
from transcription.rules.papers import Papers
from transcription.rules.phones import phone_kind
from transcription.rules.text import folded, word_set

DossierKind = Literal["code", "receipt"]

_LETTERS = {
    "h": "H",
    "hat": "H",
    "hac": "H",
    "ho": "H",
    "hach": "H",
    "ach": "H",
    "hap": "H",
    "hot": "H",
    "g": "G",
    "ge": "G",
    "gie": "G",
}
"""How the letter before the province's two digits is read out, folded."""

_WRITTEN = re.compile(r"(?:\d{3}\.\d{2}\.\d{2}\.)?([hg])(\d{2})[.-](\d{2})[.-](\d{6})[.-](\d{4,6})", re.IGNORECASE)
_WRITTEN_LONG = re.compile(r"\d{3}\.(?:\d{2}\.){1,2}[hg]\d{2}-\d{6}-\d{4,6}", re.IGNORECASE)
_SPOKEN = re.compile(r"(\d{2})(\d{2})(\d{6})(\d{4})")
_CODE_DIGITS, _BORDERS = 14, (0, 2, 4, 10)
_CLEAR = 0.75
"""How sure a code is whose digits, date and separators fit."""

_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_BROKEN_PHONE = re.compile(r"0[35789]\d{4,}")
"""What is left of a mobile number of which some digits were not heard."""
_LEAST_DIGITS, _LONG, _LEAST_LETTERS = 3, 5, 2
_BROKEN_CODE = re.compile(r"^(?:[HG]29?\b|[HG]2?9?[.-]|29[.-]2|292[345]\d{5})")
"""What is left of a portal's code of which some digits were not heard."""
_IN_GROUPS = re.compile(r"\d{2}[./-]\d{4}[./-]\d{2,4}|\d{4}-\d{4}-\d{2,4}")
"""The year or the day's month, then numbers in groups: 26.0108.451, 2026-0118-77."""
_LETTER_GROUP = re.compile(r"[A-ZĐ]+")
_MEASURED = re.compile(r"\d-?(?:MG|ML|KG|KM|CM|MM|TR|VND|VNĐ|PT|KB|GB|MCG|UI|IU)\d*$")
_OF_LAW = re.compile(r"-(?:BYT|CP|TTG|QH\d*|BTC)$")
"""Laws, decrees and circulars that callers cite."""
_SERVICES = frozenset({"1022", "113", "114", "115", "111", "112"})
_NUMBER = word_set("số mã so ma")
_COUNTED = word_set(
    "ngày tháng năm tuần giờ phút tiếng lần người cái tờ bản bộ đợt lượt hôm bữa trang đồng triệu ngàn nghìn trăm cây "
    "bước món loại khoản ngay thang nam tuan gio lan"
)
"""What a number before these counts: it names no paper."""


@dataclass(frozen=True, slots=True)
class DossierMatch:
    """A dossier or receipt number in words[start:end]; `code` as written on paper; `sureness` 0-1."""

    start: int
    end: int
    code: str
    kind: DossierKind
    sureness: float


def find_dossiers(words: Sequence[str]) -> list[DossierMatch]:
    """The dossier codes (H29.25.260105.0012) and receipt numbers in lower-case `words`, in order."""
    codes = [*_written_codes(words), *_spoken_codes(words)]
    if all(code.sureness < _CLEAR for code in codes):
        codes = [*_mended(words)] or codes or [*_spoken_codes(words, generous=True)]
    taken = {place for match in codes for place in range(match.start, match.end)}
    receipts = [match for match in _receipts(words) if taken.isdisjoint(range(match.start, match.end))]
    return sorted([*codes, *receipts], key=lambda match: match.start)


def _written_codes(words: Sequence[str]) -> Iterator[DossierMatch]:
    for place, word in enumerate(words):
        shape = _WRITTEN.fullmatch(word)
        if shape or _WRITTEN_LONG.fullmatch(word):
            yield DossierMatch(place, place + 1, word.upper(), "code", 1.0)


def _spoken_codes(words: Sequence[str], *, generous: bool = False) -> Iterator[DossierMatch]:
    for said in find_digit_runs(words, at_least=_CODE_DIGITS, generous=generous):
        run = _first_digits(said)
        letter = _LETTERS.get(folded(words[run.start - 1])) if run.start else None
        code = _coded(run, letter or "H")
        if code is not None and (letter or _is_dated(code)):
            sureness = (0.95 if letter else 0.8) - 0.1 * run.doubtful - (0 if _is_dated(code) else 0.35)
            sureness -= 0.2 * (not _marked_at_borders(run))
            yield DossierMatch(run.start - bool(letter), run.end, code, "code", round(max(sureness, 0.1), 2))


def _mended(words: Sequence[str]) -> Iterator[DossierMatch]:
    for code in mended_codes(words):
        digits = code.digits
        written = f"H{digits[:2]}.{digits[2:4]}.{digits[4:10]}.{digits[10:]}"
        yield DossierMatch(code.start, code.end, written, "code", code.sureness)


def _first_digits(run: DigitRun) -> DigitRun:
    """The beginning of a run that is as long as a code: what follows ("hai tuần nay") is another number."""
    for count in range(1, len(run.pieces)):
        beginning = DigitRun(run.pieces[:count])
        if len(beginning.digits) == _CODE_DIGITS:
            return beginning
    return run


def _coded(run: DigitRun, letter: str) -> str | None:
    """The digits in the code's groups, with the separators that were said (dots if none were)."""
    parts = _SPOKEN.fullmatch(run.digits)
    if parts is None:
        return None
    marks = [_mark_before(run, place) for place in (2, 4, 10)]
    return f"{letter}{parts[1]}{marks[0]}{parts[2]}{marks[1]}{parts[3]}{marks[2]}{parts[4]}"


def _mark_before(run: DigitRun, place: int) -> str:
    """The separator said before the piece that holds digit number `place`."""
    seen = 0
    for piece in run.pieces:
        if seen == place:
            return "-" if piece.separator == "-" else "."
        seen += len(piece.digits)
    return "."


def _marked_at_borders(run: DigitRun) -> bool:
    """Whether the separators said stand where the code has its own: elsewhere a digit was lost or heard twice."""
    seen = 0
    for piece in run.pieces:
        if piece.separator and seen not in _BORDERS:
            return False
        seen += len(piece.digits)
    return True


def _is_dated(code: str) -> bool:
    """Whether the code's third group is a date (year, month, day), as every real one's is."""
    group = re.split(r"[.-]", code)[2]
    return day_in_month(int(group[4:]), int(group[2:4]), 2000 + int(group[:2])) is not None


def _receipts(words: Sequence[str]) -> Iterator[DossierMatch]:
    """Numbers after "biên nhận số" and the like: with letters and strokes, or long, or read out digit by digit."""
    papers = Papers(words)
    made = [*_made_receipts(words, papers)]
    yield from made
    taken = {place for match in made for place in range(match.start, match.end)}
    for run in find_digit_runs(words, at_least=4):
        if not taken.isdisjoint(range(run.start, run.end)) or _GROUPED.fullmatch(words[run.start]):
            continue
        whole = number_at(words, run.start)
        if whole is not None and _is_something_else(whole.code):
            continue
        long = run.digits[0] == "0" or len(run.digits) >= _LONG
        if not _is_other(words, run.start, run.digits) and papers.own_plain(run.start, long=long):
            sureness = max(0.1, 0.85 - 0.1 * run.doubtful)
            yield DossierMatch(run.start, run.end, _as_said(run), "receipt", round(sureness, 2))


def _made_receipts(words: Sequence[str], papers: Papers) -> Iterator[DossierMatch]:
    """Numbers of an office's own making: 1184/BN, KD-26/0119, 79.0261.T12, biên nhận một một tám."""
    place = 0
    while place < len(words):
        number = number_at(words, place) if papers.any_near(place) else None
        if number and _is_receipt(words, papers, number):
            yield DossierMatch(place, number.end, number.code, "receipt", max(0.1, 0.8 - 0.15 * number.doubtful))
            place = number.end
        place += 1


def _is_receipt(words: Sequence[str], papers: Papers, number: PaperNumber) -> bool:
    if len(number.digits) < _LEAST_DIGITS or not number.digits.strip("0") or _is_something_else(number.code):
        return False
    if _is_shaped(number) and papers.own_shaped(number.start):
        return True
    if number.digits.startswith("00") and len(number.digits) >= _LONG and papers.is_close(number.start):
        return True
    if _is_other(words, number.start, number.digits):
        return False
    if number.mixed or number.marked:
        return papers.own_lettered(number.start)
    counts = number.end < len(words) and words[number.end] in _COUNTED
    long = len(number.digits) >= _LONG or number.digits[0] == "0"
    plain = (long or (number.one_by_one and not counts)) and not _BROKEN_PHONE.fullmatch(number.digits)
    return plain and papers.own_plain(number.start, long=long)


def _is_something_else(code: str) -> bool:
    """Whether a number with letters is a measure, a cited law, or a piece of a portal's code."""
    return any(shape.search(code) for shape in (_BROKEN_CODE, _MEASURED, _OF_LAW))


def _is_shaped(number: PaperNumber) -> bool:
    """Whether nobody takes the number for another: letters before digits, or digits, a stroke and letters."""
    letters = max((len(group) for group in _LETTER_GROUP.findall(number.code)), default=0)
    if _WRITTEN_LONG.fullmatch(number.code) or _IN_GROUPS.fullmatch(number.code):
        return not _BROKEN_PHONE.fullmatch(number.digits)
    return letters >= _LEAST_LETTERS and number.marked


def _is_other(words: Sequence[str], place: int, digits: str) -> bool:
    """Whether the digits are a telephone number, or the number of a well-known service."""
    return phone_kind(digits) != "unknown" or (digits in _SERVICES and words[place - 1] not in _NUMBER)


def _as_said(run: DigitRun) -> str:
    """The digits with the separators that were said between them."""
    return "".join(piece.separator.replace(",", ".") + piece.digits for piece in run.pieces).lstrip(".-")
