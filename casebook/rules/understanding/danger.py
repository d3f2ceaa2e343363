"""A learned scorer of danger beside the rules: a linear model over the clauses of a call, read from plain data.

A danger may be one clause of a long complaint, so each clause is scored and the highest counts; the whole talk is
scored too, because what was said elsewhere ("giờ khỏe rồi") may put the danger into the past.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from .danger_signs import DangerWords, Sign, clause_features, clauses, signs_of, whole_features, within

FORMAT = 1
"""Version of the data's form; data of another form is refused with KeyError."""

_STEEP = 0.7
_LONGEST_SHOWN = 14


@dataclass(frozen=True, slots=True)
class Judged:
    """How sure a life is in danger (0-1, from 0.5 on it rings), and the first and last syllable that say so most.

    Where it does not ring, the clause that comes nearest to it.
    """

    sureness: float
    first: int
    last: int


@dataclass(frozen=True)
class DangerModel:
    """Weights by feature, a constant, and the score from which on it rings."""

    words: DangerWords
    weights: Mapping[str, float]
    constant: float
    rings_from: float

    def judge(self, heard: Sequence[str], rules: float) -> Judged:
        """Judge a call of lower-case syllables, of which the rules are sure by `rules` (0-1)."""
        if not heard:
            return Judged(0.0, 0, 0)
        score, clause, signs = self._score(heard, rules)
        rings = score >= self.rings_from
        first, last = self._speaking(within(signs, clause), clause) if rings else (clause[0], clause[1] - 1)
        return Judged(1 / (1 + math.exp(-_STEEP * max(-60.0, score - self.rings_from))), first, last)

    def score(self, heard: Sequence[str], rules: float) -> float:
        """The log-odds of danger, as learned."""
        return self._score(heard, rules)[0]

    def _score(self, heard: Sequence[str], rules: float) -> tuple[float, tuple[int, int], list[Sign]]:
        signs = signs_of(heard, self.words)
        whole = self.constant + self._sum(whole_features(signs, rules))
        scored = ((self._sum(clause_features(within(signs, clause))), clause) for clause in clauses(len(heard)))
        best, clause = max(scored)
        return whole + best, clause, signs

    def _sum(self, features: Mapping[str, float]) -> float:
        weights = self.weights
        return sum(weights[name] * value for name, value in features.items() if name in weights)

    def _speaking(self, signs: Sequence[Sign], clause: tuple[int, int]) -> tuple[int, int]:
        """The run of syllables of `clause` that speaks most for danger, not longer than can be read at a glance."""
        by_place: dict[int, float] = defaultdict(float)
        for sign in signs:
            for place in (sign.first, sign.last):
                by_place[place] += sign.value * self.weights.get(sign.name, 0.0) / 2
        sums = [0.0, *accumulate(by_place[place] for place in range(*clause))]
        runs = ((a, b) for a in range(len(sums)) for b in range(a + 1, min(len(sums), a + _LONGEST_SHOWN + 1)))
        first, after = max(runs, key=lambda run: sums[run[1]] - sums[run[0]])
        return clause[0] + first, clause[0] + after - 1

    @classmethod
    def parse(cls, table: Mapping[str, Any], groups: Mapping[str, Sequence[str]]) -> DangerModel:
        """Build from danger.json and danger.toml as read; KeyError names what is missing."""
        if table["format"] != FORMAT:
            raise KeyError(f"format {FORMAT}")
        return cls(DangerWords(groups), table["weights"], float(table["constant"]), float(table["rings_from"]))
