"""Units called by where they stand, and names with a word of place put into them."""

from __future__ import annotations

import pytest

from .conftest import Understood


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("bệnh viện mắt dưới bà rịa", "bv-mat-ba-ria-vung-tau"),
        ("bệnh viện y học cổ truyền trên bình dương", "bv-y-hoc-co-truyen-binh-duong"),
        ("bệnh viện tỉnh ở bình dương", "bvdk-tinh-binh-duong"),
        ("trung tâm y tế ngoài cần giờ", "ttyt-can-gio"),
        ("bệnh viện lê đức thọ", "bv-go-vap"),
        ("bệnh viện hương lộ hai", "bv-binh-tan"),
        ("trung tâm y tế ngãi giao", "ttyt-chau-duc"),
        ("nhà thương cống quỳnh", "bv-tu-du"),
    ],
)
def test_a_unit_is_found_by_house_and_place(understood: Understood, said: str, unit: str) -> None:
    assert {m.value for m in understood(f"tôi đưa má vô {said} khám bệnh").mentioned} == {unit}


@pytest.mark.parametrize(
    "story", ["tôi ở đường lê đức thọ gọi tới", "xe tôi chạy tới cống quỳnh thì hư", "nhà em bên ngãi giao"]
)
def test_a_street_or_ward_alone_is_no_mention(understood: Understood, story: str) -> None:
    assert not understood(story).mentioned


def test_words_of_two_clauses_are_not_put_together_to_a_name(understood: Understood) -> None:
    mentioned = understood("Tôi mới ra bệnh viện mắt. Ở Bà Rịa trời mưa.").mentioned
    assert "bv-mat-ba-ria-vung-tau" not in {m.value for m in mentioned}


@pytest.mark.parametrize(
    ("story", "words"),
    [
        ("tiệm kính Sao Mai đo mắt rồi bán thuốc nhỏ bậy bạ", "tiệm kính Sao Mai"),
        ("lò thuốc nam ông đạo Bảy hại người ta", "lò thuốc nam ông đạo Bảy"),
        ("Xóm tôi có bà Tư Lành chích thuốc dạo", "bà Tư Lành"),
    ],
)
def test_small_private_places_and_people_are_kept_in_the_callers_words(
    understood: Understood, story: str, words: str
) -> None:
    facility = understood(story, "ve_benh_moi_tien").facility.value
    assert facility is not None
    assert facility.unit is None
    assert words in facility.text
