from __future__ import annotations

import numpy as np
import pytest

from transcription.condense import condense
from transcription.ports import SAMPLE_RATE, Segment, Word
from transcription.vad import Span


def span(start: float, end: float) -> Span:
    return Span(round(start * SAMPLE_RATE), round(end * SAMPLE_RATE))


RECORDING = np.arange(10 * SAMPLE_RATE, dtype=np.float32)
TWO = condense(RECORDING, [span(2, 4), span(7, 8)])[0]


def placed(*words: Word) -> list[Segment]:
    return TWO.place(words)


def test_spans_are_laid_end_to_end() -> None:
    assert len(TWO.samples) == 3 * SAMPLE_RATE
    assert TWO.samples[2 * SAMPLE_RATE] == 7 * SAMPLE_RATE


def test_words_return_to_where_they_were_said_in_one_segment_for_each_span() -> None:
    segments = placed(Word("tôi", 0.5, 1.0, 0.9), Word("chờ", 1.0, 1.5, 0.8), Word("lâu", 2.2, 2.6, 0.7))
    assert [segment.text for segment in segments] == ["tôi chờ", "lâu"]
    assert segments[0].words[0] == Word("tôi", 2.5, 3.0, 0.9)
    assert segments[1].words[0] == Word("lâu", 7.2, 7.6, 0.7)
    assert (segments[0].start, segments[0].end) == (2.5, 3.5)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (Word(" Tôi,", 0.0, 0.5, 0.5), Word("tôi", 2.0, 2.5, 0.5)),
        (Word("2.500.000", 0.0, 0.5, 0.5), Word("2.500.000", 2.0, 2.5, 0.5)),
        (Word("Tôi", 0.0, 0.5, 0.5), Word("tôi", 2.0, 2.5, 0.5)),
        (Word("sure", 0.0, 0.5, 1.5), Word("sure", 2.0, 2.5, 1.0)),
        (Word("unsure", 0.0, 0.5, float("nan")), Word("unsure", 2.0, 2.5, 0.0)),
        (Word("early", -1.0, 0.5, 0.5), Word("early", 2.0, 2.5, 0.5)),
        (Word("across", 1.5, 2.3, 0.5), Word("across", 3.5, 4.0, 0.5)),
        (Word("late", 2.9, 9.0, 0.5), Word("late", 7.9, 8.0, 0.5)),
        (Word("backwards", 1.0, 0.6, 0.5), Word("backwards", 3.0, 3.0, 0.5)),
    ],
)
def test_a_word_is_made_plain_and_kept_within_its_span(word: Word, expected: Word) -> None:
    assert [said for segment in placed(word) for said in segment.words] == [expected]


def test_marks_without_letters_are_no_words() -> None:
    assert placed(Word("...", 0.0, 0.5, 0.5), Word(" ", 0.6, 0.7, 0.5)) == []


def test_words_out_of_order_are_put_in_order() -> None:
    (segment,) = placed(Word("hai", 0.6, 0.9, 1.0), Word("một", 0.1, 0.7, 1.0))
    assert segment.text == "một hai"
    assert segment.words[0].start <= segment.words[1].start


@pytest.mark.parametrize(
    ("lengths", "pieces"), [([], []), ([5], [1]), ([3, 3, 3], [2, 1]), ([9, 1], [1, 1]), ([7, 1], [2]), ([20], [1])]
)
def test_pieces_hold_as_many_spans_as_fit(lengths: list[int], pieces: list[int]) -> None:
    starts = [sum(lengths[:index]) + index for index in range(len(lengths))]
    spans = [span(start, start + length) for start, length in zip(starts, lengths, strict=True)]
    long = np.zeros(60 * SAMPLE_RATE, dtype=np.float32)
    assert [len(piece.spans) for piece in condense(long, spans, longest=8)] == pieces
