"""Learning from confirmed cases, and whether the model may be used: judged on cases held back from its training."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casebook.rules.understanding.category import LearnedCategories, combined

from .model import LinearCategories
from .train import Example, misheard, train

LEAST_CASES = 60
"""With fewer confirmed cases nothing is learned."""

_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model, and the shares (0-1) of held-back cases that it, the rules alone and its rival put right."""

    model: LinearCategories
    right: float
    rules_right: float
    rival_right: float
    cases: int

    @property
    def is_better(self) -> bool:
        """Whether the model may be used: it beats both the rules alone and the model in use."""
        return self.right > max(self.rules_right, self.rival_right)


def learn(
    examples: Sequence[Example],
    version: str,
    rules_share: float,
    *,
    beside: Sequence[Example] = (),
    rival: LearnedCategories | None = None,
) -> Learnt | None:
    """Train on `examples`, those `beside` them, and all misheard; judge, with `rules_share` of the rules, by parts.

    Five parts are held back, only of `examples`, whole groups at a time. None with too few cases or only one category.
    """
    groups = {e.group for e in examples}
    part = {group: int(hashlib.sha256(group.encode()).hexdigest(), 16) % _FOLDS for group in groups}
    taught = [*examples, *misheard([*examples, *beside]), *beside]
    lessons = [[e for e in taught if part.get(e.group) != held] for held in range(_FOLDS)]
    if len(groups) < LEAST_CASES or any(len({e.category for e in lesson}) < 2 for lesson in lessons):
        return None
    right = sum(
        _right(train(lesson, version), [e for e in examples if part[e.group] == held], rules_share)
        for held, lesson in enumerate(lessons)
    )
    total = len(examples)
    rules_right = sum(_best(e.view.scores) == e.category for e in examples) / total
    rival_right = _right(rival, examples, rules_share) / total if rival else 0.0
    report = {"cases": len(groups), "right": round(right / total, 4), "rules_right": round(rules_right, 4)}
    return Learnt(train(taught, version, report), right / total, rules_right, rival_right, len(groups))


def _right(model: LearnedCategories, examples: Sequence[Example], rules_share: float) -> int:
    return sum(_best(combined(e.view.scores, model.scores(e.view), rules_share)) == e.category for e in examples)


def _best(scores: Mapping[str, float]) -> str:
    return max(scores, key=scores.__getitem__)
