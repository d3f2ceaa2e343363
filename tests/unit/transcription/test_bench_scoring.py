"""The speech bench's own arithmetic: what it prints decides which engine an operator chooses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.bench.clips import Clip, rare_pairs
from tests.bench.hearing import count_names
from tests.bench.scoring import JudgedWord, area_under_curve, calibration_error, judged, normalised, score


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Bệnh viện, Chợ Rẫy!", "bệnh viện chợ rẫy"),
        ("hoà thuỷ khoẻ", "hòa thủy khỏe"),
        ("bác sỹ lý", "bác sĩ lí"),
        ("quý vị", "quý vị"),
        ("alo", "a lô"),
        ("25%", "hai mươi lăm phần trăm"),
        ("2.500 đồng", "hai nghìn năm trăm đồng"),
        ("gọi 0909", "gọi không chín không chín"),
        ("", ""),
    ],
)
def test_spelling_does_not_count(written: str, spoken: str) -> None:
    assert normalised(written) == spoken


def test_errors_are_counted_over_all_clips_together() -> None:
    result = score(["một hai ba", "bốn"], ["một hái", "bốn"])
    assert result.words == pytest.approx(50.0)
    assert result.bare_words == pytest.approx(25.0)


def test_each_word_heard_is_judged_by_alignment() -> None:
    found = judged("một hai ba bốn", [("một", 0.9), ("hái", 0.3), ("ba", 0.8), ("năm", 0.1), ("bốn", 0.7)])
    assert [(word.confidence, word.right) for word in found] == [
        (0.9, True),
        (0.3, False),
        (0.8, True),
        (0.1, False),
        (0.7, True),
    ]
    assert judged("một", []) == []


@pytest.mark.parametrize(
    ("sure_right", "sure_wrong", "area"),
    [([0.9, 0.8], [0.1], 1.0), ([0.1], [0.9], 0.0), ([0.5], [0.5], 0.5), ([0.9, 0.2], [0.5], 0.5)],
)
def test_the_area_tells_how_often_a_right_word_is_surer(
    sure_right: list[float], sure_wrong: list[float], area: float
) -> None:
    words = [JudgedWord(sure, True) for sure in sure_right] + [JudgedWord(sure, False) for sure in sure_wrong]
    assert area_under_curve(words) == area


def test_there_is_no_area_without_errors() -> None:
    assert math.isnan(area_under_curve([JudgedWord(0.9, True)]))


def test_confidence_that_is_the_share_right_is_calibrated() -> None:
    fair = [JudgedWord(0.75, right) for right in (True, True, True, False)]
    assert calibration_error(fair) == pytest.approx(0.0)
    assert calibration_error([JudgedWord(0.95, False)] * 3) == pytest.approx(0.95)
    assert calibration_error([]) == 0.0


def test_names_are_pairs_of_rare_syllables_heard_where_they_were_said() -> None:
    clips = [
        Clip(name, np.zeros(1, np.float32), said)
        for name, said in (("1", "tôi là chợ rẫy tôi là"), ("2", "tôi là tôi"), ("3", "là bình dân là tôi"))
    ]
    pairs = rare_pairs(clips)
    assert pairs == {"1": "chợ rẫy", "3": "bình dân"}
    counted = count_names(clips, ["tôi là chợ rẫy", "tôi chợ rẫy", "là bình dần"], pairs)
    assert (counted.heard, counted.said, counted.invented) == (1, 2, 1)
