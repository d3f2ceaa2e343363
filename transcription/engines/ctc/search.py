"""Prefix beam search: the likeliest text for the frames heard, with a bonus for expected phrases.

After Hannun et al., "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional
Recurrent DNNs" (2014), algorithm 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from transcription.engines.ctc.bias import BiasTrie, State
from transcription.engines.ctc.vocabulary import BLANK

_IMPOSSIBLE = -1e30

_LEAST = -9.0
"""Log-probability below which a piece is not tried."""

_MOST_PIECES = 12
"""Pieces tried in a frame."""

Prefix = tuple[int, ...]


@dataclass(slots=True)
class Reading:
    """One reading of the frames so far: log-probability of ending in a blank or in its last piece."""

    blank: float
    piece: float
    bonus: float
    state: State

    @property
    def chance(self) -> float:
        """Log-probability of the reading, however it ends."""
        return log_add(self.blank, self.piece)


def log_add(first: float, second: float) -> float:
    """The logarithm of the sum of two probabilities given by their logarithms."""
    if first < second:
        first, second = second, first
    return first if second < _IMPOSSIBLE / 10 else first + math.log1p(math.exp(second - first))


class BeamSearch:
    """The `width` best readings of one utterance."""

    def __init__(self, bias: BiasTrie, width: int) -> None:
        self._bias = bias
        self._width = width
        self._readings: dict[Prefix, Reading] = {(): Reading(0.0, _IMPOSSIBLE, 0.0, bias.start)}

    def advance(self, tokens: Sequence[int], log_probs: Sequence[float]) -> None:
        """Take a frame: its likeliest pieces, best first, with the blank among them."""
        blank, tried = _candidates(tokens, log_probs)
        grown: dict[Prefix, Reading] = {}
        for prefix, reading in self._readings.items():
            self._grow(prefix, reading, blank, tried, grown)
        ranked = sorted(grown.items(), key=lambda item: -(item[1].chance + item[1].bonus))
        self._readings = dict(ranked[: self._width])

    def pass_blank(self) -> None:
        """Take a frame that is surely blank."""
        for reading in self._readings.values():
            reading.blank, reading.piece = reading.chance, _IMPOSSIBLE

    def best(self) -> Prefix:
        """The pieces of the best reading, phrases left open having given their bonus back."""
        return max(self._readings.items(), key=lambda item: self._score(item[1]))[0]

    def _score(self, reading: Reading) -> float:
        return reading.chance + reading.bonus - self._bias.left_open(reading.state)

    def _grow(
        self,
        prefix: Prefix,
        reading: Reading,
        blank: float,
        tried: list[tuple[int, float]],
        grown: dict[Prefix, Reading],
    ) -> None:
        """Put into `grown` what `prefix` becomes with a blank, its last piece held, or another piece."""
        chance, last = reading.chance, prefix[-1] if prefix else BLANK
        same = grown.get(prefix)
        if same is None:
            same = grown[prefix] = Reading(_IMPOSSIBLE, _IMPOSSIBLE, reading.bonus, reading.state)
        same.blank = log_add(same.blank, chance + blank)
        for token, log_prob in tried:
            before = chance
            if token == last:
                same.piece = log_add(same.piece, reading.piece + log_prob)
                before = reading.blank  # the same piece twice needs a blank between
            longer = (*prefix, token)
            other = grown.get(longer)
            if other is None:
                state, gain = self._bias.step(reading.state, token)
                other = grown[longer] = Reading(_IMPOSSIBLE, _IMPOSSIBLE, reading.bonus + gain, state)
            other.piece = log_add(other.piece, before + log_prob)


def _candidates(tokens: Sequence[int], log_probs: Sequence[float]) -> tuple[float, list[tuple[int, float]]]:
    blank = _IMPOSSIBLE
    tried: list[tuple[int, float]] = []
    for token, log_prob in zip(tokens, log_probs, strict=True):
        if token == BLANK:
            blank = log_prob
        elif log_prob > _LEAST and len(tried) < _MOST_PIECES:
            tried.append((token, log_prob))
    return blank, tried
