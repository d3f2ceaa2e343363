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
        ("cả nhà em cúi đầu tạ ơn ê kíp mổ, nhờ các anh mà ba em ngồi dậy ăn cháo được", "khen"),
        ("cho bà gửi lời cám ơn tới cô hộ sinh áo xanh, cô thương bà lắm", "khen"),
        ("bác gọi khen cháu bảo vệ, đáng được khen thưởng đấy", "khen"),
        ("coi như một lời tri ân, mong được biểu dương tập thể khoa, tôi nói thiệt lòng", "khen"),
        ("dạ em cần biết tiêm ngừa cho bé thì mang giấy tờ gì ạ", "hoi"),
        ("cho tui hỏi chút, khám bảo hiểm ở mô rứa chị, tui hỏi cho biết rứa thôi", "hoi"),
        ("bác muốn hỏi trạm có đo huyết áp buổi chiều không cháu", "hoi"),
        ("em muốn đăng ký hiến máu mà không biết liên hệ chỗ nào, anh chỉ giùm em", "hoi"),
        ("cho hỏi thăm con tôi bị chó cắn nhẹ thì nên đi đâu, tôi hỏi để biết chứ không phàn nàn gì", "hoi"),
        ("không trách ai hết, ba em đang co giật tím tái, bác sĩ chỉ em làm gì đi", "cau_cuu"),
        ("chị ơi cho xe qua giúp em với, má em bất tỉnh rồi, mau lên chị ơi", "cau_cuu"),
        ("ủa phải tiệm bánh kem không, y tế hả, xin lỗi nha", "nham_so"),
        ("dạ phải nhà cô Ba không ạ, không phải hả, cháu xin lỗi", "nham_so"),
        ("thôi rồi lưu nhầm tên trong máy, xin lỗi cô nghen", "nham_so"),
        ("a lô a lô, nghe rõ không, khoan đã, mất sóng rồi, thôi để mai", "khong_ro"),
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
        "tui mang ơn bác sĩ lắm, mà chú bảo vệ lấy chân hất cái khay cơm của tui như cho chó",
        "em biết ơn bác sĩ, em trách là trách bệnh viện hết huyết thanh",
        "tin nhắn gửi về cảm ơn tôi đã hài lòng trong khi vụ rác vẫn còn nguyên, tự khen nhau à",
        "phiếu ghi công dụng sai nên họ trả về hoài, cho hỏi muốn làm tới bao giờ",
        "cứu với, bệnh viện để ba tôi thở không nổi cả tiếng, bác sĩ đâu hết rồi, lẹ lên",
    ],
)
def test_a_question_praise_or_cry_with_blame_stays_a_complaint(understood: Understood, story: str) -> None:
    assert understood(story).flags.not_a_complaint.value is None
