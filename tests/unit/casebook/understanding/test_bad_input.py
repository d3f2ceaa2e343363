from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook.rules.understanding import Directory, Heard, UnderstandingRules, from_json, to_json, understand
from config.directory.units import Unit
from transcription.ports import Word

from .conftest import CALLED_AT, Understood

ODD = [
    "",
    "   ",
    "ừ",
    "\x00\x1b[31m\ufeff\u200b",
    "<script>alert('bệnh viện chợ rẫy')</script>",
    "Hello, I would like to complain about the waiting time at the hospital please",
    "你好 我想投诉 医院",
    "🙂 🙂 🙂",
    "999999999999999999999999999999999999999999999999",
    "bệnh viện " * 200,
    "không " * 500,
    "H29.25.260105.0012" * 50,
]


@pytest.mark.parametrize("story", ODD)
def test_odd_input_gives_a_sane_suggestion_of_low_sureness(understood: Understood, story: str) -> None:
    suggestion = understood(story)
    assert suggestion.category.sureness < 0.9
    assert not suggestion.flags.emergency.value
    assert from_json(json.loads(json.dumps(to_json(suggestion)))) == suggestion


def test_twenty_minutes_of_talk_are_understood(understood: Understood) -> None:
    talk = "rồi tôi đi ra đi vô hỏi người này người kia mà cũng không có gì mới hết trơn "
    story = talk * 90 + "cô điều dưỡng bệnh viện bình dân quát mắng má tôi hách dịch " + talk * 90
    suggestion = understood(story)
    assert suggestion.facility.value is not None
    assert suggestion.facility.value.unit == "bv-binh-dan"


def test_an_empty_directory_finds_no_unit(rules: UnderstandingRules) -> None:
    words = tuple(Word(word, 0, 1, 0.5) for word in "bệnh viện chợ rẫy mổ sai".split())
    suggestion = understand(Heard("chat_luong", CALLED_AT, None, {"story": words}), Directory.build([], rules), rules)
    assert suggestion.facility.value is not None
    assert suggestion.facility.value.unit is None
    assert suggestion.facility.value.text == "bệnh viện chợ rẫy"
    assert suggestion.responsible_unit.value is None


def test_a_directory_with_empty_and_strange_names_does_no_harm(rules: UnderstandingRules) -> None:
    units = [Unit("a", "…", "hospital", "hcm", aliases=("", "123", "<b>")), Unit("b", "Ở", "hospital", "hcm")]
    words = tuple(Word(word, 0, 1, 0.5) for word in "ở đây có 123 người".split())
    understand(Heard("chat_luong", CALLED_AT, None, {"story": words}), Directory.build(units, rules), rules)


TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            "bệnh viện chợ rẫy quận hai 115 không phải tôi tên là năm triệu H29.25 0903 cứu với … <b> sở y tế ở".split()
        ),
        max_size=40,
    ).map(" ".join),
)


@given(story=TEXTS, contact=TEXTS, line=st.sampled_from(["chat_luong", "dich_vu_cong", "?"]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_words_raise(understood: Understood, story: str, contact: str, line: str) -> None:
    suggestion = understood(story, line, contact=contact)
    assert 0.0 <= suggestion.category.sureness <= 1.0
    assert 0.0 <= suggestion.facility.sureness <= 1.0
    assert from_json(to_json(suggestion)) == suggestion
