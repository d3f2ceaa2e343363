"""Training the category model: a multinomial logistic regression over confirmed cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
_LEAST_WEIGHT = 0.08
_NEVER = -20.0


@dataclass(frozen=True, slots=True)
class Example:
    """A confirmed case: what the rules saw, the category a person confirmed, and the case it belongs to.

    Examples of one `group` (forms of the same call) are never on both sides of a held-back split.
    """

    view: CategoryView
    category: str
    group: str


def train(examples: Sequence[Example], version: str, report: dict[str, float | int] | None = None) -> LinearCategories:
    """A multinomial logistic regression over `examples`, small weights dropped; same input, same model.

    Without an intercept: the share of a category among the examples says nothing of a call that says little.
    """
    seen = [features_of(example.view) for example in examples]
    word_rarity = rarity_of([f.words for f in seen], _WORD_SEEN)
    said_rarity = rarity_of([f.said for f in seen], _WORD_SEEN)
    piece_rarity = rarity_of([f.pieces for f in seen], _PIECE_SEEN)
    rows = [_row(features, word_rarity, said_rarity, piece_rarity) for features in seen]
    names = sorted({name for row in rows for name in row})
    matrix = _matrix(rows, {name: column for column, name in enumerate(names)})
    truth = np.array([CATEGORIES.index(example.category) for example in examples])
    fitted = LogisticRegression(C=_STRENGTH, max_iter=2000, fit_intercept=False).fit(matrix, truth)
    coefficients, base = _for_all_categories(fitted)
    kept = {
        name: tuple(round(float(w), 2) for w in coefficients[:, column])
        for column, name in enumerate(names)
        if np.abs(coefficients[:, column]).max() >= _LEAST_WEIGHT
    }
    return LinearCategories(
        version=version,
        categories=CATEGORIES,
        base=tuple(float(value) for value in base),
        word_rarity=word_rarity,
        said_rarity=said_rarity,
        piece_rarity=piece_rarity,
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


def _row(
    features: CategoryFeatures,
    word_rarity: Mapping[str, float],
    said_rarity: Mapping[str, float],
    piece_rarity: Mapping[str, float],
) -> dict[str, float]:
    row = {f"w:{n}": v for n, v in scaled(features.words, word_rarity).items()}
    row |= {f"s:{n}": v for n, v in scaled(features.said, said_rarity).items()}
    row |= {f"p:{n}": v for n, v in scaled(features.pieces, piece_rarity).items()}
    return row | {f"v:{n}": v for n, v in features.values.items()}


def _matrix(seen: Sequence[Mapping[str, float]], column: Mapping[str, int]) -> csr_matrix:
    rows = [number for number, row in enumerate(seen) for _ in row]
    columns = [column[name] for row in seen for name in row]
    values = [value for row in seen for value in row.values()]
    return csr_matrix((values, (rows, columns)), shape=(len(seen), len(column)))
