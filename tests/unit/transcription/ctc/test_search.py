from __future__ import annotations

import itertools
import math
from collections import defaultdict

import numpy as np
import pytest

from transcription.engines.ctc.bias import BiasTrie
from transcription.engines.ctc.search import BeamSearch, log_add
from transcription.engines.ctc.vocabulary import Vocabulary

PIECES = ["<blank>", "<unk>", "▁a", "▁b", "▁c", "x"]
VOCABULARY = Vocabulary(PIECES)
A, B, C, X = 2, 3, 4, 5
Frame = dict[int, float]
"""Piece -> probability; 0 is the blank."""


def search(frames: list[Frame], phrases: tuple[str, ...] = (), width: int = 8, bonus: float = 2.0) -> tuple[int, ...]:
    found = BeamSearch(BiasTrie(phrases, VOCABULARY, bonus), width)
    for frame in frames:
        ranked = sorted(frame.items(), key=lambda item: -item[1])
        found.advance([token for token, _ in ranked], [math.log(chance) for _, chance in ranked])
    return found.best()


def exact(frames: list[Frame]) -> tuple[int, ...]:
    """The likeliest text by summing over every path."""
    sums: dict[tuple[int, ...], float] = defaultdict(float)
    for path in itertools.product(*frames):
        text = tuple(token for token, _ in itertools.groupby(path) if token)
        sums[text] += math.prod(frame[token] for frame, token in zip(frames, path, strict=True))
    return max(sums.items(), key=lambda item: item[1])[0]


@pytest.mark.parametrize(
    ("frames", "text"),
    [
        ([], ()),
        ([{0: 1.0}], ()),
        ([{A: 0.9, 0: 0.1}], (A,)),
        ([{A: 0.9, 0: 0.1}, {A: 0.9, 0: 0.1}], (A,)),
        ([{A: 0.9, 0: 0.1}, {0: 0.9, A: 0.1}, {A: 0.9, 0: 0.1}], (A, A)),
        ([{A: 0.9, 0: 0.1}, {B: 0.8, 0: 0.2}], (A, B)),
        # Blank twice is the likeliest path (0.36), but the paths that say A are likelier together (0.64).
        ([{0: 0.6, A: 0.4}, {0: 0.6, A: 0.4}], (A,)),
    ],
)
def test_the_likeliest_text_is_found(frames: list[Frame], text: tuple[int, ...]) -> None:
    assert search(frames) == text


def test_it_agrees_with_trying_every_path() -> None:
    rng = np.random.default_rng(3)
    for _ in range(60):
        rows = rng.dirichlet(np.full(4, 0.7), size=5)
        frames = [dict(zip((0, A, B, C), (float(chance) + 1e-6 for chance in row), strict=True)) for row in rows]
        assert search(frames, width=500) == exact(frames)


NEARLY = [{A: 0.97, 0: 0.03}, {0: 0.97, A: 0.03}, {B: 0.7, C: 0.25, 0: 0.05}]


def test_an_expected_phrase_wins_over_one_that_sounds_a_little_likelier() -> None:
    assert search(NEARLY) == (A, B)
    assert search(NEARLY, ("a c",)) == (A, C)


def test_an_expected_phrase_does_not_win_over_what_was_clearly_said() -> None:
    assert search([{A: 0.97, 0: 0.03}, {B: 0.9999, C: 0.0001}], ("a c",)) == (A, B)


def test_the_beginning_of_a_phrase_alone_is_worth_nothing() -> None:
    assert search([{B: 0.55, C: 0.4, 0: 0.05}], ("c a",)) == (B,)


def test_a_surely_blank_frame_parts_a_piece_from_the_same_piece() -> None:
    found = BeamSearch(BiasTrie((), VOCABULARY, 0.0), 4)
    found.advance([A, 0], [math.log(0.9), math.log(0.1)])
    found.pass_blank()
    found.advance([A, 0], [math.log(0.9), math.log(0.1)])
    assert found.best() == (A, A)


def test_no_more_readings_are_kept_than_asked() -> None:
    frames = [{A: 0.4, B: 0.3, C: 0.2, 0: 0.1}] * 30
    assert search(frames, width=1) == (A,)


@pytest.mark.parametrize(("one", "other"), [(0.5, 0.25), (0.25, 0.5), (1e-30, 0.5)])
def test_logarithms_add_as_their_numbers_do(one: float, other: float) -> None:
    assert log_add(math.log(one), math.log(other)) == pytest.approx(math.log(one + other))


def test_adding_the_impossible_changes_nothing() -> None:
    assert log_add(-1e30, -2.0) == log_add(-2.0, -1e30) == -2.0
