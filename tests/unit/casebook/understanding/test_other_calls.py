"""Praise, questions, cries for help, wrong numbers and broken calls, told from complaints."""

from __future__ import annotations

import pytest

from .conftest import Understood


@pytest.mark.parametrize(
    ("story", "kind"),
    [
        ("em gọi vô khen mấy chị hộ lý lau phòng sạch bóng, má em ưng lắm", "khen"),
        ("có gì đâu mà phàn nàn, tui gọi cho mấy cô bên trạm vui thôi", "khen"),
        ("hôm trước tôi phản hồi phòng khám thu dư, nay họ trả đủ rồi nên tôi rút phản ánh", "khen"),
        ("tôi muốn hỏi là đi chụp phim thì nhịn ăn từ mấy giờ", "hoi"),
        ("cho mình hỏi thăm hiến máu buổi tối có được không ạ", "hoi"),
        ("một một năm phải không, cho xe tới ngã ba Tân Vạn lẹ giùm, có người bị xe cán máu phun quá trời", "cau_cuu"),
        ("ủa đây không phải chị Lan hả, thôi tôi bấm lộn số, xin lỗi nghen", "nham_so"),
        ("nghe rõ không, dạ khoan, thôi để tối em gọi, má giựt máy rồi", "khong_ro"),
    ],
)
def test_calls_that_blame_nobody_are_told(understood: Understood, story: str, kind: str) -> None:
    flag = understood(story).flags.not_a_complaint
    assert flag.value == kind
    assert flag.because


@pytest.mark.parametrize(
    "story",
    [
        "tôi muốn hỏi tại sao hồ sơ của tôi quá hạn hai tháng không ai trả lời, nộp ở đâu bây giờ",
        "bác sĩ giỏi tôi khen, nhưng cô thu ngân quát mắng người già",
        "cứu với, bệnh viện để ba tôi thở không nổi cả tiếng, bác sĩ đâu hết rồi, lẹ lên",
    ],
)
def test_a_question_praise_or_cry_with_blame_stays_a_complaint(understood: Understood, story: str) -> None:
    assert understood(story).flags.not_a_complaint.value is None
