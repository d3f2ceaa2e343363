"""The learned model itself: coefficients in a JSON file, read by people and machines, never executed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casebook.rules.understanding.category import CategoryView, LearnedScores
from config.errors import SettingsError

from .features import features_of, scaled

FORMAT = 3
"""Version of the file's form; a file of another form is refused."""

_SHOWN = 4


class ModelFileError(SettingsError):
    """The file of the learned model is not one that this version can use."""


@dataclass(frozen=True)
class LinearCategories:
    """A linear model over `categories`: rarity by word and pair of words, weights (one a category) by name.

    `base` is what each category starts from: nothing, or a score that never wins for one never confirmed.
    """

    version: str
    categories: tuple[str, ...]
    base: tuple[float, ...]
    rarity: Mapping[str, float]
    weights: Mapping[str, tuple[float, ...]]
    report: Mapping[str, Any]

    def scores(self, view: CategoryView) -> LearnedScores:
        """A score a category (log-odds up to a constant) and the words that spoke most for the best."""
        seen = features_of(view)
        words = scaled(seen.words, self.rarity)
        parts = {f"w:{name}": value for name, value in words.items()}
        parts |= {f"v:{name}": value for name, value in seen.values.items()}
        totals = list(self.base)
        for name, value in parts.items():
            for order, weight in enumerate(self.weights.get(name, ())):
                totals[order] += weight * value
        best = max(range(len(totals)), key=totals.__getitem__)
        return LearnedScores(dict(zip(self.categories, totals, strict=True)), self._signs(view, words, best))

    def _signs(self, view: CategoryView, words: Mapping[str, float], best: int) -> tuple[int, ...]:
        """Positions of the syllables that spoke most for the best category."""
        speaking = {
            name: value * self.weights[f"w:{name}"][best]
            for name, value in words.items()
            if " " not in name and f"w:{name}" in self.weights
        }
        strongest = sorted((n for n in speaking if speaking[n] > 0), key=lambda n: -speaking[n])
        return tuple(sorted(view.syllables.index(name) for name in strongest[:_SHOWN]))

    def to_json(self) -> dict[str, Any]:
        """The model as a dict of JSON values."""
        return {
            "format": FORMAT,
            "version": self.version,
            "report": dict(self.report),
            "categories": list(self.categories),
            "base": list(self.base),
            "rarity": {name: round(value, 2) for name, value in self.rarity.items()},
            "weights": {name: [round(w, 2) for w in ws] for name, ws in self.weights.items()},
        }

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> LinearCategories:
        """Read what `to_json` made; raises ModelFileError for anything else."""
        try:
            if table["format"] != FORMAT:
                raise ModelFileError(f"the model's form is {table['format']}, not {FORMAT}")
            return cls(
                version=str(table["version"]),
                categories=tuple(table["categories"]),
                base=tuple(table["base"]),
                rarity=table["rarity"],
                weights={name: tuple(weights) for name, weights in table["weights"].items()},
                report=table["report"],
            )
        except (KeyError, TypeError) as error:
            raise ModelFileError(f"the model's file is damaged: {error!r}") from error

    @classmethod
    def read(cls, path: Path) -> LinearCategories:
        """Read a model's file; raises ModelFileError if it cannot be used."""
        try:
            return cls.from_json(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise ModelFileError(f"{path}: {error}") from error

    def write(self, path: Path) -> None:
        """Write the model's file, whole or not at all."""
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        draft.replace(path)
