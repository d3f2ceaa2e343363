"""Telephone numbers left by callers, however they were said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from transcription.rules.digits import DigitPiece, DigitRun, find_digit_runs
from transcription.rules.dossier_mending import mended_codes
from transcription.rules.text import word_set

PhoneKind = Literal["mobile", "landline", "service", "unknown"]

_SHAPES: tuple[tuple[PhoneKind, re.Pattern[str]], ...] = (
    ("mobile", re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])\d{7}")),
    ("landline", re.compile(r"02(?:0[3-9]|1[0-689]|2[0-25-9]|3[2-9]|[48]\d|5[124-9]|6[0-39]|7[0-7]|9[0-46-79])\d{7}")),
    ("service", re.compile(r"1[89]00\d{4}(?:\d{2})?")),
)
"""Vietnam's numbering plan since 2018; area codes as of 2017 (Ministry of Information, QĐ 2036)."""

_CUES = word_set("số điện thoại gọi máy zalo liên lạc sđt phone so dien thoai goi may")
_CUE_REACH, _PAPER_REACH = 6, 2
_CLEAR = 0.9
"""How sure a number is of which every digit was heard: one less sure may be a piece of a dossier code."""
_PAPERS = word_set("hồ sơ biên nhận phiếu mã hẹn")
"""Right before a number they say that it is a paper's: "số hồ sơ"."""
_CODED = re.compile(r"\d{4}2\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{4,6}")
"""The digits of a dossier code: province and office, date, serial number."""

_CITIZEN = re.compile(r"0(?:0[1-9]|[1-8]\d|9[0-6])\d{9}")


@dataclass(frozen=True, slots=True)
class PhoneMatch:
    """A telephone number in words[start:end]: `digits` in national form; `sureness` 0-1 that it is one, whole."""

    start: int
    end: int
    digits: str
    kind: PhoneKind
    sureness: float


def find_phones(words: Sequence[str]) -> list[PhoneMatch]:
    """The telephone numbers (9 to 11 digits, with or without +84) in lower-case `words`, in order."""
    found = _found(words, generous=False)
    taken = {place for match in found for place in range(match.start, match.end)}
    found += [match for match in _found(words, generous=True) if taken.isdisjoint(range(match.start, match.end))]
    if any(match.sureness < _CLEAR for match in found):
        codes = {place for code in mended_codes(words) for place in range(code.start, code.end)}
        found = [match for match in found if codes.isdisjoint(range(match.start, match.end))]
    return sorted(found, key=lambda match: match.start)


def phone_kind(digits: str) -> PhoneKind:
    """The kind of a number in national form by the Vietnamese numbering plan."""
    return next((kind for kind, shape in _SHAPES if shape.fullmatch(digits)), "unknown")


def _found(words: Sequence[str], *, generous: bool) -> list[PhoneMatch]:
    runs = find_digit_runs(words, at_least=8, generous=generous)
    found = (_best(words, run) for run in runs if not _is_another_number(words, run))
    return [match for match in found if match is not None]


def _is_another_number(words: Sequence[str], run: DigitRun) -> bool:
    """Whether the run as a whole is a dossier code or, with nobody speaking of telephones, a citizen's number."""
    if _CODED.fullmatch(run.digits):
        return True
    return bool(_CITIZEN.fullmatch(run.digits)) and not _is_cued(words, run.start)


def _is_cued(words: Sequence[str], start: int) -> bool:
    before = words[max(0, start - _CUE_REACH) : start]
    if not _PAPERS.isdisjoint(before[-_PAPER_REACH:]):
        return False
    return not _CUES.isdisjoint(before) and "cước" not in before and "cccd" not in before


def _best(words: Sequence[str], run: DigitRun) -> PhoneMatch | None:
    candidates = [_judge(words, run, pieces) for pieces in _windows(run)]
    sound = [match for match in candidates if match is not None]
    return max(sound, key=lambda match: (match.sureness, match.end - match.start), default=None)


def _windows(run: DigitRun) -> Iterator[tuple[DigitPiece, ...]]:
    """The stretches of a run that have as many digits as a telephone number."""
    for first in range(len(run.pieces)):
        length = 0
        for last in range(first, len(run.pieces)):
            length += len(run.pieces[last].digits)
            if length > 13:
                break
            if length >= 8:
                yield run.pieces[first : last + 1]


def _judge(words: Sequence[str], run: DigitRun, pieces: tuple[DigitPiece, ...]) -> PhoneMatch | None:
    said = "".join(piece.digits for piece in pieces)
    start, end = pieces[0].start, pieces[-1].end
    cued = _is_cued(words, start)
    digits = _national(said) if len(pieces) == len(run.pieces) else said
    kind = phone_kind(digits)
    if kind == "unknown" and not (cued and 9 <= len(said) <= 11 and len(pieces) == len(run.pieces)):
        return None
    return PhoneMatch(start, end, digits, kind, round(_sureness(run, pieces, kind, cued, digits == said), 2))


def _sureness(run: DigitRun, pieces: tuple[DigitPiece, ...], kind: PhoneKind, cued: bool, national: bool) -> float:
    if kind == "unknown":
        return 0.3
    guessed = sum(not piece.exact for piece in pieces)
    left_over = len(run.pieces) - len(pieces)
    sure = 0.95 + 0.04 * cued - 0.1 * guessed - (0.05 if left_over else 0) - (0 if national else 0.1)
    return max(0.2, sure if kind != "service" else sure - 0.1)


def _national(digits: str) -> str:
    """The number with its leading zero: "+84" and a forgotten zero are mended."""
    for candidate in (digits, "0" + digits.removeprefix("84"), "0" + digits):
        if phone_kind(candidate) != "unknown":
            return candidate
    return digits
