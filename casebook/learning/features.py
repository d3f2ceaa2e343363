"""What the learned model sees of a call: the sounds of its words, its line and the facility's kind.

Not the rules' scores: they were written by people who knew the examples, and a model would trust them too much.

Words are taken twice: as said, and by sound (tone dropped, confused consonants merged), so that a badly heard word
still counts and a well heard one tells more.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from casebook.rules.understanding.category import CategoryView
from casebook.rules.understanding.phonetics import sounding

_PIECE_LENGTHS = (3, 4, 5)
_PLACE_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class CategoryFeatures:
    """Counts of words and word pairs by sound and as said, counts of pieces of words, the other values by name."""

    words: Mapping[str, int]
    said: Mapping[str, int]
    pieces: Mapping[str, int]
    values: Mapping[str, float]


@lru_cache(maxsize=20_000)
def _pieces(word: str) -> tuple[str, ...]:
    edged = f"_{word}_"
    return tuple(edged[i : i + n] for n in _PIECE_LENGTHS for i in range(len(edged) - n + 1))


def features_of(view: CategoryView) -> CategoryFeatures:
    """The features of one call."""
    words = [sounding(syllable) for syllable in view.syllables]
    values = {f"line.{view.line}": _PLACE_WEIGHT, f"kind.{view.facility_kind}": _PLACE_WEIGHT}
    return CategoryFeatures(
        words=_with_pairs(words),
        said=_with_pairs(view.syllables),
        pieces=Counter(piece for word in words for piece in _pieces(word)),
        values=values,
    )


def _with_pairs(words: Sequence[str]) -> Counter[str]:
    return Counter([*words, *(f"{a} {b}" for a, b in pairwise(words))])


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
