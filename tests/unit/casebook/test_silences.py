"""Where nobody speaks."""

from __future__ import annotations

import pytest

from casebook.rules.silences import Silence, silences

QUIET = [0] * 10


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ([(0.0, 1.0), (1.5, 9.9)], []),
        ([(0.0, 1.0), (4.0, 10.0)], [(1.2, 3.8)]),
        ([(3.0, 10.0)], [(0.0, 2.8)]),
        ([(0.0, 6.0)], [(6.2, 10.0)]),
        ([(4.0, 10.0), (0.0, 1.0)], [(1.2, 3.8)]),
        ([(0.0, 5.0), (1.0, 2.0), (5.5, 10.0)], []),
        ([], []),
    ],
)
def test_long_pauses_between_words_are_silence(
    spoken: list[tuple[float, float]], expected: list[tuple[float, float]]
) -> None:
    assert silences(spoken, 10.0, QUIET) == tuple(Silence(*stretch) for stretch in expected)


def test_a_loud_pause_may_hold_words_that_nobody_heard() -> None:
    spoken = [(0.0, 1.0), (5.0, 10.0)]
    assert silences(spoken, 10.0, [200, 5, 90, 5, 5, 180, 180, 180, 180, 180]) == ()
    assert silences(spoken, 10.0, [200, 5, 40, 5, 5, 180, 180, 180, 180, 180]) == (Silence(1.2, 4.8),)


def test_a_recording_without_a_waveform_goes_by_its_words() -> None:
    assert silences([(0.0, 1.0), (5.0, 10.0)], 10.0, []) == (Silence(1.2, 4.8),)
