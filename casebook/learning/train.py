"""Learns categories from confirmed cases and says by held-back cases whether the model beats the rules."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from casebook.rules.understanding.category import CATEGORIES, CategoryView, combined

from .features import CategoryFeatures, features_of, rarity_of, scaled
from .model import LinearCategories

LEAST_CASES = 60
"""With fewer confirmed cases nothing is learned."""

_FOLDS = 5
_STRENGTH = 10.0
_WORD_SEEN, _PIECE_SEEN = 2, 3
_LEAST_WEIGHT = 0.05


@dataclass(frozen=True, slots=True)
class Example:
    """A confirmed case: what the rules saw, the category a person confirmed, and the case it belongs to.

    Examples of one `group` (forms of the same call) are never on both sides of a held-back split.
    """

    view: CategoryView
    category: str
    group: str


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model, and the share of held-back cases that it and the rules alone put right."""

    model: LinearCategories
    right: float
    rules_right: float
    cases: int

    @property
    def beats_the_rules(self) -> bool:
        """Whether the model may be used."""
        return self.right > self.rules_right


def learn(examples: Sequence[Example], version: str, rules_share: float) -> Learnt | None:
    """Train on all `examples` and judge, together with `rules_share` of the rules, by five held-back parts.

    None with too few cases or one category.
    """
    groups = {example.group for example in examples}
    if len(groups) < LEAST_CASES or len({example.category for example in examples}) < 2:
        return None
    fold = {group: int(hashlib.sha256(group.encode()).hexdigest(), 16) % _FOLDS for group in groups}
    right = sum(
        _right_of(train([e for e in examples if fold[e.group] != part], version), held_back, rules_share)
        for part in range(_FOLDS)
        if (held_back := [e for e in examples if fold[e.group] == part])
    )
    rules_right = sum(max(e.view.scores, key=e.view.scores.__getitem__) == e.category for e in examples)
    total = len(examples)
    report = {"cases": len(groups), "right": round(right / total, 4), "rules_right": round(rules_right / total, 4)}
    return Learnt(train(examples, version, report), right / total, rules_right / total, len(groups))


def _right_of(model: LinearCategories, examples: Sequence[Example], rules_share: float) -> int:
    scored = ((combined(e.view.scores, model.scores(e.view), rules_share), e.category) for e in examples)
    return sum(max(scores, key=scores.__getitem__) == category for scores, category in scored)


def train(examples: Sequence[Example], version: str, report: dict[str, float | int] | None = None) -> LinearCategories:
    """A multinomial logistic regression over `examples`, small weights dropped; same input, same model."""
    seen = [features_of(example.view) for example in examples]
    word_rarity = rarity_of([f.words for f in seen], _WORD_SEEN)
    piece_rarity = rarity_of([f.pieces for f in seen], _PIECE_SEEN)
    names = [f"w:{n}" for n in word_rarity] + [f"p:{n}" for n in piece_rarity]
    names += sorted({f"v:{n}" for f in seen for n in f.values})
    matrix = _matrix(seen, {name: column for column, name in enumerate(names)}, word_rarity, piece_rarity)
    truth = np.array([CATEGORIES.index(example.category) for example in examples])
    fitted = LogisticRegression(C=_STRENGTH, max_iter=2000).fit(matrix, truth)
    coefficients, intercept = _for_all_categories(fitted)
    kept = {
        name: tuple(round(float(w), 3) for w in coefficients[:, column])
        for column, name in enumerate(names)
        if np.abs(coefficients[:, column]).max() >= _LEAST_WEIGHT
    }
    return LinearCategories(
        version=version,
        categories=CATEGORIES,
        intercept=tuple(float(value) for value in intercept),
        word_rarity=word_rarity,
        piece_rarity=piece_rarity,
        weights=kept,
        report=report or {},
    )


def _for_all_categories(fitted: LogisticRegression) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients and intercepts a category; one never confirmed gets a score that never wins."""
    coefficients = np.zeros((len(CATEGORIES), fitted.coef_.shape[1]))
    intercept = np.full(len(CATEGORIES), -20.0)
    rows = fitted.coef_ if len(fitted.classes_) > 2 else np.vstack([-fitted.coef_, fitted.coef_]) / 2
    starts = fitted.intercept_ if len(fitted.classes_) > 2 else np.array([-1.0, 1.0]) * fitted.intercept_[0] / 2
    for order, category in enumerate(fitted.classes_):
        coefficients[category], intercept[category] = rows[order], starts[order]
    return coefficients, intercept


def _matrix(
    seen: Sequence[CategoryFeatures],
    column: dict[str, int],
    word_rarity: dict[str, float],
    piece_rarity: dict[str, float],
) -> csr_matrix:
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, features in enumerate(seen):
        parts = {f"w:{n}": v for n, v in scaled(features.words, word_rarity).items()}
        parts |= {f"p:{n}": v for n, v in scaled(features.pieces, piece_rarity).items()}
        parts |= {f"v:{n}": v for n, v in features.values.items()}
        rows += [row] * len(parts)
        columns += [column[name] for name in parts]
        values += parts.values()
    return csr_matrix((values, (rows, columns)), shape=(len(seen), len(column)))
