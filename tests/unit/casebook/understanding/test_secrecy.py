"""Who wants to stay unknown, or fears what may come of the call, in whatever words."""

from __future__ import annotations

import pytest

from casebook.rules.understanding.sayings import Sayings, Spoken
from casebook.rules.understanding.tokens import tokenize
from transcription.ports import Word

from .conftest import Understood

ASKED = [
    "làm ơn chớ ghi âm cái tên của em",
    "xin đừng nói cho ông giám đốc biết tôi gọi",
    "nhớ giấu em giùm nghe",
    "thôi cho tôi không xưng tên",
    "đừng truy ai báo",
    "em gọi lén nên nói nhanh",
]
FEARED = [
    "tôi sợ họ rồi ghét luôn ba tôi",
    "sếp mà biết thì cuối tháng tôi nghỉ việc",
    "mẹ tôi còn nằm trong đó nên tôi ngại",
    "chủ mà nghe là đuổi liền",
]
NEITHER = [
    "không ai biết phòng đó ở đâu",
    "tôi sợ trễ hẹn nên đi sớm",
    "tôi không muốn ai bị đuổi việc hết",
    "cô y tá không cần giấu tên, bảng tên có ghi",
    "hồ sơ này để lo sau",
]


def spoken(text: str) -> Spoken:
    return Spoken.of(tokenize({"story": [Word(word, 0.0, 0.1, 1.0) for word in text.split()]}))


@pytest.mark.parametrize("story", [*ASKED, *FEARED])
def test_a_wish_to_stay_unknown_is_told_in_many_words(understood: Understood, story: str) -> None:
    flag = understood(f"phòng khám này thu sai giá. {story}").flags.wants_anonymity
    assert flag.value
    assert flag.because


@pytest.mark.parametrize("story", NEITHER)
def test_other_fears_and_names_are_no_wish_to_stay_unknown(understood: Understood, story: str) -> None:
    assert not understood(story).flags.wants_anonymity.value


def test_a_plain_wish_is_surer_than_a_fear(understood: Understood) -> None:
    wish, fear = (understood(story).flags.wants_anonymity for story in ("xin giấu tên tôi", "tôi sợ bị đuổi"))
    assert wish.sureness > fear.sureness


def test_a_pattern_has_groups_gaps_and_words_that_may_be_left_out() -> None:
    sayings = Sayings(["đừng … nói [là] <me> gọi"], {"me": ["tôi", "tụi em"]})
    assert sayings.find(spoken("thôi đừng có nói là tụi em gọi nghe")) == [(1, 7)]
    assert sayings.find(spoken("đừng nói tôi gọi")) == [(0, 3)]
    assert sayings.find(spoken("đừng nói ông gọi")) == []


def test_a_gap_ends_with_the_sentence_and_a_tone_may_be_misheard() -> None:
    sayings = Sayings(["đừng … tên", "giấu tên"], {})
    assert sayings.find(spoken("đừng làm. Nó tên")) == []
    assert sayings.find(spoken("đựng ghi âm tên")) == [(0, 3)]
    assert sayings.find(spoken("giàu tên")) == []
