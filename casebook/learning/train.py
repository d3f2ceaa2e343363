"""Training the category model: a multinomial logistic regression over confirmed cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from casebook.rules.understanding.category import CATEGORIES, CategoryView

from .features import CategoryFeatures, features_of, rarity_of, scaled
from .model import LinearCategories

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
