"""Every invented call there is, through the whole of the understanding: none may stop it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casebook.rules.understanding import Directory, UnderstandingRules, heard_text, understand
from casebook.rules.understanding.cues import Cues

from .conftest import CALLED_AT, Understood

DATA = Path(__file__).parents[3] / "bench" / "data"
ENDS_WITH_A_HEAD = ["em gọi gần cái phòng mạch", "giờ làm hồ sơ thẩm mỹ", "tôi mua ở nhà thuốc", "ở bệnh viện"]


@pytest.mark.parametrize("file", sorted(path.name for path in DATA.glob("*.jsonl")))
def test_every_invented_call_is_understood(file: str, directory: Directory, rules: UnderstandingRules) -> None:
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        call = json.loads(line)
        for text in (value for name, value in call.items() if name.startswith("text") and value):
            suggestion = understand(heard_text(call.get("line", "chat_luong"), CALLED_AT, story=text), directory, rules)
            shown = suggestion.facility.because
            assert all(span.last < len(text.split()) for span in shown), call["id"]


@pytest.mark.parametrize("story", ENDS_WITH_A_HEAD)
def test_a_call_that_ends_where_a_name_would_begin_is_understood(understood: Understood, story: str) -> None:
    understood(story)


def test_no_phrase_is_found_longer_than_what_is_left_of_the_words() -> None:
    cues = Cues(["tên", "tên đầy đủ là"])
    assert cues.starting_at(["tên"], 0) == 1
    assert cues.starting_at(["tên", "đầy"], 0) == 1
    assert cues.starting_at(["tên"], 1) == 0
