"""Which of the places named in a story the complaint is about."""

from __future__ import annotations

import pytest

from .conftest import Understood

STORIES: list[tuple[str, str, str | None]] = [
    # passed through, but nothing else is named and what is blamed comes after
    ("chat_luong", "má tui chuyển xuống chợ rẫy chờ mười tiếng không ai khám còn bị quát", "bv-cho-ray"),
    # where the second opinion was
    ("chat_luong", "bình dân mổ cho ba tôi sót miếng gạc, tôi đưa ông qua chợ rẫy chụp lại mới thấy", "bv-binh-dan"),
    # where somebody's papers are from, where he works, what he only claims to be
    ("dich_vu_cong", "giấy của bệnh viện trưng vương đủ hết mà bên bảo hiểm xã hội trả hồ sơ hai lần", "bhxh-tphcm"),
    ("ve_benh_moi_tien", "một app khám bệnh, người trong đó nói đang công tác tại từ dũ, bán thuốc giả", None),
    # said not to be it
    ("ve_benh_moi_tien", "phòng khám tư chớ không phải bệnh viện bình dân, vẽ bệnh moi tiền tôi", None),
    # the authority: asked for help, its name borrowed, above the office that is meant
    ("chat_luong", "mong sở y tế vào cuộc dẹp mấy cái xe dù trước cổng", None),
    ("chat_luong", "có người xưng là cán bộ sở y tế lừa má tôi chuyển tiền", None),
    ("buc_xuc_dich_vu_cong", "tôi lên bộ phận một cửa của sở nộp hồ sơ mà không ai nhận", "van-phong-so"),
    # a hospital's own office that is called like one of the authority's
    ("chat_luong", "phòng tổ chức cán bộ bệnh viện bình dân nợ lương tụi em ba tháng", "bv-binh-dan"),
]


@pytest.mark.parametrize(("line", "story", "unit"), STORIES)
def test_the_subject_is_told_by_how_a_name_stands_in_the_tale(
    understood: Understood, line: str, story: str, unit: str | None
) -> None:
    facility = understood(story, line).facility.value
    assert (facility.unit if facility else None) == unit


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("bệnh viện khu vực thủ đức", "bvdkkv-thu-duc"),
        ("trung tâm y tế thành phố dĩ an", "ttyt-di-an"),
        ("trung tâm y tế huyện long điền", "ttyt-long-dien"),
        ("bệnh viện vũng tàu", "bv-vung-tau"),
        ("nhà thương chợ quán", "bv-nhiet-doi"),
        ("nhi đồng số hai", "bv-nhi-dong-2"),
        ("nhi đồng ai", "bv-nhi-dong-2"),
        ("BV Chợ Rẫy", "bv-cho-ray"),
        ("TTYT Thuận An", "ttyt-thuan-an"),
    ],
)
def test_a_unit_goes_by_the_names_people_use(understood: Understood, said: str, unit: str) -> None:
    facility = understood(f"tôi khám ở {said} chờ bốn tiếng").facility.value
    assert facility is not None
    assert facility.unit == unit


@pytest.mark.parametrize(
    "story", ["tôi không nói bệnh viện nào đâu", "hồi trước làm trong nhà thương chớ có phải y tá"]
)
def test_a_common_word_is_no_part_of_a_name_badly_heard(understood: Understood, story: str) -> None:
    assert not understood(story).mentioned


@pytest.mark.parametrize(
    ("story", "words"),
    [
        ("trạm y tế phường Tân Sơn Nhì đóng cửa hoài", "trạm y tế phường Tân Sơn Nhì"),
        ("thẩm mỹ Dáng Ngọc tiêm hư mũi em", "thẩm mỹ Dáng Ngọc"),
    ],
)
def test_a_place_outside_the_directory_is_kept_as_said(understood: Understood, story: str, words: str) -> None:
    facility = understood(story).facility.value
    assert facility is not None
    assert (facility.unit, facility.text) == (None, words)
