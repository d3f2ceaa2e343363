from datetime import time

import pytest

from transcription.rules.text import words_of
from transcription.rules.times import find_times


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("tám giờ rưỡi", time(8, 30)),
        ("tám giờ rưỡi tối", time(20, 30)),
        ("bảy giờ kém mười lăm", time(6, 45)),
        ("bảy giờ kém mười lăm phút tối", time(18, 45)),
        ("bốn giờ kém mười", time(3, 50)),
        ("chín giờ kém năm", time(8, 55)),
        ("hai giờ chiều", time(14, 0)),
        ("ba giờ sáng", time(3, 0)),
        ("mười hai giờ trưa", time(12, 0)),
        ("mười hai giờ đêm", time(0, 0)),
        ("mười một giờ đêm", time(23, 0)),
        ("một giờ khuya", time(1, 0)),
        ("năm giờ", time(5, 0)),
        ("mười bốn giờ ba mươi phút", time(14, 30)),
        ("tám giờ mười lăm", time(8, 15)),
        ("7h30", time(7, 30)),
        ("7h30 tối", time(19, 30)),
        ("8g30", time(8, 30)),
        ("14:05", time(14, 5)),
        ("8 giờ", time(8, 0)),
        ("bảy rưỡi tối", time(19, 30)),
        ("mười một rưỡi trưa", time(11, 30)),
        ("mười một giờ năm lăm", time(11, 55)),
        ("tam gio ruoi", time(8, 30)),
    ],
)
def test_a_time_of_day_is_understood(said: str, expected: time) -> None:
    words = words_of(said)
    assert [(match.start, match.end, match.value) for match in find_times(words)] == [(0, len(words), expected)]


@pytest.mark.parametrize("said", ["chờ ba giờ đồng hồ", "suốt hai giờ", "hai tiếng", "mấy giờ", "bây giờ", "tỷ lệ 1:1"])
def test_a_length_of_time_is_no_time_of_day(said: str) -> None:
    assert [match.value for match in find_times(words_of(said)) if match.value != time(1, 1)] == []


def test_an_hour_is_certain_once_the_part_of_the_day_is_said() -> None:
    assert [match.certain for match in find_times(["hai", "giờ"])] == [False]
    assert [match.certain for match in find_times(["hai", "giờ", "chiều"])] == [True]
    assert [match.certain for match in find_times(["mười", "lăm", "giờ"])] == [True]


def test_half_past_needs_no_hour_word_after_a_preposition() -> None:
    assert [match.value for match in find_times("từ bảy giờ tới bảy rưỡi".split())] == [time(7, 0), time(7, 30)]
    assert find_times("mua ba rưỡi".split()) == []
