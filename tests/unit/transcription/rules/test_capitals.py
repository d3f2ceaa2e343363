import pytest

from transcription.rules.capitals import capitalised, find_capitals

NAMES = (
    "Bệnh viện Chợ Rẫy",
    "Bệnh viện Thống Nhất",
    "Bệnh viện Nhân dân 115",
    "Bệnh viện Quận 12",
    "Trung tâm Y tế Dĩ An",
    "Bệnh viện Mắt",
    "Gò Vấp",
)


def capitals(text: str) -> list[str]:
    return [rewrite.text for rewrite in find_capitals(text.split(), NAMES)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("em nằm ở bệnh viện chợ rẫy", ["Bệnh viện Chợ Rẫy"]),
        ("em nằm ở chợ rẫy", ["Chợ Rẫy"]),
        ("bệnh viện nhân dân một một năm", ["Bệnh viện Nhân dân 115"]),
        ("qua nhân dân 115 chụp", ["Nhân dân 115"]),
        ("bệnh viện quận mười hai", ["Bệnh viện Quận 12"]),
        ("trung tâm y tế dĩ an", ["Trung tâm Y tế Dĩ An"]),
        ("vô viện thống nhất", ["Thống Nhất"]),
        ("gia đình không thống nhất", []),
        ("tới bệnh viện mắt khám mắt", ["Bệnh viện Mắt"]),
        ("dưới gò vấp", ["Gò Vấp"]),
    ],
)
def test_facilities_get_their_capitals_but_common_words_do_not(said: str, expected: list[str]) -> None:
    assert capitals(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("tôi tên hạnh tôi ra đầu hẻm", ["Hạnh"]),
        ("tui tên phan minh tuệ bác sĩ", ["Phan Minh Tuệ"]),
        ("tôi là lê quốc bảo chủ một phòng khám", ["Lê Quốc Bảo"]),
        ("bà nguyễn thị lan hương ra", ["Nguyễn Thị Lan Hương"]),
        ("tên là trần văn tám ở đây", ["Trần Văn Tám"]),
        ("bác sĩ trần hùng khám", ["Trần Hùng"]),
        ("tôi là bác sĩ", []),
        ("tôi là người trong ngành", []),
        ("em tên gì tôi không biết", []),
        ("ông hàng xóm", []),
        ("bà cụ ngã", []),
        ("tôi không tiện nói tên chuyện tế nhị", []),
        ("đào tạo lại cán bộ", []),
    ],
)
def test_people_get_capitals_only_where_the_words_announce_a_name(said: str, expected: list[str]) -> None:
    assert capitals(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("thẻ bhyt", ["BHYT"]),
        ("thẻ bê hát y tê", ["BHYT"]),
        ("chụp xi ti", ["CT"]),
        ("chụp mờ rờ i", ["MRI"]),
        ("ở tp thủ đức", ["TP."]),
        ("thành phố hồ chí minh", ["Thành phố Hồ Chí Minh"]),
        ("nhắn zalo", ["Zalo"]),
        ("bộ y tế", ["Bộ Y tế"]),
    ],
)
def test_abbreviations_are_written_out_of_their_letters(said: str, expected: list[str]) -> None:
    assert capitals(said) == expected


def test_a_capital_touches_the_first_letter_only() -> None:
    assert capitalised("đau bụng") == "Đau bụng"
    assert capitalised("") == ""
