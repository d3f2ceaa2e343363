"""Training the category model: a multinomial logistic regression over confirmed cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from casebook.rules.understanding.category import CATEGORIES, CategoryView

from .features import CategoryFeatures, features_of, rarity_of, scaled
from .model import LinearCategories
from .noise import Noise

_STRENGTH = 3.0
_SEEN = 7
_COPIES = 4
_LEAST_WEIGHT = 0.05
_NEVER = -20.0


@dataclass(frozen=True, slots=True)
class Example:
    """A confirmed case: what the rules saw, the category a person confirmed, and the case it belongs to.

    Examples of one `group` (forms of the same call) are never on both sides of a held-back split.
    """

    view: CategoryView
    category: str
    group: str


def misheard(examples: Sequence[Example]) -> list[Example]:
    """Each call of `examples`, by its first form, a few times more with recognition errors; same input, same errors."""
    calls = list({example.group: example for example in reversed(examples)}.values())
    said = [" ".join(call.view.syllables) for call in calls]
    noise = Noise(said)
    return [
        replace(call, view=replace(call.view, syllables=tuple(noise.misheard(text, copy=copy).split())))
        for call, text in zip(calls, said, strict=True)
        for copy in range(_COPIES)
    ]


def train(examples: Sequence[Example], version: str, report: dict[str, float | int] | None = None) -> LinearCategories:
    """A multinomial logistic regression over `examples`, small weights dropped; same input, same model.

    Without an intercept, and every category counting alike: the share of a category among the examples says nothing
    of a call that says little. Words are known from `_SEEN` examples on: with a call's misheard copies, two calls.
    """
    seen = [features_of(example.view) for example in examples]
    rarity = rarity_of([features.words for features in seen], _SEEN)
    rows = [_row(features, rarity) for features in seen]
    names = sorted({name for row in rows for name in row})
    matrix = _matrix(rows, {name: column for column, name in enumerate(names)})
    truth = np.array([CATEGORIES.index(example.category) for example in examples])
    regression = LogisticRegression(C=_STRENGTH, max_iter=2000, tol=1e-3, fit_intercept=False, class_weight="balanced")
    coefficients, base = _for_all_categories(regression.fit(matrix, truth))
    kept = {
        name: tuple(round(float(w), 2) for w in coefficients[:, column])
        for column, name in enumerate(names)
        if np.abs(coefficients[:, column]).max() >= _LEAST_WEIGHT
    }
    return LinearCategories(
        version=version,
        categories=CATEGORIES,
        base=tuple(float(value) for value in base),
        rarity={name: value for name, value in rarity.items() if f"w:{name}" in kept},
        weights=kept,
        report=report or {},
    )


def _for_all_categories(fitted: LogisticRegression) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients and a base score a category; one never confirmed gets a base that never wins."""
    coefficients = np.zeros((len(CATEGORIES), fitted.coef_.shape[1]))
    base = np.full(len(CATEGORIES), _NEVER)
    rows = fitted.coef_ if len(fitted.classes_) > 2 else np.vstack([-fitted.coef_, fitted.coef_]) / 2
    for order, category in enumerate(fitted.classes_):
        coefficients[category], base[category] = rows[order], 0.0
    return coefficients, base


def _row(features: CategoryFeatures, rarity: Mapping[str, float]) -> dict[str, float]:
    return {f"w:{n}": v for n, v in scaled(features.words, rarity).items()} | {
        f"v:{n}": v for n, v in features.values.items()
    }


def _matrix(seen: Sequence[Mapping[str, float]], column: Mapping[str, int]) -> csr_matrix:
    rows = [number for number, row in enumerate(seen) for _ in row]
    columns = [column[name] for row in seen for name in row]
    values = [value for row in seen for value in row.values()]
    return csr_matrix((values, (rows, columns)), shape=(len(seen), len(column)))
