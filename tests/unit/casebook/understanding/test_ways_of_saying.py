"""Ways in which callers name units, private places and themselves, and numbers of papers with letters."""

from __future__ import annotations

import pytest

from .conftest import Understood

UNITS = {
    "sáng nay ở y tế dĩ an phát đúng bốn chục số rồi nghỉ": "ttyt-di-an",
    "em dẫn ông nội đi an bình khám mắt mà phòng mắt dán giấy nghỉ": "bv-an-binh",
    "con tôi tan máu bẩm sinh truyền máu huyết học ký một tờ mà phường không chịu": "bv-truyen-mau-huyet-hoc",
    "bệnh viện răng hàm mặt thành phố nói chỉ cấp giấy khi công an có công văn": "bv-rang-ham-mat-tp",
    "không phải cái bệnh viện thành phố thủ đức đâu em nói đa khoa khu vực thủ đức khâu có lớp da": "bvdkkv-thu-duc",
    "bệnh viện quận gò vấp hết thuốc cả tuần": "bv-go-vap",
    "bệnh viện huyện nhà bè hết thuốc cả tuần": "bv-nha-be",
}


@pytest.mark.parametrize("story", UNITS)
def test_a_unit_is_known_by_the_ways_people_name_it(understood: Understood, story: str) -> None:
    facility = understood(story).facility.value
    assert facility is not None
    assert facility.unit == UNITS[story]


def test_a_ward_health_post_is_not_the_health_centre_of_the_same_place(understood: Understood) -> None:
    facility = understood("trạm y tế thuận an đóng cửa giữa trưa").facility.value
    assert facility is None or facility.unit != "ttyt-thuan-an"


@pytest.mark.parametrize(
    ("story", "name"),
    [
        ("vợ tôi sinh ở Bệnh viện Phụ sản Quốc tế Mộc Lan. Mong Sở Y tế kiểm tra.", "Mộc Lan"),
        ("chữa hiếm muộn ở cơ sở Đông y Bảo Sanh Đường, uống cao trăm ngày", "Bảo Sanh Đường"),
        ("cái hội thảo sống khỏe trăm năm bắt ký mua ghế từ trường", "sống khỏe trăm năm"),
    ],
)
def test_a_private_place_keeps_its_whole_name(understood: Understood, story: str, name: str) -> None:
    facility = understood(story, "ve_benh_moi_tien").facility.value
    assert facility is not None
    assert facility.unit is None
    assert name in facility.text


@pytest.mark.parametrize(
    ("story", "name"),
    [
        ("Dạ em là Phương Anh, y sĩ cổ truyền.", "Phương Anh"),
        ("Em Ngọc Quyên, học xong chuyên khoa một.", "Ngọc Quyên"),
        ("tôi trịnh văn lượng trưởng trạm y tế xã", "trịnh văn lượng"),
    ],
)
def test_a_caller_s_name_is_kept_whole_and_alone(understood: Understood, story: str, name: str) -> None:
    assert understood(story).caller_name.value == name


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("biên nhận 1184/BN, nộp từ tháng tư", "1184-BN"),
        ("phiếu KD-26/0119, hẹn ba hôm", "KD-26/0119"),
        ("Biên nhận cũ 2512-00873.", "2512-00873"),
        ("số biên nhận 79-TTTT-0421", "79-TTTT-0421"),
    ],
)
def test_the_number_of_a_paper_keeps_its_letters(understood: Understood, said: str, code: str) -> None:
    assert understood(said, "dich_vu_cong").dossier.value == code


@pytest.mark.parametrize(
    ("story", "kind"),
    [
        ("Ủa alo nói lớn lên coi, ờ hết tiền điện thoại rồi hả, thôi tắt nghen.", "nham_so"),
        (
            "Cho tôi hỏi tra giấy phép phòng mạch tư trên trang nào? Tôi chưa bị gì hết, tôi hỏi trước cho chắc ăn.",
            "hoi",
        ),
    ],
)
def test_stray_calls_and_mere_questions_are_no_complaints(understood: Understood, story: str, kind: str) -> None:
    assert understood(story).flags.not_a_complaint.value == kind
