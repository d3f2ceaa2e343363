"""How near a heard syllable sounds to a digit's name: by its onset, vowel, ending and tone."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from transcription.rules.number_words import DIGITS, UNITS
from transcription.rules.text import fold, tone_of, without_tone

_PARTS = re.compile(r"(ngh|ng|nh|gh|gi(?=[aăâeêoôơuư])|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?([aăâeêioôơuưy]+)(.*)")
_SAME_SOUND = str.maketrans("ăâêôơưy", "aaeooui")
_ONSETS = ("kh h c k th ng", "m b", "b m đ v p", "h kh", "l n nh", "n l nh", "s x", "t th đ d", "ch tr x")
_ENDINGS = ("n ng nh m", "t c ch p")
_NEAR_ONSET, _NEAR_ENDING, _NEAR_VOWEL, _OTHER_TONE, _LOST = 0.75, 0.5, 0.5, 0.25, 1.0
_FARTHEST = 1.75


class _Syllable(NamedTuple):
    onset: str
    vowel: str
    ending: str
    tone: str


@lru_cache(maxsize=20_000)
def folded(word: str) -> str:
    """`fold` of one word, remembered: calls say the same few thousand syllables."""
    return fold(word)


@lru_cache(maxsize=20_000)
def digits_like(word: str) -> tuple[tuple[int, float], ...]:
    """The digits whose names sound like `word`, nearest first, each with its distance (0 for the name itself)."""
    exact = {**DIGITS, **UNITS}.get(word)
    if exact is not None:
        return ((exact, 0.0),)
    heard = _syllable(word)
    if heard is None:
        return ()
    nearest: dict[int, float] = {}
    for said, digit in _NAMES:
        distance = _distance(heard, said)
        if distance <= _FARTHEST:
            nearest[digit] = min(distance, nearest.get(digit, distance))
    return tuple(sorted(nearest.items(), key=lambda each: each[1]))


def _distance(heard: _Syllable, said: _Syllable) -> float:
    onset = _step(heard.onset, said.onset, _ONSETS, _NEAR_ONSET)
    ending = _step(heard.ending, said.ending, _ENDINGS, _NEAR_ENDING)
    return onset + ending + _vowels(heard.vowel, said.vowel) + _OTHER_TONE * (heard.tone != said.tone)


def _step(heard: str, said: str, near: tuple[str, ...], cost: float) -> float:
    if heard == said:
        return 0.0
    if not heard or not said:
        return _LOST
    return cost if any({heard, said} <= set(group.split()) for group in near) else 3.0


def _vowels(heard: str, said: str) -> float:
    if heard == said:
        return 0.0
    return _NEAR_VOWEL if heard.translate(_SAME_SOUND) == said.translate(_SAME_SOUND) else 3.0


def _syllable(word: str) -> _Syllable | None:
    parts = _PARTS.fullmatch(without_tone(word))
    return _Syllable(parts[1] or "", parts[2], parts[3], tone_of(word)) if parts else None


_NAMES = tuple((parts, value) for word, value in (DIGITS | UNITS).items() if (parts := _syllable(word)) is not None)
