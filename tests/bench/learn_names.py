"""Learns anew which syllables are a caller's name: `python -m tests.bench.learn_names [--write] [--quickly]`.

From the labelled calls of `data/`, each as typed, as recognised, with recognition errors and misheard once more.
Cross-validated by author: whoever invented a call that is judged has written none that was learned from. `--write`
learns from all and writes config/data/understanding/caller_names.json.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from casebook.learning.noise import Noise
from casebook.rules.understanding import heard_text
from casebook.rules.understanding.caller_names import FORMAT, NameModel, signs_of
from casebook.rules.understanding.people import find_names
from casebook.rules.understanding.people_rules import PeopleRules
from casebook.rules.understanding.tokens import Token, tokenize
from casebook.understanding_files import NAMES_FILE, UNDERSTANDING_DATA, load_understanding
from transcription.rules.text import fold

from .authors import AUTHORS, calls_of, what_is_asked, write_weights
from .understanding import CALLED_AT, FORMS, Item

NAMERS = AUTHORS | {author: f"names_{author}" for author in "rst"}
"""Files by author, those with short calls in which people name themselves among them."""

NAMED_FROM, JOINED_FROM = 0.1, 0.01
"""What is kept back needlessly an inspector shows again with one key; a name that leaves cannot be called back."""

_SEEN = 3
_COPIES, _COPIES_OF_NAMED = 1, 3
_STRENGTH = 1.0
_TELLING = 0.04
"""Weights below this change nothing that is shown, and are left out."""


@dataclass(frozen=True)
class Lesson:
    """One call in one form: author, form, its syllables, what is seen of each, and which are the caller's name."""

    author: str
    form: str
    item: Item
    tokens: Sequence[Token]
    signs: Sequence[Sequence[str]]
    named: Sequence[bool]


def lessons_of(author: str, items: Iterable[Item], noise: Noise, people: PeopleRules) -> Iterator[Lesson]:
    """Every item in each of its forms in which its caller's name can be found."""
    for item in items:
        texts = {form: item.get(column) for form, column in FORMS.items()}
        spoken = str(item.get(FORMS["recognised"]) or item[FORMS["clean"]])
        copies = _COPIES_OF_NAMED if item["facts"]["caller_name"] else _COPIES
        texts |= {f"misheard {copy}": noise.misheard(spoken, copy=copy) for copy in range(copies)}
        for form, text in texts.items():
            tokens = _tokens(item, text or "")
            named = _named(item, tokens)
            if named is not None:
                yield Lesson(author, form, item, tokens, list(signs_of(tokens, people)), named)


def _tokens(item: Item, text: str) -> tuple[Token, ...]:
    return tokenize(heard_text(item["line"], CALLED_AT, story=text).answers)


def _named(item: Item, tokens: Sequence[Token]) -> list[bool] | None:
    """Which tokens are the caller's name, however misheard; None where that cannot be told."""
    name = item["facts"]["caller_name"]
    if not name:
        return [False] * len(tokens)
    wanted = [token.text for token in _tokens(item, name)]
    heard, spoken = [token.text for token in tokens], [token.text for token in _tokens(item, item["text_asr"])]
    places = _found(wanted, heard) or _carried_over(_found(wanted, spoken), spoken, heard)
    return [place in places for place in range(len(tokens))] if places else None


def _found(wanted: Sequence[str], heard: Sequence[str]) -> set[int]:
    size = len(wanted)
    starts = [place for place in range(len(heard) - size + 1) if heard[place : place + size] == wanted]
    return {start + step for start in starts for step in range(size)}


def _carried_over(places: set[int], spoken: Sequence[str], heard: Sequence[str]) -> set[int]:
    """Where the syllables at `places` of what was spoken are in what was heard."""
    found = set()
    for change, a, after_a, b, after_b in SequenceMatcher(a=spoken, b=heard, autojunk=False).get_opcodes():
        if change in ("equal", "replace"):
            share = (after_a - a) / (after_b - b)
            found |= {place for place in range(b, after_b) if a + int((place - b) * share) in places}
    return found


def learn(lessons: Sequence[Lesson]) -> NameModel:
    """A logistic regression over every syllable of `lessons`; same input, same model."""
    seen = Counter(sign for lesson in lessons for signs in lesson.signs for sign in signs)
    column = {sign: place for place, sign in enumerate(sorted(s for s, count in seen.items() if count >= _SEEN))}
    rows = [[column[sign] for sign in signs if sign in column] for lesson in lessons for signs in lesson.signs]
    ends = np.cumsum([0, *map(len, rows)])
    places = [place for row in rows for place in row]
    matrix = csr_matrix((np.ones(len(places)), places, ends), shape=(len(rows), len(column)))
    truth = [named for lesson in lessons for named in lesson.named]
    regression = LogisticRegression(C=_STRENGTH, solver="liblinear", tol=1e-3, max_iter=300, random_state=0)
    fitted = regression.fit(matrix, truth)
    weights = {sign: round(float(fitted.coef_[0][place]), 2) for sign, place in column.items()}
    constant = round(float(fitted.intercept_[0]), 3)
    told = {sign: weight for sign, weight in weights.items() if abs(weight) >= _TELLING}
    return NameModel(told, constant, NAMED_FROM, JOINED_FROM)


def cross_validate(lessons: Sequence[Lesson], people: PeopleRules) -> None:
    """Print, by author and form, the share of names kept back by the rules, and by rules and scorer together."""
    for author in dict.fromkeys(lesson.author for lesson in lessons):
        model = learn([lesson for lesson in lessons if lesson.author != author])
        for form in FORMS:
            held = [lesson for lesson in lessons if lesson.author == author and lesson.form == form]
            if any(any(lesson.named) for lesson in held):
                print(f"{author:4}{form:12}{_judged(held, people, model)}")


def _judged(lessons: Sequence[Lesson], people: PeopleRules, model: NameModel) -> str:
    by_rules = together = names = needless = 0
    for lesson in lessons:
        hidden = {place for p in find_names(lesson.tokens, people) for place in range(p.first, p.last + 1)}
        more = {place for n in model.find(lesson.tokens, people) for place in range(n.first, n.last + 1)} - hidden
        name = fold(lesson.item["facts"]["caller_name"] or "")
        if name and name in _said(lesson.tokens, range(len(lesson.tokens))):
            names += 1
            by_rules += name in _said(lesson.tokens, hidden)
            together += name in _said(lesson.tokens, hidden | more)
        needless += sum(not lesson.named[place] for place in more)
    share = needless / sum(len(lesson.tokens) for lesson in lessons)
    return f"{by_rules / names:.3f} -> {together / names:.3f} of {names} (needlessly {share:.2%} of all syllables)"


def _said(tokens: Sequence[Token], places: Iterable[int]) -> str:
    return " ".join(fold(tokens[place].text) for place in sorted(places))


def write(model: NameModel) -> None:
    """Write caller_names.json."""
    numbers = {"constant": model.constant, "named_from": model.named_from, "joined_from": model.joined_from}
    write_weights(UNDERSTANDING_DATA / NAMES_FILE, {"format": FORMAT, **numbers, "weights": model.weights})


def main() -> None:
    """Cross-validate and print; learn from all and write if asked to."""
    asked = what_is_asked(__doc__)
    people = load_understanding().people
    calls, noise = calls_of(NAMERS)
    lessons = [each for author, items in calls.items() for each in lessons_of(author, items, noise, people)]
    if not asked.quickly:
        cross_validate(lessons, people)
    if asked.write:
        write(learn(lessons))


if __name__ == "__main__":
    main()
