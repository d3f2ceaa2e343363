"""Names that nobody introduces, nicknames, and names after a title."""

from __future__ import annotations

import pytest

from .conftest import Understood


@pytest.mark.parametrize(
    ("story", "name"),
    [
        ("Tui Sáu Lượm đây, hồi sáng đi lãnh thuốc bị la", "Sáu Lượm"),
        ("tui út nhớn bán vé số trước cổng nhà thương", "út nhớn"),
        ("dạ em kim thoa em học điều dưỡng năm cuối", "kim thoa"),
        ("Qua tên Hai Lúa, đi mổ mắt về mờ luôn.", "Hai Lúa"),
        ("Chị tên Sương. Hôm qua chị đi khám.", "Sương"),
        ("tôi là dược sĩ hồng gấm xin đổi chứng chỉ", "hồng gấm"),
        ("Bạch thầy, tôi là Sư cô Diệu Liên, chùa ở quận tám.", "Sư cô Diệu Liên"),
        ("phòng khám thu sai giá. Ai cần thì gọi Ba Đờn, 0834 772 519.", "Ba Đờn"),
        ("Em tên Lợi chạy xe tải ở Dĩ An.", "Lợi"),
        ("em tên bảo châu em đi sinh ở từ dũ", "bảo châu"),
    ],
)
def test_a_name_is_known_without_an_introduction(understood: Understood, story: str, name: str) -> None:
    suggestion = understood(story)
    assert suggestion.caller_name.value == name
    assert name in {r.span.words.strip(".,") for r in suggestion.redactions if r.kind == "name"}


@pytest.mark.parametrize(
    "story",
    [
        "tui ba lần bảy lượt đi lấy số mà không được khám",
        "em thành công rồi cảm ơn chị",
        "Khám đúng tuyến của em là quyền của em, sao họ cản.",
        "ổng biểu tôi thôi anh bỏ qua đi cho êm",
        "bệnh nhân chạy thận ở đó ai cũng than",
    ],
)
def test_other_words_after_a_pronoun_are_no_name(understood: Understood, story: str) -> None:
    suggestion = understood(story)
    assert suggestion.caller_name.value is None
    assert all(r.kind != "name" for r in suggestion.redactions)
