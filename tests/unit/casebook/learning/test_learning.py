from __future__ import annotations

import json
from pathlib import Path

import pytest

from casebook.learning import LinearCategories, ModelFileError
from casebook.learning.judge import learn
from casebook.learning.train import Example, misheard
from casebook.rules.understanding.category import CATEGORIES, CategoryView

TALK = {
    "thai_do_phuc_vu": ["cô y tá quát mắng", "bảo vệ nạt nộ", "nói năng cộc lốc", "bác sĩ xúc phạm"],
    "khac": ["nhà xe ngập nước", "căn tin có gián", "thang máy hư", "mất trộm điện thoại"],
}


def view(story: str, wrong: str = "chuyen_mon") -> CategoryView:
    scores = dict.fromkeys(CATEGORIES, 0.0) | {wrong: 0.5}
    return CategoryView(tuple(story.split()), "chat_luong", "hospital", scores)


SHARE = 0.5

EXAMPLES = [
    Example(view(f"{story} {extra}"), category, f"{category}-{n}-{extra}")
    for category, stories in TALK.items()
    for n, story in enumerate(stories)
    for extra in "sáng trưa chiều tối nay qua kia mai mốt rồi".split()
]


def test_a_model_that_is_better_on_held_back_cases_may_be_used() -> None:
    learnt = learn(EXAMPLES, "try-1", SHARE)
    assert learnt is not None
    assert learnt.is_better
    assert learnt.right > 0.9 > learnt.rules_right
    assert learnt.model.report["cases"] == len(EXAMPLES)


def test_too_few_cases_or_one_category_teach_nothing() -> None:
    assert learn(EXAMPLES[:20], "few", SHARE) is None
    assert learn([e for e in EXAMPLES if e.category == "khac"] * 3, "one", SHARE) is None


def test_a_model_that_only_repeats_the_rules_is_not_used() -> None:
    right = [Example(view("dạ", e.category), e.category, e.group) for e in EXAMPLES]
    learnt = learn(right, "same", SHARE)
    assert learnt is not None
    assert not learnt.is_better


def test_learning_twice_gives_the_same_model() -> None:
    first, second = learn(EXAMPLES, "v", SHARE), learn(EXAMPLES, "v", SHARE)
    assert first is not None
    assert second is not None
    assert first.model.to_json() == second.model.to_json()


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    learnt = learn(EXAMPLES, "kept", SHARE)
    assert learnt is not None
    learnt.model.write(tmp_path / "model.json")
    kept = LinearCategories.read(tmp_path / "model.json")
    before, after = learnt.model.scores(EXAMPLES[0].view), kept.scores(EXAMPLES[0].view)
    assert after.signs == before.signs
    for category in CATEGORIES:
        assert after.by_category[category] == pytest.approx(before.by_category[category], abs=0.05)


def test_the_words_that_spoke_for_the_category_are_shown() -> None:
    learnt = learn(EXAMPLES, "v", SHARE)
    assert learnt is not None
    shown = learnt.model.scores(view("hôm đó cô y tá quát mắng"))
    assert 5 in shown.signs or 4 in shown.signs


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"format": 0}), json.dumps({"format": 1})])
def test_a_damaged_or_foreign_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelFileError):
        LinearCategories.read(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"gone\.json"):
        LinearCategories.read(tmp_path / "gone.json")


def test_a_call_that_says_nothing_known_leans_to_no_category_that_was_learned() -> None:
    learnt = learn(EXAMPLES, "v", SHARE)
    assert learnt is not None
    blank = CategoryView(("ờm",), "another_line", "nothing", dict.fromkeys(CATEGORIES, 0.0))
    scores = learnt.model.scores(blank).by_category
    assert scores["thai_do_phuc_vu"] == scores["khac"] == 0
    assert scores["chuyen_mon"] < 0


def test_each_call_is_also_taught_misheard_and_stays_in_its_group() -> None:
    twice = [EXAMPLES[0], EXAMPLES[0], *EXAMPLES[1:10]]
    copies = misheard(twice)
    assert misheard(twice) == copies
    assert {(copy.group, copy.category) for copy in copies} == {(e.group, e.category) for e in twice}
    assert len(copies) % 10 == 0
    said = {e.group: e.view.syllables for e in twice}
    assert any(copy.view.syllables != said[copy.group] for copy in misheard(EXAMPLES) if copy.group in said)
