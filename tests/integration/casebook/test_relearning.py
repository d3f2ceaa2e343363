"""The category model is learned anew from confirmed cases, and used only when it proves better."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from casebook.learning import LinearCategories
from casebook.learning.judge import LEAST_CASES
from casebook.learning.models import LearnedModel
from casebook.models import Case, CaseRecording
from casebook.rules.states import Status
from casebook.rules.understanding import Directory, UnderstandingRules, understand
from casebook.rules.understanding.written import heard_text
from casebook.service import cases, learned_model
from casebook.service.relearning import Teacher
from casebook.understanding_files import load_understanding
from config.clock import Clock
from config.crypto import KeyRing
from config.database.engine import Database
from config.directory.store import lines_of, load_directory, units_of
from recordings import service as recordings
from transcription.ports import EngineIdentity, Segment, Word
from transcription.service import save_heard

HABITS = {
    "chuyen_mon": "vết mổ rỉ dịch ba hôm chỉ khâu đứt phải khâu lại",
    "khac": "bãi giữ xe ngập nước lối đi trơn trượt đèn hành lang cháy",
}
"""What callers of an invented city say, which the shipped rules were not made for."""


class House:
    """Confirmed cases and a teacher."""

    def __init__(self, database: Database, keys: KeyRing, clock: Clock, examples: Path) -> None:
        self.database, self.keys, self.clock = database, keys, clock
        with database.begin() as session:
            load_directory(session)
            self.rules: UnderstandingRules = load_understanding()
            self.directory = Directory.build(units_of(session), self.rules)
            self.line = lines_of(session)[0]
        self.teacher = Teacher(database, keys, clock, examples)

    def confirm(self, story: str, category: str) -> None:
        words = tuple(Word(text, i * 0.3, i * 0.3 + 0.2, 0.9) for i, text in enumerate(story.split()))
        now = self.clock()
        with self.database.begin() as session:
            case = cases.open_case(session, line=self.line, now=now, keys=self.keys)
            case.category, case.confirmed_at, case.fields_by = category, now, "thanhtra@soyte.example"
            case.status = Status.CONFIRMED
            recording = recordings.expect(
                session, provider_sid=uuid4().hex, call_sid="CA", purpose="story", source_url=None, now=now
            )
            session.add(CaseRecording(case_id=case.id, recording_id=recording.id, question="story"))
            segments = [Segment(0.0, len(words) * 0.3, words)]
            save_heard(session, recording.id, segments, EngineIdentity("listener", "none", "1"), self.keys, now)

    def learn(self) -> list[LearnedModel]:
        with self.database.begin() as session:
            rules = replace(self.rules, learned=learned_model.in_use(session))
        self.teacher.relearn(self.directory, rules)
        with self.database.begin() as session:
            return list(session.scalars(select(LearnedModel).order_by(LearnedModel.version)))


@pytest.fixture
def house(database: Database, keys: KeyRing, now: datetime, tmp_path: Path) -> House:
    moments = iter(now + timedelta(seconds=step) for step in range(100_000))
    examples = tmp_path / "examples.jsonl"
    examples.write_text("", "utf-8")
    return House(database, keys, lambda: next(moments), examples)


def habitual(house: House, count: int) -> None:
    chance = random.Random(3)
    for number in range(count):
        category = list(HABITS)[number % 2]
        words = HABITS[category].split()
        chance.shuffle(words)
        house.confirm(" ".join(words), category)


def test_with_few_confirmed_cases_nothing_is_learned(house: House) -> None:
    habitual(house, LEAST_CASES - 1)
    assert house.learn() == []


def test_a_model_that_is_better_on_held_back_cases_comes_into_use(house: House) -> None:
    habitual(house, LEAST_CASES + 10)
    (learnt,) = house.learn()
    assert learnt.used
    assert learnt.right > max(learnt.rules_right, learnt.rival_right)
    taught = replace(house.rules, learned=LinearCategories.from_json(learnt.model))
    heard = heard_text(house.line.slug, house.clock(), story=HABITS["khac"])
    assert understand(heard, house.directory, taught).category.value == "khac"


def test_a_model_that_is_no_better_is_kept_on_record_and_not_used(house: House) -> None:
    habitual(house, LEAST_CASES + 10)
    first, second = [house.learn(), house.learn()][1]
    assert (first.used, second.used) == (True, False)
    assert second.right <= second.rival_right


def test_cases_of_one_category_teach_nothing(house: House) -> None:
    for _ in range(LEAST_CASES + 10):
        house.confirm(HABITS["khac"], "khac")
    assert house.learn() == []


def test_cases_nobody_looked_at_are_not_learned_from(house: House) -> None:
    habitual(house, LEAST_CASES + 10)
    with house.database.begin() as session:
        for case in session.scalars(select(Case)):
            case.fields_by = None
    assert house.learn() == []
