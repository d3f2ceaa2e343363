from __future__ import annotations

import numpy as np
import pytest

from transcription.engines.ctc.align import align

A, B = 2, 3


def frames(
    path: list[int], sure: float = 0.9
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    """Frames in which the pieces of `path` are likely and the others are not."""
    tokens = np.array([[token, *(other for other in (0, A, B) if other != token)] for token in path], np.int64)
    log_probs = np.log(np.array([[sure, (1 - sure) / 2, (1 - sure) / 2]] * len(path), np.float32))
    return tokens, log_probs


@pytest.mark.parametrize(
    ("path", "text", "places"),
    [
        ([0, A, 0, B, 0], (A, B), [(A, 1, 1), (B, 3, 3)]),
        ([A, A, B, B, B], (A, B), [(A, 0, 1), (B, 2, 4)]),
        ([0, A, 0, A, 0], (A, A), [(A, 1, 1), (A, 3, 3)]),
        ([A, B], (A, B), [(A, 0, 0), (B, 1, 1)]),
        ([0, 0, 0, A], (A,), [(A, 3, 3)]),
    ],
)
def test_pieces_are_placed_where_they_are_likely(
    path: list[int], text: tuple[int, ...], places: list[tuple[int, int, int]]
) -> None:
    found = align(text, *frames(path))
    assert [(place.token, place.first, place.last) for place in found] == places


def test_a_piece_is_as_probable_as_its_frames_are_on_average() -> None:
    tokens, log_probs = frames([A, A, 0])
    log_probs[1, 0] = np.log(0.5)
    assert align((A,), tokens, log_probs)[0].probability == pytest.approx(0.7, abs=0.001)


def test_a_piece_nobody_heard_is_placed_without_belief() -> None:
    (place,) = align((9,), *frames([0, A, 0]))
    assert place.probability < 0.01


@pytest.mark.parametrize(("path", "text"), [([A, 0], ()), ([A], (A, B))])
def test_no_text_and_too_much_text_have_no_places(path: list[int], text: tuple[int, ...]) -> None:
    assert align(text, *frames(path)) == []
