"""Dossier codes read out and partly misheard, mended by the form they all have: H29.25.yymmdd.nnnn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transcription.rules.calendar_days import day_in_month
from transcription.rules.digit_sounds import digits_like
from transcription.rules.number_words import DIGITS
from transcription.rules.text import folded, word_set

_OFFICE = "2925"
"""The Department's own codes begin so: the City (29), then its health service (25)."""

_LENGTH = 14
_BORDERS = frozenset({2, 4, 10})
"""After how many digits the code has a stroke."""

_MARKS = word_set("cham chan cam tram chang gach hach gat cach ngang noi tru xuyet xet xec sec phay")
_TENS = word_set("mươi mười muôi muơi người chục mưởi mượi")
_TEN_FIRST = word_set("mười mươi muôi người")
_LINKS = word_set("linh lẻ lẽ")
_FILLERS = word_set("ờ à ừ ạ dạ rồi là")
_LETTERS = word_set("h hat hac ho hach ach hap hot ha gac khac hang hoat")
_PAPERS = word_set("sơ sở mã số phiếu nhận tra cứu biên giấy hẹn")
_PAPER_REACH = 4
_TWICE, _LOST_FIXED, _LOST_MARK, _MARK_INSIDE, _OTHER_TEN, _ROUND_TEN, _LONG_AGO = 0.5, 1.0, 1.25, 1.5, 0.25, 0.1, 1.5
_OLD_YEAR = "23"
"""Codes of years before this one's are seldom spoken of any more."""
_MOST_DISTANCE, _MOST_STATES = 5.0, 24
_SUREST, _PER_DISTANCE = 0.8, 0.08


@dataclass(frozen=True, slots=True)
class MendedCode:
    """A code in words[start:end], its 14 digits, and how sure it is (0-1)."""

    start: int
    end: int
    digits: str
    sureness: float


class _State(NamedTuple):
    """How far a reading is: the next word, the digits so far, and how far they are from what was heard."""

    place: int
    digits: str
    distance: float


def mended_codes(words: Sequence[str]) -> Iterator[MendedCode]:
    """The Department's codes in `words` that can be told although some words were misheard."""
    taken = 0
    for place, word in enumerate(words):
        if place >= taken and _may_begin(words, place, word):
            code = _read(words, place)
            if code is not None:
                taken = code.end
                yield code


def _may_begin(words: Sequence[str], place: int, word: str) -> bool:
    """Whether the word may be the code's first two, where a letter or a paper's name stands before."""
    if all(digit != 2 for digit, _ in digits_like(word)):
        return False
    before = words[max(0, place - _PAPER_REACH) : place]
    if not before or (len(before) > 1 and folded(before[-2]) in _MARKS):  # 000.25.H29: another office's form
        return False
    return folded(before[-1]) in _LETTERS or not _PAPERS.isdisjoint(before)


def _read(words: Sequence[str], start: int) -> MendedCode | None:
    """The nearest reading from a place on, found by following the few best ones word by word."""
    states = [_State(start, "", 0.0)]
    ends: list[_State] = []
    while states:
        following: dict[tuple[int, str], float] = {}
        for state in states:
            for step in _steps(words, state):
                key = step.place, step.digits
                if step.distance <= _MOST_DISTANCE and step.distance < following.get(key, 99.0):
                    following[key] = step.distance
        every = [_State(*key, distance) for key, distance in following.items()]
        ends += [state for state in every if len(state.digits) == _LENGTH]
        going = [state for state in every if len(state.digits) < _LENGTH]
        states = sorted(going, key=lambda state: state.distance - len(state.digits) / 2)[:_MOST_STATES]
    best = min(ends, key=lambda state: state.distance, default=None)
    if best is None:
        return None
    return MendedCode(start, best.place, best.digits, round(_SUREST - _PER_DISTANCE * best.distance, 2))


def _steps(words: Sequence[str], state: _State) -> Iterator[_State]:
    """What the next word or two may add."""
    place, digits, distance = state
    if len(digits) < len(_OFFICE):
        yield _State(place, digits + _OFFICE[len(digits)], distance + _LOST_FIXED)
    if place >= len(words):
        return
    for end, said, farther in (*_said(words, place), *_unsaid(words, state)):
        longer = digits + said
        if _fits(longer):
            old = len(digits) < 6 <= len(longer) and longer[4:6] < _OLD_YEAR
            yield _State(end, longer, distance + farther + _LONG_AGO * old)


def _unsaid(words: Sequence[str], state: _State) -> Iterator[tuple[int, str, float]]:
    """A word that adds no digit: a stroke, a hesitation, a word heard twice."""
    word, border = words[state.place], len(state.digits) in _BORDERS
    if word in _FILLERS:
        yield state.place + 1, "", 0.0
    elif folded(word) in _MARKS:
        yield state.place + 1, "", 0.0 if border else _MARK_INSIDE
    elif state.place and word == words[state.place - 1]:
        yield state.place + 1, "", _TWICE
    elif border and not digits_like(word):
        yield state.place + 1, "", _LOST_MARK


def _said(words: Sequence[str], place: int) -> Iterator[tuple[int, str, float]]:
    """The digits that a word, or a pair said as tens, may stand for: (after, digits, distance)."""
    word = words[place]
    if word.isdigit():
        yield place + 1, word, 0.0
    if word in _LINKS:
        yield place + 1, "0", 0.0
    yield from _repeated(words, place)
    if word in _TEN_FIRST:
        farther = _OTHER_TEN * (word != "mười")
        yield place + 1, "10", farther + _ROUND_TEN
        yield from ((place + 2, f"1{unit}", farther + more) for unit, more in _at(words, place + 1) if unit)
    for digit, farther in digits_like(word):
        yield place + 1, str(digit), farther
        if digit and place + 1 < len(words) and words[place + 1] in _TENS:
            tens = farther + _OTHER_TEN * (words[place + 1] != "mươi")
            yield place + 2, f"{digit}0", tens + _ROUND_TEN
            yield from ((place + 3, f"{digit}{unit}", tens + more) for unit, more in _at(words, place + 2) if unit)


def _repeated(words: Sequence[str], place: int) -> Iterator[tuple[int, str, float]]:
    """ "Hai số không" is 00, "ba con tám" 888."""
    times = DIGITS.get(words[place], 0)
    if times in (2, 3, 4) and place + 2 < len(words) and words[place + 1] in ("số", "sổ", "con"):
        yield from ((place + 3, str(digit) * times, farther) for digit, farther in _at(words, place + 2))


def _at(words: Sequence[str], place: int) -> tuple[tuple[int, float], ...]:
    return digits_like(words[place]) if place < len(words) else ()


def _fits(digits: str) -> bool:
    """Whether a code may begin with these digits: the office, then a day of the 2020s."""
    size = len(digits)
    if size > _LENGTH or not (digits.startswith(_OFFICE) or _OFFICE.startswith(digits)):
        return False
    if size < 5:
        return True
    if digits[4] != "2" or (size > 6 and digits[6] > "1") or (size > 7 and not "01" <= digits[6:8] <= "12"):
        return False
    if size > 8 and digits[8] > "3":
        return False
    return size < 10 or day_in_month(int(digits[8:10]), int(digits[6:8]), 2000 + int(digits[4:6])) is not None
