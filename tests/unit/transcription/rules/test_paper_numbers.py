"""Receipt numbers of every office's own making."""

from __future__ import annotations

import pytest

from transcription.rules.dossiers import find_dossiers
from transcription.rules.paper_numbers import number_at
from transcription.rules.text import words_of


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("biên nhận hai hai bốn nộp lâu rồi", "224"),
        ("giấy hẹn không không bảy một bê nờ tôi xin sửa", "0071-BN"),
        ("biên nhận hát ét hai bốn mười hai xuyệt không không năm một ghi trả hôm qua", "HS-2412/0051"),
        ("số hồ sơ hai không hai năm gạch không ba một bốn gạch tám tám đó", "2025-0314-88"),
        ("mã bảy chín chấm không một sáu ba chấm tê mười một trên mạng báo xong", "79.0163.T11"),
        ("phiếu ca dê hai lăm xuyệt không hai một bốn", "KD-25/0214"),
        ("biên nhận bê en nờ gạch hai không hai năm gạch một một tám", "BN-2025-118"),
        ("Phiếu của em ghi 25.0214.339.", "25.0214.339"),
        ("giấy biên nhận đơn số 231/BN-TTr", "231-BN-TTR"),
        ("có biên nhận 4410, hẹn tuần sau", "4410"),
    ],
)
def test_a_receipt_is_written_as_it_was_read_out(said: str, code: str) -> None:
    assert [match.code for match in find_dossiers(words_of(said))] == [code]


@pytest.mark.parametrize(
    "said",
    [
        "hồ sơ một năm ba tháng chưa xong",
        "biên lai 2.500.000 đồng",
        "phiếu hẹn ngày 18/12",
        "hồ sơ nộp ba bốn lần",
        "mã em không nhớ",
    ],
)
def test_other_figures_beside_a_paper_are_no_receipt(said: str) -> None:
    assert find_dossiers(words_of(said)) == []


def test_a_number_knows_how_it_was_put_together() -> None:
    number = number_at("một hai chấm ba".split(), 0)
    assert number is not None
    assert (number.code, number.digits, number.marked, number.mixed, number.one_by_one) == (
        "12.3",
        "123",
        True,
        False,
        True,
    )
    counted = number_at("hai mươi ba".split(), 0)
    assert counted is not None
    assert not counted.one_by_one
