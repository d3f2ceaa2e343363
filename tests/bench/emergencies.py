"""How well dangers are told from other calls: `python -m tests.bench.emergencies [--write] [labelled.jsonl …]`.

Cross-validated by author: whoever invented a call that is judged has written none that was learned from. With files of
calls ({"text" or "text_asr", "emergency"} a line), the shipped model is measured on them instead, and nothing is
learned. `--write` learns from all and writes config/data/understanding/danger.json.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from casebook.learning.noise import Noise
from casebook.rules.understanding.danger import DangerModel
from casebook.understanding_files import DANGER_FILE, UNDERSTANDING_DATA, read_danger

from .danger_training import Lesson, Scores, misheard, read_lessons, ringing, scores, to_json, train
from .mishearing import noisy as misheard_otherwise

DATA = Path(__file__).parent / "data"
COPIES, COPIES_OF_COMPLAINTS = 4, 3
FALSE_ALARMS, BY_CLAUSES, _TOLD_AT_LENGTH = 0.025, 0.006, 30
"""The share of complaints of so many syllables, as said and misheard, that may ring when cross-validated, and that may
by a single clause.

A little lower than the three in a hundred allowed, because other people's complaints may ring more often.
"""

_AUTHORS = {"a1": "life_a", "a2": "life_a", "c": "life_c", "b": "life_heldback"} | {a: f"life_{a}" for a in "mnop"}
"""Who invented calls, by the beginning of their calls' ids, and the file they are in."""

_OWN, _COMPLAINTS = "own", "complaints"


def all_lessons() -> list[Lesson]:
    """Every invented call there is to learn from, with its author; ordinary complaints are all of one."""
    lessons = []
    for author, name in _AUTHORS.items():
        path = DATA / f"{name}.jsonl"
        ids = [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]
        calls = zip(read_lessons(path, author), ids, strict=True)
        lessons += [lesson for lesson, call in calls if call.startswith(f"{author}-")]
    lessons += read_lessons(DATA / "own_emergencies.jsonl", _OWN)
    lessons += read_lessons(DATA / "own_complaints.jsonl", _COMPLAINTS, "text_asr")
    examples = UNDERSTANDING_DATA / "examples.jsonl"
    ids = [json.loads(line)["id"] for line in examples.read_text(encoding="utf-8").splitlines() if line.strip()]
    in_danger = set((DATA / "examples_in_danger.txt").read_text(encoding="utf-8").split())
    calls = zip(read_lessons(examples, _COMPLAINTS, "text_asr"), ids, strict=True)
    lessons += [replace(lesson, danger=call in in_danger) for lesson, call in calls]
    return list({lesson.text: lesson for lesson in reversed(lessons)}.values())


class Course:
    """Lessons, and what it takes to learn from them and to judge on them."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self.lessons = lessons
        self._noise = Noise(lesson.text for lesson in lessons)

    def learn(self, lessons: Sequence[Lesson]) -> DangerModel:
        """Train on `lessons` and on them misheard."""
        ordinary = [lesson for lesson in lessons if lesson.author == _COMPLAINTS]
        others = [lesson for lesson in lessons if lesson.author != _COMPLAINTS]
        heard = misheard(others, self._noise, COPIES) + misheard(ordinary, self._noise, COPIES_OF_COMPLAINTS)
        return train(heard)


def judge(model: DangerModel, lessons: Sequence[Lesson], noisy: bool) -> list[Scores]:
    """The scores of `lessons`, as said or misheard, by another program than the one that is learned from."""
    return scores(model, [misheard_otherwise(each.text, each.text) if noisy else each.text for each in lessons])


def cross_validate(course: Course) -> dict[bool, tuple[list[Lesson], list[Scores]]]:
    """Each of the authors' calls, and each complaint, with its score by a model learned from none of its author's.

    Complaints are held back by thirds. Under True are the scores of the same calls misheard.
    """
    judged: dict[bool, tuple[list[Lesson], list[Scores]]] = {False: ([], []), True: ([], [])}
    for order, author in enumerate(_AUTHORS):
        held = [each for each in course.lessons if _held(each, author, order)]
        model = course.learn([each for each in course.lessons if not _held(each, author, order)])
        for noisy, (lessons, their_scores) in judged.items():
            lessons += held
            their_scores += judge(model, held, noisy)
    return judged


def _held(lesson: Lesson, author: str, order: int) -> bool:
    in_part = zlib.crc32(lesson.text.encode()) % len(_AUTHORS) == order
    return lesson.author == author or (lesson.author == _COMPLAINTS and in_part)


def _is_ordinary(lesson: Lesson) -> bool:
    """Whether it is a complaint told at some length, in which no life is in danger."""
    told = len(lesson.text.split()) >= _TOLD_AT_LENGTH
    return told and lesson.author == _COMPLAINTS and not lesson.danger


def shares(lessons: Sequence[Lesson], their_scores: Sequence[Scores], model: DangerModel) -> dict[str, float]:
    """Recall, and false alarms among the authors' other calls and among ordinary complaints (shares, 0-1)."""
    rings = [each.combined(model.clause_less) >= model.rings_from for each in their_scores]
    found = [rang for lesson, rang in zip(lessons, rings, strict=True) if lesson.danger]
    others = [(lesson, rang) for lesson, rang in zip(lessons, rings, strict=True) if not lesson.danger]
    like = [rang for lesson, rang in others if lesson.author != _COMPLAINTS]
    ordinary = [rang for lesson, rang in others if lesson.author == _COMPLAINTS]
    groups = {"recall": found, "false alarms, like calls": like, "false alarms, complaints": ordinary}
    return {name: round(sum(rang) / len(rang), 4) for name, rang in groups.items() if rang}


def measure(path: Path, model: DangerModel) -> None:
    """Print how the shipped model does on the calls of a file, as said and misheard."""
    text = "text" if '"text"' in path.read_text(encoding="utf-8")[:400] else "text_asr"
    lessons = read_lessons(path, _OWN, text)
    count = sum(each.danger for each in lessons)
    for noisy, name in ((False, "as said"), (True, "misheard")):
        found = shares(lessons, judge(model, lessons, noisy), model)
        print(f"{path.name}, {name}: {count} dangers of {len(lessons)}; {found}")


def main() -> None:
    """Cross-validate and print; learn and write if asked to; or measure on given files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labelled", nargs="*", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    shipped = read_danger(UNDERSTANDING_DATA)
    if arguments.labelled and shipped:
        for path in arguments.labelled:
            measure(path, shipped)
        return
    lessons = all_lessons()
    course = Course(lessons)
    judged = cross_validate(course)
    ordinary = [score for both in judged.values() for each, score in zip(*both, strict=True) if _is_ordinary(each)]
    clause_less, rings_from = ringing(ordinary, FALSE_ALARMS, BY_CLAUSES)
    model = replace(course.learn(lessons), clause_less=clause_less, rings_from=rings_from)
    reports = {noisy: shares(*judged[noisy], model) for noisy in judged}
    print(f"rings from {rings_from:.2f}, a clause from {rings_from + clause_less:.2f}")
    print(f"as said:  {reports[False]}\nmisheard: {reports[True]}")
    if arguments.write:
        table = to_json(model, reports[False])
        (UNDERSTANDING_DATA / DANGER_FILE).write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")))
        print(f"wrote {len(table['grams'])} grams to {UNDERSTANDING_DATA / DANGER_FILE}")


if __name__ == "__main__":
    main()
