"""The learned scorer of callers' names: its arithmetic, what it sees, and what it finds beside the rules."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casebook.rules.understanding import UnderstandingRules, heard_text
from casebook.rules.understanding.caller_names import FORMAT, LikelyName, NameModel, signs_of
from casebook.rules.understanding.people import NamedPerson, kept_back, with_likely
from casebook.rules.understanding.tokens import Token, tokenize
from casebook.understanding_files import NAMES_FILE, UnderstandingDataError, read_caller_names

from .conftest import Understood


def model(weights: Mapping[str, float], constant: float = -4.0) -> NameModel:
    return NameModel(weights, constant, named_from=0.5, joined_from=0.1)


def tokens_of(story: str) -> tuple[Token, ...]:
    return tokenize(heard_text("chat_luong", datetime(2026, 1, 21, 3, tzinfo=UTC), story=story).answers)


def hidden(understood: Understood, story: str) -> str:
    return " ".join(r.span.words for r in understood(story).redactions if r.kind == "name")


def test_a_likely_syllable_is_a_name_and_takes_its_neighbours_along(rules: UnderstandingRules) -> None:
    weights = {"says thoa": 5.0, "says kim": 2.0}
    found = model(weights).find(tokens_of("tôi kim thoa xin nói"), rules.people)
    assert [(name.first, name.last, name.core) for name in found] == [(1, 2, (2, 2))]
    assert found[0].likelihood == pytest.approx(1 / (1 + math.exp(-1)))


def test_what_could_only_belong_to_a_name_is_none_by_itself(rules: UnderstandingRules) -> None:
    assert model({"says kim": 2.0}).find(tokens_of("tôi kim xin nói"), rules.people) == []


def test_names_apart_are_found_apart(rules: UnderstandingRules) -> None:
    found = model({"is G": 9.0, "is gE": 9.0, "says vân": 9.0}).find(tokens_of("vân đây số của vân"), rules.people)
    assert [(name.first, name.last) for name in found] == [(0, 0), (4, 4)]


def test_no_name_goes_on_from_answer_to_answer(rules: UnderstandingRules) -> None:
    called_at = datetime(2026, 1, 21, 3, tzinfo=UTC)
    answers = heard_text("chat_luong", called_at, story="chờ ba tiếng thu", contact="hà đây").answers
    found = model({"says thu": 9.0, "says hà": 9.0}).find(tokenize(answers), rules.people)
    assert [(name.first, name.last) for name in found] == [(3, 3), (4, 4)]


def test_of_an_empty_call_nothing_is_found(rules: UnderstandingRules) -> None:
    assert model({}).find((), rules.people) == []


def test_signs_tell_words_parts_of_names_place_and_digits(rules: UnderstandingRules) -> None:
    signs = list(signs_of(tokens_of("gặp chị liên số không chín ba tám"), rules.people))
    assert {"says liên", "-1 chị", "1 số", "opening", "digits 2", "unwritten"} <= set(signs[2])
    assert "closing 0" in signs[-1]


def test_signs_tell_capitals_and_pauses_where_they_are_written(rules: UnderstandingRules) -> None:
    signs = list(
        signs_of(tokens_of("Họ mắng tôi ở cổng. Tôi là chị ruột, Lê Thu Hồng, tôi đứng ngay đó."), rules.people)
    )
    assert {"capital 1", "capitals 011", "pause before 1", "pause after 0"} <= set(signs[9])
    assert "opens" in signs[5]


def test_two_syllables_of_another_word_are_marked(rules: UnderstandingRules) -> None:
    signs = list(signs_of(tokens_of("tôi là viên chức"), rules.people))
    assert ["no name" in each for each in signs] == [False, False, True, True]


def test_the_rules_keep_what_they_know_whole() -> None:
    known = NamedPerson(3, 5, True, 0.9)
    assert with_likely([known], [LikelyName(4, 5, 0.99, (4, 5))]) == (known,)


def test_a_name_hardly_likely_is_kept_back_but_not_taken_for_the_callers() -> None:
    (unlikely,) = with_likely([], [LikelyName(3, 4, 0.2, (3, 3))])
    assert not unlikely.caller


def test_of_a_very_likely_name_the_core_is_the_callers_less_sure_than_by_the_rules() -> None:
    people = with_likely([], [LikelyName(7, 9, 0.96, (8, 9))])
    assert [(p.first, p.last, p.sureness) for p in people if p.caller] == [(8, 9, 0.48)]
    assert kept_back(people) == [(7, 9)]


def test_names_that_overlap_are_kept_back_in_one() -> None:
    people = [NamedPerson(first, last, False, 0.5) for first, last in ((8, 9), (2, 4), (3, 6), (7, 7))]
    assert kept_back(people) == [(2, 6), (7, 7), (8, 9)]


def test_data_of_another_form_is_refused() -> None:
    with pytest.raises(KeyError, match="format"):
        NameModel.parse({"format": FORMAT + 1})


def test_without_its_file_the_rules_are_alone(tmp_path: Path) -> None:
    assert read_caller_names(tmp_path) is None


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / NAMES_FILE).write_text("{", encoding="utf-8")
    with pytest.raises(UnderstandingDataError, match=NAMES_FILE):
        read_caller_names(tmp_path)


@pytest.mark.parametrize(
    ("story", "name"),
    [
        ("tôi đứng đó nghe hết tôi là dì ruột nó phùng thị ngà xin làm chứng", "phùng thị ngà"),
        ("liên hệ tôi anh thịnh không chín ba năm tám không sáu một hai bảy", "thịnh"),
        ("chuyện là vậy đó mong sở coi lại giúp tôi lương văn khải", "lương văn khải"),
        ("Mong sở xem lại. Tôi, Bích Liễu, xin hội đồng xem xét.", "Bích Liễu"),
    ],
)
def test_names_that_nobody_introduces_are_kept_back(understood: Understood, story: str, name: str) -> None:
    assert name in hidden(understood, story)


@pytest.mark.parametrize(
    "story",
    [
        "tôi khám ở bệnh viện nguyễn trãi chờ ba tiếng không ai gọi",
        "mẹ tôi nằm hành lang hai ngày bác sĩ không tới coi",
        "nhà thuốc ngoài đường lớn bán thuốc hết hạn cho người già",
    ],
)
def test_a_call_that_names_no_caller_keeps_nothing_back(understood: Understood, story: str) -> None:
    assert hidden(understood, story) == ""
