"""The learned choice of the place a call is about: its arithmetic, what it weighs, and what it makes of whole calls."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casebook.rules.understanding import Directory, Facility, Field, UnderstandingRules, heard_text
from casebook.rules.understanding.choice import chosen
from casebook.rules.understanding.choice_model import FORMAT, ChoiceModel
from casebook.rules.understanding.choice_signs import Surroundings, signs_of
from casebook.rules.understanding.facility import Candidate
from casebook.rules.understanding.reading import Reading, facility_field, places_named, read, scene_of
from casebook.understanding_files import CHOICE_FILE, UnderstandingDataError, read_choice

from .conftest import Understood

TWO_PLACES = "tôi khám ở bình dân rồi về phòng khám hoa mai chích thuốc bị sốc"


def model(weights: Mapping[str, float], rules_lead: float = 0.0, temperature: float = 1.0) -> ChoiceModel:
    return ChoiceModel(weights, rules_lead, temperature)


@pytest.fixture
def reading(rules: UnderstandingRules, directory: Directory) -> Reading:
    return reading_of(TWO_PLACES, rules, directory)


def reading_of(story: str, rules: UnderstandingRules, directory: Directory) -> Reading:
    called_at = datetime(2026, 1, 21, 3, tzinfo=UTC)
    return read(heard_text("chat_luong", called_at, story=story), directory, replace(rules, choice=None))


def field_of(reading: Reading, directory: Directory, choice: ChoiceModel) -> Field[Facility]:
    by_choice = replace(reading, rules=replace(reading.rules, choice=choice))
    return facility_field(by_choice, *places_named(by_choice, directory), directory)


def test_likelihoods_are_those_of_a_choice_among_options() -> None:
    shares = model({"a": 1.0, "b": -1.0}).likelihoods([{"a": 1.0}, {"b": 1.0}, {"unknown": 5.0}], ruled=2)
    whole = math.exp(1) + math.exp(-1) + 1
    assert shares == pytest.approx([math.exp(1) / whole, math.exp(-1) / whole, 1 / whole])


def test_what_the_rules_choose_counts_for_more() -> None:
    assert model({}, rules_lead=1.0).likelihoods([{}, {}], ruled=1) == pytest.approx([0.2689, 0.7311], abs=1e-4)


def test_a_higher_temperature_makes_the_choice_less_sure() -> None:
    cold, warm = (model({"a": 2.0}, temperature=t).likelihoods([{"a": 1.0}, {}], 0)[0] for t in (1.0, 3.0))
    assert 0.5 < warm < cold


def test_scores_of_any_size_are_borne() -> None:
    assert model({"a": 1e6}).likelihoods([{"a": 1.0}, {}], 0) == [1.0, 0.0]


def test_data_of_another_form_is_refused() -> None:
    with pytest.raises(KeyError, match="format"):
        ChoiceModel.parse({"format": FORMAT + 1, "weights": {}, "rules_lead": 0, "temperature": 1})


def test_without_its_file_there_is_no_choice(tmp_path: Path) -> None:
    assert read_choice(tmp_path) is None


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / CHOICE_FILE).write_text("{", encoding="utf-8")
    with pytest.raises(UnderstandingDataError, match=CHOICE_FILE):
        read_choice(tmp_path)


def test_the_place_that_the_weights_prefer_is_the_subject(reading: Reading, directory: Directory) -> None:
    hospital = field_of(reading, directory, model({"kind hospital": 5.0})).value
    private = field_of(reading, directory, model({"kind private": 5.0})).value
    assert hospital is not None
    assert hospital.unit == "bv-binh-dan"
    assert private is not None
    assert private.text.startswith("phòng khám hoa mai")


def test_none_of_the_places_is_the_subject_where_that_is_likeliest(reading: Reading, directory: Directory) -> None:
    field = field_of(reading, directory, model({"none": 9.0}))
    assert field.value is None
    assert {a.value.unit for a in field.alternatives} >= {"bv-binh-dan"}


def test_a_choice_between_equals_is_not_sure(reading: Reading, directory: Directory) -> None:
    assert field_of(reading, directory, model({})).sureness < 0.5


def test_no_place_named_leaves_nothing_to_choose(rules: UnderstandingRules, directory: Directory) -> None:
    nothing = reading_of("trời hôm nay nóng quá", rules, directory)
    assert chosen([], (), scene_of(nothing, directory), model({"none": 1.0})) == []


def test_a_name_only_loosely_heard_is_no_mention_but_may_be_chosen(
    rules: UnderstandingRules, directory: Directory
) -> None:
    heard = reading_of("bác sĩ khoa nội gò vấp quát tôi", rules, directory)
    assert not heard.mentions
    assert [loose.name.slug for loose in heard.loose] == ["bv-go-vap"]
    field = field_of(heard, directory, model({"kind loose": 3.0}))
    assert field.value is not None
    assert field.value.unit == "bv-go-vap"
    assert field.sureness <= 0.6


def test_a_little_house_of_a_ward_is_not_even_loosely_a_unit(rules: UnderstandingRules, directory: Directory) -> None:
    assert not reading_of("trạm y tế thuận an đóng cửa", rules, directory).loose


def test_signs_tell_kind_line_cues_and_the_words_around(reading: Reading, directory: Directory) -> None:
    scene = scene_of(reading, directory)
    ranked, _ = places_named(reading, directory)
    by_kind: dict[bool, Candidate] = {c.mention is not None: c for c in ranked}
    around = Surroundings.of(ranked, scene)
    unit, private = (signs_of(by_kind[named], around) for named in (True, False))
    assert {"kind hospital", "kind hospital on chat_luong", "first hospital", "cue complained"} <= unit.keys()
    assert {"before 1 ơ", "before 2 kham"} & unit.keys() or {"before 1 o"} & unit.keys()
    assert {"kind private", "last"} <= private.keys()
    assert "first hospital" not in private


CALLS = [
    ("chat_luong", "tôi nằm ở từ dũ hồi sáng bị điều dưỡng mắng rồi đuổi ra hành lang", "bv-tu-du"),
    ("chat_luong", "bệnh viện quận tám để má tôi chờ sáu tiếng không ai ngó tới", "bv-quan-8"),
    ("ve_benh_moi_tien", "phòng khám đa khoa an tâm vẽ bệnh lấy của tôi mười hai triệu", None),
]


@pytest.mark.parametrize(("line", "story", "unit"), CALLS)
def test_the_shipped_choice_finds_the_subject_of_plain_calls(
    understood: Understood, line: str, story: str, unit: str | None
) -> None:
    facility = understood(story, line).facility.value
    assert facility is not None
    assert facility.unit == unit
