"""How often a word is right, from how probable the model found it."""

from __future__ import annotations

from bisect import bisect_right

CURVE: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0))
"""Probability -> share of words right."""


def confidence(probability: float) -> float:
    """The share of words right among those as probable as this (0-1): straight lines between CURVE's points."""
    place = bisect_right(CURVE, probability, key=lambda point: point[0])
    if place == len(CURVE):
        return CURVE[-1][1]
    (left, low), (right, high) = CURVE[max(0, place - 1)], CURVE[max(1, place)]
    return low + (high - low) * max(0.0, probability - left) / (right - left)
