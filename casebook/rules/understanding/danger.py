"""A learned scorer of danger beside the rules: a linear model over what was said, read from plain data.

It sees one and two syllables in a row, as spelt and as they sound (tone dropped, confused consonants merged), the
rarer the weightier. A danger may be one clause of a long complaint, so stretches of a long talk are scored too, and
single clauses, of which more is asked; the highest score counts.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from transcription.rules.phonetics import sounding

FORMAT = 2
"""Version of the data's form; data of another form is refused with KeyError."""

STRETCH, CLAUSE = 60, 24
"""Syllables of the stretches of a long talk, and of the clauses of any, that are scored beside the whole."""

_LONG = 90
_BY_SOUND = "~"
_STEEP = 0.7
_LONGEST_SHOWN = 14

Part = tuple[int, int]
"""The first syllable of a part of the talk, and the one after its last."""


@dataclass(frozen=True, slots=True)
class Gram:
    """One or two syllables in a row: their name as learned, the first and last syllable."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Judged:
    """How sure a life is in danger (0-1, from 0.5 on it rings), and the first and last syllable that say so most."""

    sureness: float
    first: int
    last: int


@dataclass(frozen=True)
class DangerModel:
    """Weight and rarity by gram, a constant, how much less a clause counts, and the score from which on it rings."""

    weights: Mapping[str, float]
    rarity: Mapping[str, float]
    constant: float
    clause_less: float
    rings_from: float

    def judge(self, heard: Sequence[str]) -> Judged:
        """Judge a call of lower-case syllables."""
        if not heard:
            return Judged(0.0, 0, 0)
        score, speaking = self._best(heard)
        sureness = 1 / (1 + math.exp(-_STEEP * max(-60.0, score - self.rings_from)))
        return Judged(sureness, *self._speaking(heard, speaking))

    def score(self, heard: Sequence[str]) -> float:
        """The log-odds of danger, as learned."""
        return self._best(heard)[0]

    def _best(self, heard: Sequence[str]) -> tuple[float, Part]:
        """The highest score of all parts, that of a clause less what it counts less, and where it is."""
        (whole, stretch), (part, clause) = self.of_stretches(heard), self.of_clauses(heard)
        return max((whole, stretch), (part - self.clause_less, clause))

    def of_stretches(self, heard: Sequence[str]) -> tuple[float, Part]:
        """The highest score of the whole and of its stretches, and where it is."""
        return max((self._score(heard[first:after]), (first, after)) for first, after in stretches(len(heard)))

    def of_clauses(self, heard: Sequence[str]) -> tuple[float, Part]:
        """The highest score of a clause, and where it is."""
        return max((self._score(heard[first:after]), (first, after)) for first, after in parts(len(heard), CLAUSE))

    def _score(self, heard: Sequence[str]) -> float:
        found = features((gram.name for gram in grams(heard)), self.rarity)
        return self.constant + sum(self.weights[name] * value for name, value in found.items())

    def _speaking(self, heard: Sequence[str], stretch: Part) -> tuple[int, int]:
        """The run of syllables of `stretch` that speaks most for danger, not longer than can be read at a glance."""
        start, after = stretch
        by_place: dict[int, float] = defaultdict(float)
        for gram in grams(heard[start:after]):
            for place in (gram.first, gram.last):
                by_place[place] += self.weights.get(gram.name, 0.0) * self.rarity.get(gram.name, 0.0)
        sums = [0.0, *accumulate(by_place[place] for place in range(after - start))]
        runs = ((a, b) for a in range(len(sums)) for b in range(a + 1, min(len(sums), a + _LONGEST_SHOWN + 1)))
        first, end = max(runs, key=lambda run: sums[run[1]] - sums[run[0]])
        return start + first, start + end - 1

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> DangerModel:
        """Build from danger.json as read: weight and rarity of each gram; KeyError names what is missing."""
        if table["format"] != FORMAT:
            raise KeyError(f"format {FORMAT}")
        weights = {name: weight for name, (weight, _) in table["grams"].items()}
        rarity = {name: rare for name, (_, rare) in table["grams"].items()}
        numbers = (float(table[name]) for name in ("constant", "clause_less", "rings_from"))
        return cls(weights, rarity, *numbers)


def grams(heard: Sequence[str]) -> list[Gram]:
    """What the scorer sees in lower-case syllables."""
    sounds = [sounding(syllable) for syllable in heard]
    found = []
    for mark, said in (("", heard), (_BY_SOUND, sounds)):
        found += [Gram(mark + syllable, place, place) for place, syllable in enumerate(said)]
        found += [Gram(f"{mark}{said[i]} {said[i + 1]}", i, i + 1) for i in range(len(said) - 1)]
    return found


def features(names: Iterable[str], rarity: Mapping[str, float]) -> dict[str, float]:
    """How much each known gram counts: the more often said and the rarer the more; the squares sum up to one."""
    counts = Counter(name for name in names if name in rarity)
    values = {name: (1 + math.log(count)) * rarity[name] for name, count in counts.items()}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {name: value / length for name, value in values.items()}


def stretches(length: int) -> list[Part]:
    """The whole of a talk of `length` syllables and, if it is long, the stretches of it."""
    return [(0, length), *(parts(length, STRETCH) if length > _LONG else ())]


def parts(length: int, size: int) -> list[Part]:
    """Parts of `size` syllables that cover a talk of `length`, each begun where the one before is half over."""
    if length <= size:
        return [(0, length)]
    starts = [*range(0, length - size, size // 2), length - size]
    return [(start, start + size) for start in starts]
