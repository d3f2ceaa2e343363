"""The learned scorer of danger: a clause of long talk, words badly heard, what was said elsewhere, and its data."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from casebook.rules.understanding import Directory, UnderstandingRules, heard_text, understand
from casebook.rules.understanding.danger import STRETCH, DangerModel, features, grams, stretches
from casebook.rules.understanding.tokens import syllables_of
from casebook.understanding_files import DANGER_FILE, UNDERSTANDING_DATA, UnderstandingDataError, load_understanding

from .conftest import CALLED_AT, Understood

DANGER = "má tôi nằm im rồi kêu hoài không thưa tay chân lạnh ngắt mà không ai vô coi"
GRUMBLE = (
    "tôi phản ánh bệnh viện bắt xếp hàng lấy số từ năm giờ sáng quầy thu tiền có một cô nhân viên thái độ khó chịu "
    "giấy chuyển tuyến thì nói sai mẫu bắt về phường làm lại bãi giữ xe thu mười ngàn không có vé "
)


@pytest.fixture
def model(rules: UnderstandingRules) -> DangerModel:
    assert rules.danger is not None
    return rules.danger


def test_a_danger_told_in_one_clause_of_a_long_complaint_rings(understood: Understood) -> None:
    assert understood(GRUMBLE + DANGER + " " + GRUMBLE).flags.emergency.value
    assert not understood(GRUMBLE + GRUMBLE).flags.emergency.value


def test_the_words_shown_for_an_alarm_are_those_of_the_dangerous_clause(understood: Understood) -> None:
    shown = " ".join(span.words for span in understood(GRUMBLE + DANGER + " " + GRUMBLE).flags.emergency.because)
    assert "lạnh ngắt" in shown or "không thưa" in shown
    assert "bãi giữ xe" not in shown


def test_a_danger_that_no_phrase_foresees_rings(rules: UnderstandingRules, directory: Directory) -> None:
    story = "người nó mềm như cọng bún lay hoài nó chỉ hé mắt rồi nhắm lại môi nó sậm dần"
    heard = heard_text("chat_luong", CALLED_AT, story=story)
    flag = understand(heard, directory, rules).flags.emergency
    assert flag.value
    assert flag.because


def test_a_danger_is_heard_without_any_tones(understood: Understood) -> None:
    story = "ma tôi năm im rôi kêu hoai không thưa tay chân lanh ngăt ma không ai vô coi"
    assert understood(story).flags.emergency.value


def test_what_is_said_elsewhere_counts_too(model: DangerModel) -> None:
    now = syllables_of(DANGER)
    over = syllables_of("hôm tháng trước " + DANGER + " may mà cứu kịp giờ bà khỏe rồi xuất viện về nhà rồi")
    assert model.score(over) < model.score(now)


def test_without_its_data_the_rules_alone_decide(rules: UnderstandingRules, directory: Directory) -> None:
    heard = heard_text("chat_luong", CALLED_AT, story="mẹ tôi ngưng thở rồi tôi đang ép tim ai điều xe giúp tôi với")
    assert understand(heard, directory, replace(rules, danger=None)).flags.emergency.value


@pytest.mark.parametrize("story", ["", "alo", "ơ", "help my mother is dying", "🚑 \x00 <b>"])
def test_hardly_any_words_never_fail(model: DangerModel, story: str) -> None:
    judged = model.judge(syllables_of(story))
    assert 0 <= judged.sureness <= 1
    assert judged.first <= judged.last


def test_stretches_cover_a_long_talk_beside_the_whole_of_it() -> None:
    whole, *parts = stretches(200)
    assert whole == (0, 200)
    assert {end - start for start, end in parts} == {STRETCH}
    assert set().union(*(range(*part) for part in parts)) == set(range(200))
    assert stretches(5) == [(0, 5)]


def test_syllables_are_seen_as_spelt_and_as_they_sound() -> None:
    names = [gram.name for gram in grams(["ra", "máu"])]
    assert names == ["ra", "máu", "ra máu", "~da", "~mau", "~da mau"]


def test_what_is_rare_counts_more_and_what_is_unknown_not_at_all() -> None:
    values = features(["máu", "là", "là", "xyz"], {"máu": 5.0, "là": 1.5})
    assert values["máu"] > values["là"] > 0
    assert sum(value * value for value in values.values()) == pytest.approx(1)
    assert "xyz" not in values


@pytest.mark.parametrize("text", ["{}", "no json", '{"format": 1, "weights": {}, "constant": 0, "rings_from": 0}'])
def test_damaged_data_is_refused_by_name(tmp_path: Path, text: str) -> None:
    folder = shutil.copytree(UNDERSTANDING_DATA, tmp_path / "data")
    (folder / DANGER_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UnderstandingDataError):
        load_understanding(folder)


def test_the_shipped_data_says_how_it_was_measured() -> None:
    table = json.loads((UNDERSTANDING_DATA / DANGER_FILE).read_text(encoding="utf-8"))
    assert table["report"]["recall"] > 0.8  # of authors whose calls were not learned from, short clauses among them
    assert table["report"]["false alarms, complaints"] <= 0.03
