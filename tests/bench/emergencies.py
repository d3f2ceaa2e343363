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

from casebook.rules.understanding import UnderstandingRules
from casebook.rules.understanding.danger import DangerModel
from casebook.rules.understanding.danger_signs import DangerWords
from casebook.understanding_files import DANGER_FILE, UNDERSTANDING_DATA, load_understanding, read_danger_words

from .danger_training import Lesson, Reader, misheard, read_lessons, ringing_from, scores, to_json, train
from .noise import Noise

DATA = Path(__file__).parent / "data"
COPIES, COPIES_OF_COMPLAINTS = 4, 3
FALSE_ALARMS, _TOLD_AT_LENGTH = 0.0225, 30
"""The share of complaints of so many syllables, as said and misheard, that may ring when cross-validated.

Lower than the three in a hundred allowed, because other people's complaints ring more often.
"""

_WEIGHT_OF_COMPLAINTS = 3.0
_AUTHORS = ("a1", "a2", "c")
_OWN, _COMPLAINTS = "own", "complaints"


def all_lessons() -> list[Lesson]:
    """Every invented call there is to learn from, with its author; ordinary complaints are all of one."""
    lessons = []
    for path in (DATA / "life_a.jsonl", DATA / "life_c.jsonl"):
        ids = [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]
        authors = [name if name in _AUTHORS else "c" for name in (call.split("-")[0] for call in ids)]
        lessons += [replace(a, author=b) for a, b in zip(read_lessons(path, "c"), authors, strict=True)]
    lessons += read_lessons(DATA / "own_emergencies.jsonl", _OWN)
    lessons += read_lessons(DATA / "own_complaints.jsonl", _COMPLAINTS, "text_asr")
    examples = UNDERSTANDING_DATA / "examples.jsonl"
    ids = [json.loads(line)["id"] for line in examples.read_text(encoding="utf-8").splitlines() if line.strip()]
    in_danger = set((DATA / "examples_in_danger.txt").read_text(encoding="utf-8").split())
    calls = zip(read_lessons(examples, _COMPLAINTS, "text_asr"), ids, strict=True)
    lessons += [replace(lesson, danger=call in in_danger) for lesson, call in calls]
    lessons = [replace(a, weight=_WEIGHT_OF_COMPLAINTS if a.author == _COMPLAINTS else 1.0) for a in lessons]
    return list({lesson.text: lesson for lesson in reversed(lessons)}.values())


class Course:
    """Lessons, and what it takes to learn from them and to judge on them."""

    def __init__(self, lessons: Sequence[Lesson], rules: UnderstandingRules, words: DangerWords) -> None:
        self.lessons = lessons
        self._noise = Noise(lesson.text for lesson in lessons)
        self._reader, self._words = Reader(rules), words

    def learn(self, lessons: Sequence[Lesson]) -> DangerModel:
        """Train on `lessons` and on them misheard."""
        ordinary = [lesson for lesson in lessons if lesson.author == _COMPLAINTS]
        others = [lesson for lesson in lessons if lesson.author != _COMPLAINTS]
        heard = misheard(others, self._noise, COPIES) + misheard(ordinary, self._noise, COPIES_OF_COMPLAINTS)
        return train(heard, self._words, self._reader)

    def judge(self, model: DangerModel, lessons: Sequence[Lesson], noisy: bool) -> list[float]:
        """The scores of `lessons`, as said or misheard as no lesson was."""
        texts = [self._noise.misheard(each.text, copy=99) if noisy else each.text for each in lessons]
        return scores(model, texts, self._reader)


def cross_validate(course: Course) -> dict[bool, tuple[list[Lesson], list[float]]]:
    """Each of the authors' calls, and each complaint, with its score by a model learned from none of its author's.

    Complaints are held back by thirds. Under True are the scores of the same calls misheard.
    """
    judged: dict[bool, tuple[list[Lesson], list[float]]] = {False: ([], []), True: ([], [])}
    for order, author in enumerate(_AUTHORS):
        held = [each for each in course.lessons if _held(each, author, order)]
        model = course.learn([each for each in course.lessons if not _held(each, author, order)])
        for noisy, (lessons, their_scores) in judged.items():
            lessons += held
            their_scores += course.judge(model, held, noisy)
    return judged


def _held(lesson: Lesson, author: str, order: int) -> bool:
    in_part = zlib.crc32(lesson.text.encode()) % len(_AUTHORS) == order
    return lesson.author == author or (lesson.author == _COMPLAINTS and in_part)


def _is_ordinary(lesson: Lesson) -> bool:
    """Whether it is a complaint told at some length, in which no life is in danger."""
    told = len(lesson.text.split()) >= _TOLD_AT_LENGTH
    return told and lesson.author == _COMPLAINTS and not lesson.danger


def shares(lessons: Sequence[Lesson], their_scores: Sequence[float], rings_from: float) -> dict[str, float]:
    """Recall, and false alarms among the authors' other calls and among ordinary complaints (shares, 0-1)."""
    found = [score >= rings_from for lesson, score in zip(lessons, their_scores, strict=True) if lesson.danger]
    others = [(each, score >= rings_from) for each, score in zip(lessons, their_scores, strict=True) if not each.danger]
    like = [rings for each, rings in others if each.author != _COMPLAINTS]
    ordinary = [rings for each, rings in others if each.author == _COMPLAINTS]
    groups = {"recall": found, "false alarms, like calls": like, "false alarms, complaints": ordinary}
    return {name: round(sum(rings) / len(rings), 4) for name, rings in groups.items() if rings}


def measure(path: Path, rules: UnderstandingRules, noise: Noise) -> None:
    """Print how the shipped model does on the calls of a file, as said and misheard."""
    text = "text" if '"text"' in path.read_text(encoding="utf-8")[:400] else "text_asr"
    lessons, reader, model = read_lessons(path, _OWN, text), Reader(rules), rules.danger
    for name in ("as said", "misheard"):
        heard = [noise.misheard(each.text, copy=77) if name == "misheard" else each.text for each in lessons]
        found = shares(lessons, scores(model, heard, reader), model.rings_from) if model else {}
        count = sum(each.danger for each in lessons)
        print(f"{path.name}, {name}: {count} dangers of {len(lessons)}; {found}")


def main() -> None:
    """Cross-validate and print; learn and write if asked to; or measure on given files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labelled", nargs="*", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    lessons, rules = all_lessons(), load_understanding()
    course = Course(lessons, rules, DangerWords(read_danger_words()))
    if arguments.labelled:
        for path in arguments.labelled:
            measure(path, rules, Noise(lesson.text for lesson in lessons))
        return
    judged = cross_validate(course)
    ordinary = [score for both in judged.values() for each, score in zip(*both, strict=True) if _is_ordinary(each)]
    rings_from = ringing_from(ordinary, FALSE_ALARMS)
    reports = {noisy: shares(*judged[noisy], rings_from) for noisy in judged}
    print(f"rings from {rings_from:.2f}\nas said:  {reports[False]}\nmisheard: {reports[True]}")
    if arguments.write:
        table = to_json(course.learn(lessons), rings_from, reports[False])
        (UNDERSTANDING_DATA / DANGER_FILE).write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")))
        print(f"wrote {len(table['weights'])} weights to {UNDERSTANDING_DATA / DANGER_FILE}")


if __name__ == "__main__":
    main()
