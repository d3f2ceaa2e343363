"""Which of the six categories: weighted evidence from the words, the line, the key and the kind of facility."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from .evidence import Evidence, longest
from .shapes import Alternative

CATEGORIES = (
    "thu_tuc_hanh_chinh", "vi_pham_tu_nhan", "quy_trinh_kham_bhyt", "thai_do_phuc_vu", "chuyen_mon", "khac",
)  # fmt: skip
TOPIC = "category."
"""Topics of category evidence are this and the category's slug; "category.elsewhere" speaks for none."""

_STRESS = 1.4
_DENIAL = -0.2
_COST = 2.0
_ONE_WORD = 0.8
_FADE = 0.75
"""Each further sign of the same category counts this much of the one before."""


@dataclass(frozen=True, slots=True)
class CategoryWeights:
    """Numbers of lines.toml: priors by line and facility kind, weights of key and evidence, temperatures, the rules'
    share beside a learned model, trust."""

    lines: Mapping[str, Mapping[str, float]]
    facility: Mapping[str, Mapping[str, float]]
    key: float
    strengths: Mapping[str, float]
    temperature: float
    learned_temperature: float
    rules_share: float
    not_a_complaint: float
    trust: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Categories by probability, and the evidence that counted for the first, strongest first."""

    ranked: tuple[Alternative[str], ...]
    because: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class CategoryView:
    """What deciding the category looks at: syllables heard, line, kind of facility, the rules' score a category."""

    syllables: tuple[str, ...]
    line: str
    facility_kind: str
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LearnedScores:
    """A learned model's score a category, and the positions of the syllables that spoke most for the best."""

    by_category: Mapping[str, float]
    signs: tuple[int, ...]


class LearnedCategories(Protocol):
    """A model learned from confirmed cases."""

    @property
    def version(self) -> str:
        """Which model it is."""
        ...

    def scores(self, view: CategoryView) -> LearnedScores:
        """Score every category for one call."""
        ...


def combined(rules: Mapping[str, float], learned: LearnedScores, rules_share: float) -> dict[str, float]:
    """The learned scores with `rules_share` of the rules' added."""
    return {category: learned.by_category.get(category, 0.0) + rules_share * rules[category] for category in rules}


def weighed(evidence: Iterable[Evidence], strengths: Mapping[str, float]) -> dict[str, list[tuple[float, Evidence]]]:
    """Category evidence by category with its weight, each phrase once; words inside longer phrases do not count."""
    signs = longest(e for e in evidence if e.topic[0].startswith(TOPIC))
    by_category: dict[str, dict[str, tuple[float, Evidence]]] = defaultdict(dict)
    for sign in signs:
        category = sign.topic[0].removeprefix(TOPIC)
        weight = strengths.get(sign.topic[1], 0.0) * max(0.0, 1 - _COST * sign.cost)
        weight *= _ONE_WORD if sign.first == sign.last else 1.0
        weight *= _DENIAL if sign.denied else _STRESS if sign.stressed else 1.0
        seen = by_category[category].get(sign.phrase)
        if seen is None or seen[0] < weight:
            by_category[category][sign.phrase] = (weight, sign)
    return {c: sorted(signs.values(), key=lambda s: -s[0]) for c, signs in by_category.items()}


def scores(
    signs: Mapping[str, Sequence[tuple[float, Evidence]]],
    weights: CategoryWeights,
    line: str,
    key: str | None,
    facility_kind: str,
) -> dict[str, float]:
    """A score a category: priors plus its signs, each further sign fading."""
    priors = (weights.lines.get(line, {}), weights.facility.get(facility_kind, {}))
    return {
        category: sum(prior.get(category, 0.0) for prior in priors)
        + (weights.key if key == category else 0.0)
        + sum(weight * _FADE**order for order, (weight, _) in enumerate(signs.get(category, ())))
        for category in CATEGORIES
    }


def rank(
    score: Mapping[str, float], signs: Mapping[str, Sequence[tuple[float, Evidence]]], temperature: float
) -> Ranking:
    """Scores as probabilities, the likeliest first."""
    top = max(score.values())
    shares = {category: math.exp((value - top) / temperature) for category, value in score.items()}
    total = sum(shares.values())
    ranked = sorted((Alternative(c, round(share / total, 4)) for c, share in shares.items()), key=lambda a: -a.sureness)
    because = tuple(sign for weight, sign in signs.get(ranked[0].value, ())[:4] if weight > 0)
    return Ranking(tuple(ranked), because)
