"""Recognition errors for texts that have none: syllables misheard in bursts, some lost, some said twice.

For learning, so that words badly heard still count. A confusion of sounds with neither acoustics nor language behind
it: a syllable becomes another real one that sounds near it, the nearer and the more frequent the likelier. Same seed
and text, same noise.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from transcription.rules.phonetics import distance
from transcription.rules.text import syllables, without_tone

RATE = 0.17
"""The share of syllables heard wrongly on a bad telephone line."""

_LOST, _TWICE = 0.014, 0.005
_BURST_BEGINS, _BURST_ENDS, _CALM_SHARE = 0.12, 0.3, 0.35
_SPREAD = 0.45
_NEAR, _NEARNESS = 0.5, 0.12


class Noise:
    """Mishears texts, with the syllables of `texts` to take for one another."""

    def __init__(self, texts: Iterable[str], seed: int = 0) -> None:
        self._said = Counter(syllable for text in texts for syllable in syllables(text))
        self._seed = seed
        self._others = lru_cache(maxsize=None)(self._find_others)

    def misheard(self, text: str, rate: float = RATE, copy: int = 0) -> str:
        """`text` with about `rate` of its syllables wrong, more in some texts than in others; `copy` numbers tries."""
        chance = random.Random(f"{self._seed} {copy} {rate} {text}")  # noqa: S311 (errors that repeat, no secret)
        here = min(0.6, rate * math.exp(chance.gauss(-_SPREAD * _SPREAD / 2, _SPREAD)))
        burst_rate = here / (_CALM_SHARE + (1 - _CALM_SHARE) * _BURST_BEGINS / (_BURST_BEGINS + _BURST_ENDS))
        heard: list[str] = []
        in_burst = chance.random() < _BURST_BEGINS
        for syllable in syllables(text):
            in_burst = chance.random() >= _BURST_ENDS if in_burst else chance.random() < _BURST_BEGINS
            wrong = chance.random() < burst_rate * (1 if in_burst else _CALM_SHARE)
            heard += self._once(syllable, wrong, chance)
        return " ".join(heard)

    def _once(self, syllable: str, wrong: bool, chance: random.Random) -> Sequence[str]:
        luck = chance.random()
        if luck < _LOST:
            return ()
        others, weights = self._others(syllable) if wrong else ((), ())
        heard = chance.choices(others, weights)[0] if others else syllable
        return (heard, heard) if luck > 1 - _TWICE else (heard,)

    def _find_others(self, syllable: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
        """The other syllables that sound near, with how likely each is taken for this one."""
        near = {
            other: math.sqrt(count) * math.exp(-distance(syllable, other) / _NEARNESS)
            for other, count in self._said.items()
            if other != syllable and distance(syllable, other) <= _NEAR
        }
        return tuple(near), tuple(near.values())


def toneless(text: str) -> str:
    """`text` as an engine gives it that hears no tones."""
    return " ".join(without_tone(syllable) for syllable in syllables(text))
