"""Training the scorer of danger: a logistic regression over the clauses of invented calls, and of those calls misheard.

What comes out is plain data that `casebook.rules.understanding.danger` applies without any of these libraries.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from casebook.rules.understanding import UnderstandingRules, heard_text
from casebook.rules.understanding.danger import FORMAT, DangerModel
from casebook.rules.understanding.danger_signs import (
    DangerWords,
    clause_features,
    clauses,
    signs_of,
    whole_features,
    within,
)
from casebook.rules.understanding.flags import Danger
from casebook.rules.understanding.tokens import tokenize

from .noise import Noise, toneless

_STRENGTH = 1.0
_SEEN = 12
_LEAST_WEIGHT = 0.02
_TONELESS_RATE = 0.08
_ANY_TIME = datetime(2026, 1, 5, 3, tzinfo=UTC)

Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A call as heard, whether a life is in danger in it, who invented it, and how much it counts in training."""

    text: str
    danger: bool
    author: str
    weight: float = 1.0


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


class Reader:
    """Reads calls as the scorer will see them: syllables, and how sure the rules are."""

    def __init__(self, rules: UnderstandingRules) -> None:
        self._rules = rules
        self._kept: dict[str, tuple[list[str], float]] = {}

    def read(self, text: str) -> tuple[list[str], float]:
        """The syllables of `text`, and how sure the rules are of danger (0-1)."""
        if text not in self._kept:
            tokens = tokenize(heard_text("chat_luong", _ANY_TIME, story=text).answers)
            sureness = Danger.of(self._rules.evidence.find(tokens), len(tokens)).sureness()
            self._kept[text] = [token.text for token in tokens], sureness
        return self._kept[text]


def train(lessons: Sequence[Lesson], words: DangerWords, reader: Reader) -> DangerModel:
    """A logistic regression over all clauses of `lessons`; same input, same model. It rings from even odds on."""
    rows: list[tuple[Features, Features]] = []
    owner: list[int] = []
    for order, lesson in enumerate(lessons):
        heard, sureness = reader.read(lesson.text)
        signs = signs_of(heard, words)
        whole = whole_features(signs, sureness)
        parts = [clause_features(within(signs, clause)) for clause in clauses(len(heard))]
        rows += [(whole, part) for part in parts]
        owner += [order] * len(parts)
    column = _columns(rows, owner)
    truth = np.array([lesson.danger for lesson in lessons])[owner]
    share = np.array([lesson.weight for lesson in lessons])[owner] / np.sqrt(np.bincount(owner)[owner])
    fitted = LogisticRegression(C=_STRENGTH, max_iter=300).fit(_matrix(rows, column), truth, sample_weight=share)
    weights = zip(column, fitted.coef_[0].tolist(), strict=True)
    kept = {name: round(weight, 3) for name, weight in weights if abs(weight) >= _LEAST_WEIGHT}
    return DangerModel(words, kept, float(fitted.intercept_[0]), 0.0)


def _columns(rows: Sequence[tuple[Features, Features]], owner: Sequence[int]) -> dict[str, int]:
    """A column for each feature that enough calls have."""
    seen: Counter[str] = Counter()
    last: dict[str, int] = {}
    for order, row in zip(owner, rows, strict=True):
        for part in row:
            for name in part:
                if last.get(name) != order:
                    last[name] = order
                    seen[name] += 1
    return {name: column for column, name in enumerate(sorted(n for n, count in seen.items() if count >= _SEEN))}


def _matrix(rows: Sequence[tuple[Features, Features]], column: Mapping[str, int]) -> csr_matrix:
    places: list[int] = []
    values: list[float] = []
    ends = [0]
    for row in rows:
        for part in row:
            for name, value in part.items():
                if name in column:
                    places.append(column[name])
                    values.append(value)
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(rows), len(column)))


def scores(model: DangerModel, texts: Iterable[str], reader: Reader) -> list[float]:
    """The model's score of each text."""
    return [model.score(*reader.read(text)) for text in texts]


def ringing_from(others: Sequence[float], false_alarms: float) -> float:
    """The score that only a share of `false_alarms` of the `others`' scores reaches."""
    allowed = math.floor(false_alarms * len(others))
    return sorted(others, reverse=True)[allowed] + 1e-6


def to_json(model: DangerModel, rings_from: float, report: Mapping[str, float]) -> dict[str, Any]:
    """The model as `DangerModel.parse` reads it."""
    return {
        "format": FORMAT,
        "report": dict(report),
        "constant": round(model.constant, 3),
        "rings_from": round(rings_from, 3),
        "weights": model.weights,
    }
