"""Recordings with the silence taken out for an engine, and its words put back where they were said."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from transcription.ports import SAMPLE_RATE, Samples, Segment, Word
from transcription.rules.text import nfc
from transcription.vad import Span

_EDGES = " \t\n.,!?;:…\"'“”‘’()[]{}-–—*♪«»"
"""What engines put around words and nobody says."""


@dataclass(frozen=True, slots=True)
class Condensed:
    """The stretches `spans` of a recording laid end to end."""

    samples: Samples
    spans: tuple[Span, ...]

    def place(self, words: Iterable[Word]) -> list[Segment]:
        """The words, timed in the condensed sound, as segments timed in the recording: one for each span.

        Text is lower case without punctuation around it, confidences are within 0-1, and every word
        begins after the one before and ends within its span.
        """
        located = [(self._span_at((word.start + word.end) / 2), word) for word in map(_plain, words) if word.text]
        located.sort(key=lambda pair: (pair[0], pair[1].start))
        return [
            self._segment(index, [word for _, word in group])
            for index, group in groupby(located, key=lambda pair: pair[0])
        ]

    def _starts(self) -> list[int]:
        """Where in the condensed sound each span begins, in samples."""
        lengths = [span.end - span.start for span in self.spans]
        return [sum(lengths[:index]) for index in range(len(lengths))]

    def _span_at(self, seconds: float) -> int:
        return max(0, bisect_right(self._starts(), seconds * SAMPLE_RATE) - 1)

    def _segment(self, index: int, words: list[Word]) -> Segment:
        start, end = self.spans[index].seconds
        shift = start - self._starts()[index] / SAMPLE_RATE
        placed = tuple(_within(words, shift, start, end))
        return Segment(placed[0].start, placed[-1].end, placed)


def condense(samples: Samples, spans: Sequence[Span], longest: float = math.inf) -> list[Condensed]:
    """The speech in `samples` in pieces of at most `longest` seconds; only a longer span makes a longer one."""
    pieces: list[list[Span]] = []
    room = 0.0
    for span in spans:
        seconds = (span.end - span.start) / SAMPLE_RATE
        if not pieces or seconds > room:
            pieces.append([])
            room = longest
        pieces[-1].append(span)
        room -= seconds
    return [Condensed(np.concatenate([samples[s.start : s.end] for s in piece]), tuple(piece)) for piece in pieces]


def _plain(word: Word) -> Word:
    text = nfc(word.text).lower().strip(_EDGES)
    sure = word.confidence if math.isfinite(word.confidence) else 0.0
    return Word(text, word.start, word.end, min(max(sure, 0.0), 1.0))


def _within(words: Iterable[Word], shift: float, start: float, end: float) -> Iterator[Word]:
    """The words moved by `shift` seconds, each between the one before and `end`."""
    earliest = start
    for word in words:
        begins = min(max(word.start + shift, earliest), end)
        ends = min(max(word.end + shift, begins), end)
        earliest = begins
        yield Word(word.text, round(begins, 3), round(ends, 3), round(word.confidence, 4))
