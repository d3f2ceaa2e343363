"""The learned scorer of danger: clauses in long talk, words badly heard, what was said elsewhere, and its data."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from casebook.rules.understanding import Directory, UnderstandingRules, heard_text, understand
from casebook.rules.understanding.danger import DangerModel
from casebook.rules.understanding.danger_signs import CLAUSE, clause_features, clauses, signs_of, within
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
    assert model.score(over, 0.5) < model.score(now, 0.5)


def test_the_rules_are_heard_by_the_scorer(model: DangerModel) -> None:
    heard = syllables_of(DANGER)
    assert model.score(heard, 1.0) > model.score(heard, 0.0)


def test_without_its_data_the_rules_alone_decide(rules: UnderstandingRules, directory: Directory) -> None:
    heard = heard_text("chat_luong", CALLED_AT, story="mẹ tôi ngưng thở rồi tôi đang ép tim ai điều xe giúp tôi với")
    assert understand(heard, directory, replace(rules, danger=None)).flags.emergency.value


@pytest.mark.parametrize("story", ["", "alo", "ơ", "help my mother is dying", "🚑 \x00 <b>"])
def test_hardly_any_words_never_fail(model: DangerModel, story: str) -> None:
    judged = model.judge(syllables_of(story), 0.0)
    assert 0 <= judged.sureness <= 1
    assert judged.first <= judged.last


def test_clauses_cover_a_long_talk_and_each_is_of_one_length() -> None:
    found = clauses(70)
    assert {end - start for start, end in found} == {CLAUSE}
    assert set().union(*(range(*clause) for clause in found)) == set(range(70))
    assert clauses(5) == [(0, 5)]


def test_words_of_a_group_count_by_spelling_and_less_by_sound(model: DangerModel) -> None:
    spelt = clause_features(signs_of(["máu"], model.words))
    badly_heard = clause_features(signs_of(["mau"], model.words))
    assert spelt["@blood"] > badly_heard["@blood"] > 0


def test_only_what_lies_wholly_in_a_clause_is_of_it(model: DangerModel) -> None:
    signs = signs_of(syllables_of(DANGER), model.words)
    assert all(sign.first >= 2 and sign.last < 6 for sign in within(signs, (2, 6)))


@pytest.mark.parametrize("text", ["{}", "no json", '{"format": 99, "weights": {}, "constant": 0, "rings_from": 0}'])
def test_damaged_data_is_refused_by_name(tmp_path: Path, text: str) -> None:
    folder = shutil.copytree(UNDERSTANDING_DATA, tmp_path / "data")
    (folder / DANGER_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UnderstandingDataError):
        load_understanding(folder)


def test_the_shipped_data_says_how_it_was_measured() -> None:
    table = json.loads((UNDERSTANDING_DATA / DANGER_FILE).read_text(encoding="utf-8"))
    assert table["report"]["recall"] > 0.6  # of authors whose calls were not learned from, short clauses among them
    assert table["report"]["false alarms, complaints"] <= 0.03
