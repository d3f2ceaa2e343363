from __future__ import annotations

from itertools import pairwise

import pytest

from transcription.engines.ctc.calibration import CURVE, confidence


def test_a_word_the_model_finds_likelier_is_never_less_sure() -> None:
    sure = [confidence(step / 1000) for step in range(1001)]
    assert all(before <= after for before, after in pairwise(sure))


def test_confidence_stays_between_0_and_1_and_never_reaches_certainty() -> None:
    assert 0 < confidence(0.0) < confidence(1.0) < 1
    assert confidence(1.0000001) == confidence(1.0)
    assert confidence(-0.1) == confidence(0.0)


@pytest.mark.parametrize("point", CURVE)
def test_the_counted_points_are_met(point: tuple[float, float]) -> None:
    assert confidence(point[0]) == pytest.approx(point[1])


def test_between_two_points_it_goes_straight() -> None:
    (left, low), (right, high) = CURVE[3], CURVE[4]
    assert confidence((left + right) / 2) == pytest.approx((low + high) / 2)
