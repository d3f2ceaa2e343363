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
        ("Thanh tra có giấy báo thụ lý, số 1187/TB, ghi sáu mươi ngày", "1187-TB"),
        ("giấy báo thụ lý số một một tám bảy xẹt tê bê ghi sáu mươi ngày", "1187/TB"),
        ("Biên nhận sao chụp số TM-2291.", "TM-2291"),
        ("số biên nhận in mờ đọc mãi mới ra hát eo không không năm hai xẹt hai lăm", "HL-0052/25"),
        ("giấy giới thiệu ba ba tám xẹt giê giê đê có từ tháng chạp", "338/GGD"),
        ("đoàn lập biên bản số một một tám xẹt bê bê gạch tê tê rờ hẹn mười ngày", "118/BB-TTR"),
        ("nộp công văn ngày ba tháng mười hai số đến năm năm hai một xẹt vê pê ét i tê", "5521/VP-SYT"),
        ("số đến 5521/VP-SYT", "5521-VP-SYT"),
        ("phiếu nhận không không tám bảy bốn", "00874"),
        ("phiếu giận không không tám bảy bốn", "00874"),
        ("phiếu tê xê hai ngàn hai mươi lăm một một bốn bảy gửi từ tháng mười", "TC-2025-1147"),
        ("biên nhận không bốn mười bảy xẹt bê en hai ngàn không trăm hai lăm", "0417/BN-2025"),
        ("phiếu tiếp nhận mang số 000.25.H29-260112-0031", "000.25.H29-260112-0031"),
        (
            "phiếu tiếp nhận mang số ba số không chấm hai lăm chấm hát hai chín hai sáu không một mười hai "
            "không không ba mốt",
            "000.25.H29-260112-0031",
        ),
        ("mã phản ánh hai sáu không một không tám ba ba", "26010833"),
        ("mã phản ánh hai sáu không một không tắm ba ba", "26010833"),
        ("biên lai số hông không một chín ba tám bốn", "0019384"),
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
        "hồ sơ năm hai ngàn không trăm hai lăm chưa xong",
        "hồ sơ của tôi, số máy 0396 581 740",
        "số máy không ba chín sáu năm trăm tám mốt bảy bốn",
        "theo quyết định số 4469/QĐ-BYT thì phải trả",
        "hồ sơ bệnh án ghi uống thuốc 500 mg",
        "phiếu khám ghi giấy phép số 3316/HCM",
        "hóa đơn số hai trăm",
        "hồ sơ gọi cổng 1022",
        "công văn gửi 2 lần",
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
