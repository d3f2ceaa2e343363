"""Training the scorer of danger: a logistic regression over invented calls, and over those calls misheard.

What comes out is plain data that `casebook.rules.understanding.danger` applies without any of these libraries.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from casebook.learning.noise import Noise, toneless
from casebook.rules.understanding import heard_text
from casebook.rules.understanding.danger import FORMAT, DangerModel, features, grams
from casebook.rules.understanding.tokens import tokenize

_STRENGTH = 40.0
_SEEN = 8
"""A gram is learned if so many calls have it, those misheard counted; so a gram of one call only never is."""

_TONELESS_RATE = 0.08
_ANY_TIME = datetime(2026, 1, 5, 3, tzinfo=UTC)

Values = dict[str, float]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A call as heard, whether a life is in danger in it, and who invented it."""

    text: str
    danger: bool
    author: str


def read_lessons(path: Path, author: str, text: str = "text") -> list[Lesson]:
    """The calls of a file, one JSON object a line, its words under `text`."""
    calls = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [Lesson(call[text], bool(call.get("emergency")), author) for call in calls]


def misheard(lessons: Iterable[Lesson], noise: Noise, copies: int) -> list[Lesson]:
    """Each lesson, `copies` of it with recognition errors, and one without tones."""
    heard = []
    for lesson in lessons:
        texts = [lesson.text, *(noise.misheard(lesson.text, copy=copy) for copy in range(copies))]
        texts.append(noise.misheard(toneless(lesson.text), _TONELESS_RATE))
        heard += [replace(lesson, text=text) for text in texts]
    return heard


@cache
def heard_in(text: str) -> tuple[str, ...]:
    """The syllables of `text`, as the scorer is given them."""
    return tuple(token.text for token in tokenize(heard_text("chat_luong", _ANY_TIME, story=text).answers))


def train(lessons: Sequence[Lesson]) -> DangerModel:
    """A logistic regression over all `lessons`; same input, same model.

    A clause counts as much as a stretch, and it rings from even odds on, until `ringing` says otherwise.
    """
    said = [[gram.name for gram in grams(heard_in(lesson.text))] for lesson in lessons]
    rarity = _rarity(said)
    column = {name: number for number, name in enumerate(rarity)}
    matrix = _matrix([features(names, rarity) for names in said], column)
    truth = [lesson.danger for lesson in lessons]
    regression = LogisticRegression(C=_STRENGTH, solver="liblinear", tol=1e-3, max_iter=300, random_state=0)
    fitted = regression.fit(matrix, truth)
    weights = {name: round(float(fitted.coef_[0][number]), 2) for name, number in column.items()}
    return DangerModel(weights, rarity, float(fitted.intercept_[0]), 0.0, 0.0)


def _rarity(said: Sequence[Sequence[str]]) -> dict[str, float]:
    """By gram that enough calls have, how rare it is: the inverse document frequency, smoothed."""
    seen = Counter(name for names in said for name in set(names))
    calls = len(said) + 1
    return {name: round(math.log(calls / (seen[name] + 1)) + 1, 1) for name in sorted(seen) if seen[name] >= _SEEN}


def _matrix(rows: Sequence[Values], column: Mapping[str, int]) -> csr_matrix:
    places = [column[name] for row in rows for name in row]
    values = [value for row in rows for value in row.values()]
    ends = [0]
    for row in rows:
        ends.append(ends[-1] + len(row))
    return csr_matrix((values, places, ends), shape=(len(rows), len(column)))


@dataclass(frozen=True, slots=True)
class Scores:
    """The highest score of a call's stretches, and of its clauses."""

    stretch: float
    clause: float

    def combined(self, clause_less: float) -> float:
        """The score of the call, where a clause counts less by `clause_less`."""
        return max(self.stretch, self.clause - clause_less)


def scores(model: DangerModel, texts: Iterable[str]) -> list[Scores]:
    """The model's scores of each text."""
    heard = [heard_in(text) for text in texts]
    return [Scores(model.of_stretches(each)[0], model.of_clauses(each)[0]) for each in heard]


def ringing_from(others: Sequence[float], false_alarms: float) -> float:
    """The score that only a share of `false_alarms` of the `others`' scores reaches."""
    allowed = math.floor(false_alarms * len(others))
    return sorted(others, reverse=True)[allowed] + 1e-6


def ringing(others: Sequence[Scores], false_alarms: float, by_clauses: float) -> tuple[float, float]:
    """How much less a clause counts, and from which score on it rings, so that of `others` only a share of
    `false_alarms` ring, and by their clauses alone at most `by_clauses`."""
    whole = ringing_from([each.stretch for each in others], false_alarms)
    clause_less = ringing_from([each.clause for each in others], by_clauses) - whole
    return clause_less, ringing_from([each.combined(clause_less) for each in others], false_alarms)


def to_json(model: DangerModel, report: Mapping[str, float]) -> dict[str, Any]:
    """The model as `DangerModel.parse` reads it."""
    return {
        "format": FORMAT,
        "report": dict(report),
        "constant": round(model.constant, 3),
        "clause_less": round(model.clause_less, 3),
        "rings_from": round(model.rings_from, 3),
        "grams": {name: [weight, model.rarity[name]] for name, weight in model.weights.items()},
    }
