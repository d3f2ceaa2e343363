from __future__ import annotations

import pytest

from transcription.rules.phonetics import FAR, distance, sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("năm", "lăm"),
        ("trợ", "chợ"),
        ("sợ", "xợ"),
        ("rẫy", "dẫy"),
        ("rẫy", "rẩy"),
        ("vấn", "vấng"),
        ("nhận", "nhậng"),
        ("tắc", "tắt"),
        ("bệnh", "bện"),
        ("viện", "viên"),
        ("hoà", "hòa"),
    ],
)
def test_syllables_that_people_confuse_are_near(one: str, other: str) -> None:
    assert distance(one, other) <= 0.25
    assert distance(one, other) == distance(other, one)


@pytest.mark.parametrize(("one", "other"), [("mắt", "tim"), ("quận", "huyện"), ("ba", "bốn"), ("khoa", "phòng")])
def test_other_syllables_are_far(one: str, other: str) -> None:
    assert distance(one, other) > 0.45


def test_hoi_and_nga_are_nearer_than_other_tones() -> None:
    assert distance("rẩy", "rẫy") < distance("rẩy", "rấy")


@pytest.mark.parametrize("odd", ["", "x", "ngh", "wifi", "żółć", "…", "aaaaaaaa"])
def test_what_is_no_syllable_is_taken_as_far_as_it_goes(odd: str) -> None:
    sound(odd)
    assert 0 <= distance(odd, "bệnh") <= FAR
