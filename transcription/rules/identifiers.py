"""Numbers that identify a person or a vehicle: citizen card, health-insurance card, number plate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from transcription.rules.digits import DigitRun, find_digit_runs
from transcription.rules.text import fold, word_set

IdentifierKind = Literal["cccd", "cmnd", "bhyt", "plate"]

_CCCD = re.compile(r"0(?:0[1-9]|[1-8]\d|9[0-6])[0-9]\d{8}")
"""Twelve digits: province 001-096, century and sex, year of birth, six more (NĐ 137/2015)."""

_INSURED = word_set(
    "dn hx ch nn tk hc xk ht tb no ct xb tn cs qn ca cy xn ms cc ck cb kc hd te bt hn dt dk xd ts tc tq ta ty "
    "hg ls pv hs sv gb gd th tv td tu ba dq"
)
_BHYT = re.compile(rf"(?:{'|'.join(sorted(_INSURED))})[1-5]\d{{12}}")
"""Group of insured, level of benefit, province and the ten digits of social insurance (QĐ 1351/2015 of BHXH)."""

_PLATE_HEAD = re.compile(r"\d{2}-?[a-hk-pstuvxyz][a-hk-z0-9]?")
_PLATE = re.compile(r"\d{2}-?[a-hk-pstuvxyz][a-hk-z0-9]?(?:[-.]\d{3}[.-]?\d{2}|[-.]\d{4}|\d{5})")
_PLATE_TAIL = re.compile(r"\d{3}[.-]?\d{2}|\d{4}")
_CITIZEN_CUES = ("can cuoc", "cccd", "chung minh", "cmnd", "dinh danh")
_INSURANCE_CUES = ("bao hiem", "bhyt", "ma the", "so the", "bhxh")
_PLATE_CUES = ("bien so", "bang so", "bien xe", "so xe")
_REACH = 8

_SPELLED = {
    "a": "a", "á": "a", "bê": "b", "bờ": "b", "bi": "b", "xê": "c", "cờ": "c", "si": "c", "đê": "d", "dê": "d",
    "dờ": "d", "đờ": "d", "e": "e", "ép": "f", "gờ": "g", "giê": "g", "hát": "h", "hắt": "h", "hờ": "h",
    "ca": "k", "ka": "k", "lờ": "l", "eo": "l", "mờ": "m", "em": "m", "en": "n", "nờ": "n", "pê": "p", "pờ": "p",
    "sờ": "s", "ét": "s", "tê": "t", "tờ": "t", "u": "u", "vê": "v", "vờ": "v", "ích": "x", "xờ": "x", "y": "y",
    "i": "y", "dét": "z", "zét": "z",
}  # fmt: skip
"""How single letters are read out."""


@dataclass(frozen=True, slots=True)
class IdentifierMatch:
    """An identity number in words[start:end], `value` in its usual written form without spaces; `sureness` 0-1."""

    start: int
    end: int
    value: str
    kind: IdentifierKind
    sureness: float


def find_identifiers(words: Sequence[str]) -> list[IdentifierMatch]:
    """Citizen card (CCCD, old CMND), insurance card (BHYT) and plate numbers in lower-case `words`, in order."""
    folded = [fold(word) for word in words]
    runs = find_digit_runs(words, at_least=4)
    every = [*_cards(words, folded, runs), *_plates(words, folded, runs)]
    found: list[IdentifierMatch] = []
    for match in sorted(every, key=lambda each: (each.start, -each.sureness)):
        if not found or match.start >= found[-1].end:
            found.append(match)
    return found


def _cards(words: Sequence[str], folded: Sequence[str], runs: Sequence[DigitRun]) -> Iterator[IdentifierMatch]:
    for place, word in enumerate(words):
        if _BHYT.fullmatch(word):
            yield IdentifierMatch(place, place + 1, word.upper(), "bhyt", 1.0)
    for run in runs:
        for way in (_citizen_card, _insurance_card):
            match = way(words, folded, run)
            if match:
                yield match


def _citizen_card(words: Sequence[str], folded: Sequence[str], run: DigitRun) -> IdentifierMatch | None:
    cued = _cued(folded, run.start, _CITIZEN_CUES)
    if _CCCD.fullmatch(run.digits):
        return IdentifierMatch(run.start, run.end, run.digits, "cccd", 0.98 if cued else 0.85)
    if cued and len(run.digits) == 9:
        return IdentifierMatch(run.start, run.end, run.digits, "cmnd", 0.9)
    if cued and 10 <= len(run.digits) <= 13:
        return IdentifierMatch(run.start, run.end, run.digits, "cccd", 0.4)
    return None


def _insurance_card(words: Sequence[str], folded: Sequence[str], run: DigitRun) -> IdentifierMatch | None:
    start, letters = _letters_before(words, run.start)
    if len(letters) >= 2 and _BHYT.fullmatch(letters[-2:] + run.digits):
        return IdentifierMatch(start, run.end, (letters[-2:] + run.digits).upper(), "bhyt", 0.95)
    if _cued(folded, run.start, _INSURANCE_CUES) and len(run.digits) in (10, 13):
        return IdentifierMatch(run.start, run.end, run.digits, "bhyt", 0.8)
    return None


def _plates(words: Sequence[str], folded: Sequence[str], runs: Sequence[DigitRun]) -> Iterator[IdentifierMatch]:
    tails = {run.start: run for run in runs}
    for place, word in enumerate(words):
        if _PLATE.fullmatch(word):
            yield IdentifierMatch(place, place + 1, word.upper(), "plate", 0.95)
        elif _PLATE_HEAD.fullmatch(word) and place + 1 < len(words) and _PLATE_TAIL.fullmatch(words[place + 1]):
            yield IdentifierMatch(place, place + 2, f"{word}-{words[place + 1]}".upper(), "plate", 0.9)
        elif word in _SPELLED and _cued(folded, place, _PLATE_CUES):
            match = _spoken_plate(words, tails, place)
            if match:
                yield match


def _spoken_plate(words: Sequence[str], tails: dict[int, DigitRun], place: int) -> IdentifierMatch | None:
    """Năm chín ích một, một hai ba chấm bốn lăm: two digits of the province, a letter, the rest."""
    heads = [run for run in find_digit_runs(words[max(0, place - 3) : place], at_least=2) if run.digits]
    tail = next((run for start, run in tails.items() if start == place + 1), None)
    if not heads or tail is None or len(heads[-1].digits) != 2 or not 4 <= len(tail.digits) <= 6:
        return None
    start = max(0, place - 3) + heads[-1].start
    series = tail.digits[:-5] if len(tail.digits) == 6 else ""
    number = tail.digits[len(series) :]
    value = f"{heads[-1].digits}{_SPELLED[words[place]]}{series}-{number}".upper()
    return IdentifierMatch(start, tail.end, value, "plate", 0.8)


def _letters_before(words: Sequence[str], place: int) -> tuple[int, str]:
    """The letters read out or written just before a place, and where they start."""
    start, letters = place, ""
    while start > 0 and len(letters) < 2:
        word = words[start - 1]
        letter = _SPELLED.get(word) or (
            word if len(word) <= 2 and word in (*_INSURED, *"abcdeghiklmnopqstuvxy") else ""
        )
        if not letter:
            break
        start, letters = start - 1, letter + letters
    return start, letters


def _cued(folded: Sequence[str], place: int, cues: Sequence[str]) -> bool:
    before = " ".join(folded[max(0, place - _REACH) : place])
    return any(cue in before for cue in cues)
