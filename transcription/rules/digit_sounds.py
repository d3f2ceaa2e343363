"""How near a heard syllable sounds to a digit's name: by its onset, vowel, ending and tone."""

from __future__ import annotations

from functools import lru_cache

from transcription.rules.number_words import DIGITS, UNITS
from transcription.rules.phonetics import Sound, sound

_ONSETS = ("kh h c k th ng", "m b", "b m đ v p", "h kh", "l n nh", "n l nh", "s x", "t th đ d", "ch tr x")
_ENDINGS = ("n ng nh m", "t c ch p")
_NEAR_ONSET, _NEAR_ENDING, _NEAR_VOWEL, _OTHER_TONE, _LOST, _UNLIKE = 0.75, 0.5, 0.5, 0.25, 1.0, 3.0
_FARTHEST = 1.75
"""In steps coarser than those of `phonetics.distance`: among ten names more may be taken for one another."""


@lru_cache(maxsize=20_000)
def digits_like(word: str) -> tuple[tuple[int, float], ...]:
    """The digits whose names sound like `word`, nearest first, each with its distance (0 for the name itself)."""
    exact = {**DIGITS, **UNITS}.get(word)
    if exact is not None:
        return ((exact, 0.0),)
    heard = sound(word)
    if not heard.vowels:
        return ()
    nearest: dict[int, float] = {}
    for said, digit in _NAMES:
        distance = _distance(heard, said)
        if distance <= _FARTHEST:
            nearest[digit] = min(distance, nearest.get(digit, distance))
    return tuple(sorted(nearest.items(), key=lambda each: each[1]))


def _distance(heard: Sound, said: Sound) -> float:
    onset = _step(heard.onset, said.onset, _ONSETS, _NEAR_ONSET)
    ending = _step(heard.coda, said.coda, _ENDINGS, _NEAR_ENDING)
    return onset + ending + _vowels(heard, said) + _OTHER_TONE * (heard.tone != said.tone)


def _step(heard: str, said: str, near: tuple[str, ...], cost: float) -> float:
    if heard == said:
        return 0.0
    if not heard or not said:
        return _LOST
    return cost if any({heard, said} <= set(group.split()) for group in near) else _UNLIKE


def _vowels(heard: Sound, said: Sound) -> float:
    if heard.vowels == said.vowels:
        return 0.0
    return _NEAR_VOWEL if heard.key == said.key else _UNLIKE


_NAMES = tuple((sound(word), value) for word, value in (DIGITS | UNITS).items())
