from __future__ import annotations

import numpy as np
import pytest

from transcription.engines.ctc.acoustic import TOP, Frames
from transcription.engines.ctc.bias import BiasTrie
from transcription.engines.ctc.utterance import UtteranceReader
from transcription.engines.ctc.vocabulary import Vocabulary

PIECES = ["<blank>", "<unk>", *(f"▁{letter}" for letter in "abcdefghijklmnopqrst")]
VOCABULARY = Vocabulary(PIECES)


def frames(said: str) -> Frames:
    """Frames in which each letter is surely said, and `.` is surely blank."""
    tokens = [0 if letter == "." else PIECES.index(f"▁{letter}") for letter in said]
    ranked = np.array([[token, *(other for other in range(TOP) if other != token)][:TOP] for token in tokens])
    log_probs = np.full(ranked.shape, -12.0, np.float32)
    log_probs[:, 0] = -1e-4
    return Frames(ranked.reshape(-1, TOP).astype(np.int64), log_probs.reshape(-1, TOP))


def reader() -> UtteranceReader:
    return UtteranceReader(VOCABULARY, BiasTrie((), VOCABULARY, 0.0), 8)


@pytest.mark.parametrize("pause", ["...", "." * 12, "." * 100])
def test_words_keep_their_frames_whatever_pauses_lie_between(pause: str) -> None:
    said = f"....a..b{pause}c{pause}"
    one = reader()
    words = one.push(frames(said)) + one.finish()
    assert [(word.text, word.first) for word in words] == [(letter, said.index(letter)) for letter in "abc"]


def test_words_come_out_when_the_speaker_pauses() -> None:
    one = reader()
    assert one.push(frames("a..b" + "." * 11)) == []
    assert one.partial() == "a b"
    assert [word.text for word in one.push(frames("."))] == ["a", "b"]
    assert one.partial() == ""


def test_frames_may_come_one_by_one() -> None:
    said = "..a.b" + "." * 20 + "c.c.d"
    whole, bit_by_bit = reader(), reader()
    parts = [word for letter in said for word in bit_by_bit.push(frames(letter))]
    assert parts + bit_by_bit.finish() == whole.push(frames(said)) + whole.finish()


def test_somebody_who_never_pauses_is_read_all_the_same() -> None:
    one = reader()
    words = one.push(frames("a.b...c." * 400))
    assert len(words) > 3 * 300
    assert len(words) + len(one.finish()) == 3 * 400


def test_silence_has_no_words() -> None:
    one = reader()
    assert one.push(frames("." * 500)) + one.finish() == []


def test_the_end_of_nothing_is_nothing() -> None:
    assert reader().finish() == []
