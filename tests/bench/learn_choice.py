"""Learns anew which of the places named a call is about: `python -m tests.bench.learn_choice [--write] [--quickly]`.

From the labelled calls of `data/`, each as typed, as recognised, with recognition errors and misheard once more.
Cross-validated by author: whoever invented a call that is judged has written none that was learned from. `--write`
learns from all and writes config/data/understanding/choice.json.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from casebook.learning.noise import Noise
from casebook.rules.understanding import Directory, UnderstandingRules, heard_text
from casebook.rules.understanding.choice import options_of, ruled_of, with_loose
from casebook.rules.understanding.choice_model import FORMAT, ChoiceModel
from casebook.rules.understanding.facility import Candidate
from casebook.rules.understanding.reading import Reading, facility_field, places_named, read, scene_of
from casebook.understanding_files import CHOICE_FILE, UNDERSTANDING_DATA, load_understanding
from config.directory.units import read_units
from transcription.rules.text import syllables

from .authors import AUTHORS, calls_of, what_is_asked, write_weights
from .understanding import CALLED_AT, FORMS, ROOT, SURE, Item

RULES_LEAD, TEMPERATURE = 0.75, 1.0
"""What the choice of the rules counts: they were written while looking at the older of these calls, but hold good for
new ones as well."""

_SHRINK = 1.0
_SEEN = 4
_COPIES = 2
_SAME_TEXT = 2


@dataclass(frozen=True)
class Lesson:
    """One call in one form: author, form, label, what was read, and the options with which of them are right."""

    author: str
    form: str
    item: Item
    reading: Reading
    options: Sequence[Mapping[str, float]]
    right: Sequence[bool]
    ruled: int


def lessons_of(
    author: str, items: Iterable[Item], noise: Noise, directory: Directory, rules: UnderstandingRules
) -> list[Lesson]:
    """Every item in each of its forms."""
    lessons = []
    for item in items:
        texts = {form: item.get(column) for form, column in FORMS.items()}
        spoken = str(item.get(FORMS["recognised"]) or item[FORMS["clean"]])
        texts |= {f"misheard {copy}": noise.misheard(spoken, copy=copy) for copy in range(_COPIES)}
        for form, text in texts.items():
            if text:
                reading = read(heard_text(item["line"], CALLED_AT, story=text), directory, rules)
                lessons.append(_lesson(author, form, item, reading, directory))
    return lessons


def _lesson(author: str, form: str, item: Item, reading: Reading, directory: Directory) -> Lesson:
    without = replace(reading, rules=replace(reading.rules, choice=None))
    ranked, _ = places_named(without, directory)
    every = with_loose(ranked, reading.loose)
    ruled = ruled_of(ranked)
    options = options_of(every, scene_of(reading, directory))
    return Lesson(author, form, item, reading, options, _right(item, every), len(every) if ruled is None else ruled)


def _right(item: Item, every: Sequence[Candidate]) -> list[bool]:
    """Which candidates, and last none of them, are what the label wants."""
    unit = item["subject_unit"]
    if unit is not None:
        return [*(c.mention is not None and c.mention.slug == unit for c in every), False]
    wanted = set(syllables(item["subject_text"] or ""))
    same = [c.private is not None and len(wanted & set(syllables(c.private.text))) >= _SAME_TEXT for c in every]
    return [*same, not any(same)]


def learn(lessons: Sequence[Lesson]) -> ChoiceModel:
    """Weights under which the right options of `lessons` are likeliest, the smaller the better (conditional logit)."""
    useful = [lesson for lesson in lessons if any(lesson.right) and not all(lesson.right)]
    counts = Counter(name for lesson in useful for option in lesson.options for name in option)
    column = {name: place for place, name in enumerate(sorted(n for n, count in counts.items() if count >= _SEEN))}
    rows, columns, values = [], [], []
    options = [option for lesson in useful for option in lesson.options]
    for row, option in enumerate(options):
        known = [(column[name], value) for name, value in option.items() if name in column]
        rows += [row] * len(known)
        columns += [place for place, _ in known]
        values += [value for _, value in known]
    seen = csr_matrix((values, (rows, columns)), shape=(len(options), len(column)))
    owner = np.repeat(np.arange(len(useful)), [len(lesson.options) for lesson in useful])
    right = np.array([holds for lesson in useful for holds in lesson.right], dtype=float)
    found = minimize(
        partial(_loss, seen, owner, right), np.zeros(len(column)), jac=True, method="L-BFGS-B", options={"maxiter": 150}
    )
    weights = {name: round(float(found.x[place]), 3) for name, place in column.items()}
    return ChoiceModel({name: w for name, w in weights.items() if abs(w) >= 0.005}, RULES_LEAD, TEMPERATURE)


def _loss(seen: csr_matrix, owner: np.ndarray, right: np.ndarray, weights: np.ndarray) -> tuple[float, np.ndarray]:
    """How unlikely the right options are, with its slope."""
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    scores = seen @ weights
    powers = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
    every, good = np.add.reduceat(powers, starts), np.add.reduceat(powers * right, starts) + 1e-12
    slope = seen.T @ (powers / every[owner] - powers * right / good[owner])
    return float(-(np.log(good) - np.log(every)).sum() + weights @ weights / (2 * _SHRINK)), slope + weights / _SHRINK


def cross_validate(lessons: Sequence[Lesson], directory: Directory) -> None:
    """Print, by author and form, the share of calls whose facility the rules find, and rules and choice together."""
    for author in AUTHORS:
        model = learn([lesson for lesson in lessons if lesson.author != author])
        for form in FORMS:
            held = [lesson for lesson in lessons if lesson.author == author and lesson.form == form]
            if held:
                print(f"{author:4}{form:12}{_judged(held, directory, None)} -> {_judged(held, directory, model)}")


def _judged(lessons: Sequence[Lesson], directory: Directory, model: ChoiceModel | None) -> str:
    right = sure = private = 0
    for lesson in lessons:
        reading = replace(lesson.reading, rules=replace(lesson.reading.rules, choice=model))
        field = facility_field(reading, *places_named(reading, directory), directory)
        got = field.value.unit if field.value else None
        right += got == lesson.item["subject_unit"]
        sure += bool(got) and got != lesson.item["subject_unit"] and field.sureness > SURE
        said = set(syllables(field.value.text)) if field.value and got is None else set()
        wanted = set(syllables(lesson.item["subject_text"] or "")) if lesson.item["subject_unit"] is None else set()
        private += len(said & wanted) >= _SAME_TEXT
    return f"{right / len(lessons):.3f} of {len(lessons)} (wrong and sure {sure}; private {private})"


def write(model: ChoiceModel) -> None:
    """Write choice.json."""
    numbers = {"rules_lead": model.rules_lead, "temperature": model.temperature}
    write_weights(UNDERSTANDING_DATA / CHOICE_FILE, {"format": FORMAT, **numbers, "weights": model.weights})


def main() -> None:
    """Cross-validate and print; learn from all and write if asked to."""
    asked = what_is_asked(__doc__)
    rules = load_understanding()
    directory = Directory.build(read_units(ROOT / "config" / "data" / "units.csv"), rules)
    calls, noise = calls_of(AUTHORS)
    lessons = [each for author, items in calls.items() for each in lessons_of(author, items, noise, directory, rules)]
    if not asked.quickly:
        cross_validate(lessons, directory)
    if asked.write:
        write(learn(lessons))


if __name__ == "__main__":
    main()
