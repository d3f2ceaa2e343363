"""Reads the data of the understanding from config/data/understanding."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from casebook.rules.understanding import UnderstandingRules
from casebook.rules.understanding.caller_names import NameModel
from casebook.rules.understanding.category import LearnedCategories
from casebook.rules.understanding.choice_model import ChoiceModel
from casebook.rules.understanding.danger import DangerModel
from casebook.rules.understanding.places import Area
from config.errors import SettingsError

Model = TypeVar("Model")

UNDERSTANDING_DATA = Path(__file__).parent.parent / "config" / "data" / "understanding"
"""Where the shipped data lies."""

LEARNED_FILE = "learned.json"
"""The model learned from the shipped examples, beside the other data."""

ORDINARY_FILE = "ordinary.txt"
"""Words of plainly heard calls that only sound like a phrase; made by `python -m tests.bench.ordinary`."""

DANGER_FILE = "danger.json"
"""The scorer of danger, learned from invented calls by `python -m tests.bench.emergencies`."""

CHOICE_FILE = "choice.json"
"""The scorer of the place a call is about, learned from invented calls by `python -m tests.bench.learn_choice`."""

NAMES_FILE = "caller_names.json"
"""The scorer of callers' names, learned from invented calls by `python -m tests.bench.learn_names`."""

_TABLES = ("categories", "flags", "lines", "names", "people", "routing", "sayings")


class UnderstandingDataError(SettingsError):
    """The data of the understanding cannot be used as it is written."""


def load_understanding(
    folder: Path = UNDERSTANDING_DATA, own_numbers: Iterable[str] = (), learned: LearnedCategories | None = None
) -> UnderstandingRules:
    """Read all tables of `folder`; `own_numbers` are the hotlines' own, as dialled (0967771010).

    Raises UnderstandingDataError naming the file or entry at fault.
    """
    tables = {name: _table(folder / f"{name}.toml") for name in _TABLES}
    try:
        areas, ordinary = read_areas(folder / "places.csv"), read_ordinary(folder / ORDINARY_FILE)
        danger, choice, names = read_danger(folder), read_choice(folder), read_caller_names(folder)
        return UnderstandingRules.parse(tables, areas, own_numbers, learned, ordinary, danger, choice, names)
    except KeyError as missing:
        raise UnderstandingDataError(f"{folder}: no entry {missing}") from missing


def read_danger(folder: Path) -> DangerModel | None:
    """Read the learned scorer of danger; none where its file is not there."""
    return _learned(folder / DANGER_FILE, DangerModel.parse)


def read_choice(folder: Path) -> ChoiceModel | None:
    """Read the learned scorer of the place a call is about; none where its file is not there."""
    return _learned(folder / CHOICE_FILE, ChoiceModel.parse)


def read_caller_names(folder: Path) -> NameModel | None:
    """Read the learned scorer of callers' names; none where its file is not there."""
    return _learned(folder / NAMES_FILE, NameModel.parse)


def _learned(path: Path, parse: Callable[[Mapping[str, Any]], Model]) -> Model | None:
    if not path.exists():
        return None
    try:
        return parse(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise UnderstandingDataError(f"{path}: {error}") from error


def read_ordinary(path: Path) -> tuple[str, ...]:
    """Read words that only sound like a phrase, one a line; none where the file is not there."""
    return tuple(path.read_text(encoding="utf-8").split("\n")) if path.exists() else ()


def read_areas(path: Path) -> tuple[Area, ...]:
    """Read the areas of before July 2025 with the wards and communes made from them."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Area(row["area"], row["region"], tuple(ward for ward in row["wards"].split("|") if ward))
            for row in csv.DictReader(file)
        )


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UnderstandingDataError(f"{path}: {error}") from error
