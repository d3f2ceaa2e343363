"""Whether a model learned from confirmed cases may be used: judged on cases held back from its training."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casebook.rules.understanding.category import LearnedCategories

from .model import LinearCategories
from .train import LEAST_CASES, Example, train

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """A model trained on everything, and the shares of held-back confirmed cases put right."""

    model: LinearCategories
    cases: int
    right: float
    rules_right: float
    rival_right: float

    @property
    def may_be_used(self) -> bool:
        """Only a model that beats both the rules alone and the one in use replaces it."""
        return self.right > max(self.rules_right, self.rival_right)


def judge(
    confirmed: Sequence[Example], shipped: Sequence[Example], rival: LearnedCategories | None, version: str
) -> Verdict | None:
    """Train on `shipped` and `confirmed` examples; None with fewer than LEAST_CASES confirmed ones, or one category.

    Held back are fifths of the confirmed cases, by a hash of their group, never the shipped examples.
    """
    fold = {e.group: int(hashlib.sha256(e.group.encode()).hexdigest(), 16) % FOLDS for e in confirmed}
    lessons = [[*shipped, *(e for e in confirmed if fold[e.group] != part)] for part in range(FOLDS)]
    if len(confirmed) < LEAST_CASES or any(len({e.category for e in lesson}) < 2 for lesson in lessons):
        return None
    right = sum(
        _right(train(lesson, version), [e for e in confirmed if fold[e.group] == part])
        for part, lesson in enumerate(lessons)
    )
    rules_right = sum(_best(e.view.scores) == e.category for e in confirmed)
    rival_right = _right(rival, confirmed) if rival else 0
    total = len(confirmed)
    report: dict[str, float | int] = {"cases": total, "right": right / total, "rules_right": rules_right / total}
    whole = train([*shipped, *confirmed], version, report)
    return Verdict(whole, total, right / total, rules_right / total, rival_right / total)


def _right(scorer: LearnedCategories, examples: Sequence[Example]) -> int:
    return sum(_best(scorer.scores(e.view).by_category) == e.category for e in examples)


def _best(scores: Mapping[str, float]) -> str:
    return max(scores, key=scores.__getitem__)
