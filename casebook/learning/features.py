"""What the learned model sees of a call: its words and pairs of words as said, its line and the facility's kind.

Not the rules' scores: they were written by people who knew the examples, and a model would trust them too much. Line
and kind count for little: people call any line with anything.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from casebook.rules.understanding.category import CategoryView

_PLACE_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class CategoryFeatures:
    """Counts of words and of pairs of words, and the other values by name."""

    words: Mapping[str, int]
    values: Mapping[str, float]


def features_of(view: CategoryView) -> CategoryFeatures:
    """The features of one call."""
    said = view.syllables
    values = {f"line.{view.line}": _PLACE_WEIGHT, f"kind.{view.facility_kind}": _PLACE_WEIGHT}
    return CategoryFeatures(Counter([*said, *(f"{a} {b}" for a, b in pairwise(said))]), values)


def scaled(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """Counts, damped and weighed by rarity, as a vector of length one; unknown ones are left out."""
    weights = {name: (1 + math.log(n)) * rarity[name] for name, n in counts.items() if name in rarity}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {name: weight / length for name, weight in weights.items()} if length else {}


def rarity_of(documents: Sequence[Iterable[str]], at_least: int) -> dict[str, float]:
    """How rare each name is over `documents`, for names that occur in `at_least` of them."""
    seen = Counter(name for document in documents for name in set(document))
    total = len(documents)
    return {name: math.log((1 + total) / (1 + n)) + 1 for name, n in sorted(seen.items()) if n >= at_least}
