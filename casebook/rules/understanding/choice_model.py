"""The learned scorer of the place a call is about: plain weights by sign, read from choice.json."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FORMAT = 1
"""Version of the data's form; data of another form is refused with KeyError."""


@dataclass(frozen=True)
class ChoiceModel:
    """Weights by sign, what the choice of the rules counts, and how much the scores are flattened to likelihoods."""

    weights: Mapping[str, float]
    rules_lead: float
    temperature: float

    def likelihoods(self, options: Sequence[Mapping[str, float]], ruled: int) -> list[float]:
        """How likely each option is (0-1, in all 1); `ruled` is the one that the rules choose."""
        scores = [sum(self.weights.get(name, 0.0) * value for name, value in option.items()) for option in options]
        scores[ruled] += self.rules_lead
        highest = max(scores)
        powers = [math.exp((score - highest) / self.temperature) for score in scores]
        return [power / sum(powers) for power in powers]

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> ChoiceModel:
        """Build from choice.json as read; KeyError names what is missing."""
        if table["format"] != FORMAT:
            raise KeyError(f"format {FORMAT}")
        return cls(table["weights"], float(table["rules_lead"]), float(table["temperature"]))
