"""Dossier codes of the public-service portal and receipt numbers, written or read out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from transcription.rules.calendar_days import day_in_month
from transcription.rules.digits import DigitRun, find_digit_runs
from transcription.rules.paper_numbers import PaperNumber, number_at
from transcription.rules.phones import phone_kind
from transcription.rules.text import fold, word_set

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
_WRITTEN_LONG = re.compile(r"\d{3}\.\d{2}\.\d{2}\.[hg]\d{2}-\d{6}-\d{4,6}", re.IGNORECASE)
_SPOKEN = re.compile(r"(\d{2})(\d{2})(\d{6})(\d{4})")
_CODE_DIGITS = 14

_PAPERS = (
    "biên nhận",
    "biên lai",
    "phiếu hẹn",
    "giấy hẹn",
    "hồ sơ",
    "mã số",
    "tiếp nhận",
    "phiếu",
    "số hồ sơ",
    "vận đơn",
    "tra cứu",
    "mã",
)
_PAPERS_FOLDED = tuple(fold(paper) for paper in _PAPERS)
_BETWEEN = word_set(
    "cũ mới số mã là của tôi tui em thì có ghi đó này mang biên nhận hồ sơ đơn nó cái dạ ờ à so ma la cua toi"
)
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_BROKEN_PHONE = re.compile(r"0[35789]\d{4,}")
"""What is left of a mobile number of which some digits were not heard."""
_LEAST_DIGITS, _REACH = 3, 8
_PAPER_WORDS = frozenset(word for paper in _PAPERS_FOLDED for word in paper.split())
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
    if not codes:
        codes = list(_spoken_codes(words, generous=True))
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
        letter = _LETTERS.get(fold(words[run.start - 1])) if run.start else None
        code = _coded(run, letter or "H")
        if code is not None and (letter or _is_dated(code)):
            sureness = (0.95 if letter else 0.8) - 0.1 * run.doubtful - (0 if _is_dated(code) else 0.35)
            yield DossierMatch(run.start - bool(letter), run.end, code, "code", round(max(sureness, 0.1), 2))


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


def _is_dated(code: str) -> bool:
    """Whether the code's third group is a date (year, month, day), as every real one's is."""
    group = re.split(r"[.-]", code)[2]
    return day_in_month(int(group[4:]), int(group[2:4]), 2000 + int(group[:2])) is not None


def _receipts(words: Sequence[str]) -> Iterator[DossierMatch]:
    """Numbers after "biên nhận số" and the like: with letters and strokes, or long, or read out digit by digit."""
    folded = [fold(word) for word in words]
    made = [*_made_receipts(words, folded)]
    yield from made
    taken = {place for match in made for place in range(match.start, match.end)}
    for run in find_digit_runs(words, at_least=4):
        if not taken.isdisjoint(range(run.start, run.end)) or _GROUPED.fullmatch(words[run.start]):
            continue
        plain = run.digits[0] == "0" or len(run.digits) > 4
        if phone_kind(run.digits) == "unknown" and _is_of_paper(words, folded, run.start, numbered=plain):
            sureness = max(0.1, 0.85 - 0.1 * run.doubtful)
            yield DossierMatch(run.start, run.end, _as_said(run), "receipt", round(sureness, 2))


def _made_receipts(words: Sequence[str], folded: Sequence[str]) -> Iterator[DossierMatch]:
    """Numbers of an office's own making: 1184/BN, KD-26/0119, 79.0261.T12, biên nhận một một tám."""
    place = 0
    while place < len(words):
        number = number_at(words, place) if _PAPER_WORDS.intersection(folded[max(0, place - _REACH) : place]) else None
        if number and _is_receipt(words, folded, number):
            yield DossierMatch(place, number.end, number.code, "receipt", 0.8)
            place = number.end
        place += 1


def _is_receipt(words: Sequence[str], folded: Sequence[str], number: PaperNumber) -> bool:
    long = len(number.digits) > 4 or (number.digits[0] == "0" and len(number.digits) >= _LEAST_DIGITS)
    if len(number.digits) < _LEAST_DIGITS or phone_kind(number.digits) != "unknown":
        return False
    if number.mixed or number.marked:
        return _is_of_paper(words, folded, number.start, lettered=True)
    counts = number.end < len(words) and words[number.end] in _COUNTED
    plain = (long or (number.one_by_one and not counts)) and not _BROKEN_PHONE.fullmatch(number.digits)
    return plain and _is_of_paper(words, folded, number.start, numbered=True)


def _as_said(run: DigitRun) -> str:
    """The digits with the separators that were said between them."""
    return "".join(piece.separator.replace(",", ".") + piece.digits for piece in run.pieces).lstrip(".-")


def _is_of_paper(
    words: Sequence[str], folded: Sequence[str], place: int, *, numbered: bool = False, lettered: bool = False
) -> bool:
    """Whether the words before a place name a paper and its number, with only small words between.

    A long number needs no "số" if it follows the paper at once (`numbered`), one with letters never (`lettered`).
    """
    head = place
    while head > 0 and words[head - 1] in _BETWEEN:
        head -= 1
    before = " ".join(folded[max(0, head - 2) : place])
    announced = not {"số", "mã", "so", "ma"}.isdisjoint(words[max(0, head - 3) : place])
    adjacent = numbered and any(before.endswith(paper) for paper in _PAPERS_FOLDED)
    return (announced or adjacent or lettered) and any(paper in before for paper in _PAPERS_FOLDED)
