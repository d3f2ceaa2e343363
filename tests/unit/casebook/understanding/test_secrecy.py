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
    "vui lòng viết tắt tên em giùm",
    "đề nghị không công khai họ tên người tố",
    "cô cứ ghi là người dân cũng được",
    "tui hổng muốn khai danh tánh đâu",
    "xin đừng gởi giấy mời về cơ quan tôi",
    "đừng chuyển đơn này về trạm, chuyển cho họ là xong đời em, đừng cho họ coi đơn",
    "kín miệng giùm cháu cái chuyện này",
    "chỉ Sở biết thôi nghen cô",
    "chớ hỏi tên làm chi, cho tui vô danh đi",
    "nỏ dám xưng tên mô anh ơi",
    "họ tên thì thôi cho em không nói",
    "cho cháu không xưng danh ạ",
    "tha cho tôi cái khoản tên tuổi",
    "đừng gọi về công ty chị nhé",
    "đừng để lọt ra ngoài tội em",
    "nói nhỏ thôi vì sếp ngồi kế bên",
    "thôi khỏi biết tôi là ai",
    "tôi ngại nói tên lắm",
]
FEARED = [
    "tôi sợ họ rồi ghét luôn ba tôi",
    "sếp mà biết thì cuối tháng tôi nghỉ việc",
    "mẹ tôi còn nằm trong đó nên tôi ngại",
    "chủ mà nghe là đuổi liền",
    "bể chuyện ra thì em hết đường",
    "họ nhận ra giọng tôi liền",
    "em còn phải tái khám ở đó dài dài",
    "tôi đang làm dưới tay ổng",
    "e bị đánh rớt kỳ thi",
    "sợ sếp cắt thi đua cả tổ",
    "tới tai giám đốc thì tụi em ra đường",
    "ngại họ để ý con tôi",
    "lo bị chuyển công tác",
    "nghe giọng là biết tôi liền",
    "họ mà truy ra thì khổ",
    "con bả là giang hồ",
    "chòm xóm mà, mất tình làng nghĩa xóm",
    "cháu chưa ra trường nên cháu ngại",
]
MISHEARD = [
    "xin dấu tên em nha",
    "xin tường nêu tên tôi",
    "đường ghi tên tui vô",
    "đừng nối là tụi em gội",
    "em còn tạp ở đó dài dài",
    "đừng chò họ biết lá em",
    "sợ người ta chả thù con tôi",
    "để nghị không cong bố tên",
]
NEITHER = [
    "không ai biết phòng đó ở đâu",
    "tôi sợ trễ hẹn nên đi sớm",
    "tôi không muốn ai bị đuổi việc hết",
    "cô y tá không cần giấu tên, bảng tên có ghi",
    "hồ sơ này để lo sau",
    "cô ấy kéo màn đi ra ngoài",
    "bác sĩ giấu tôi chuyện gãy kim",
    "tôi chỉ muốn ổng biết là em nghe hết",
    "báo để người khác khỏi dính",
    "cô ghi sổ hỏi tên rồi cười",
    "tụi tôi ngồi chờ gọi tên cả buổi",
    "con phải thi lại chứng chỉ",
    "họ xóa tên tôi khỏi danh sách",
    "tên tuổi tôi không trùng với thẻ",
]


def spoken(text: str) -> Spoken:
    return Spoken.of(tokenize({"story": [Word(word, 0.0, 0.1, 1.0) for word in text.split()]}))


@pytest.mark.parametrize("story", [*ASKED, *FEARED, *MISHEARD])
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


def test_what_sounds_alike_is_told_where_enough_is_said() -> None:
    sayings = Sayings(["đừng nói tên tôi", "trả thù"], {})
    assert sayings.find(spoken("đừng lói tên tối")) == [(0, 3)]
    assert sayings.find(spoken("chả thù")) == []


def test_one_saying_heard_in_two_ways_is_found_once() -> None:
    sayings = Sayings(["đừng … tên", "nói tên tôi ra"], {})
    assert sayings.find(spoken("đừng nói tên tôi ra")) == [(0, 2)]


def test_a_gap_ends_with_the_sentence_and_a_tone_may_be_misheard() -> None:
    sayings = Sayings(["đừng … tên", "giấu tên"], {})
    assert sayings.find(spoken("đừng làm. Nó tên")) == []
    assert sayings.find(spoken("đựng ghi âm tên")) == [(0, 3)]
    assert sayings.find(spoken("giàu tên")) == []
