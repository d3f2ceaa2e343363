from __future__ import annotations

from itertools import pairwise

import pytest

from transcription.engines.ctc.align import Place
from transcription.engines.ctc.vocabulary import Vocabulary
from transcription.engines.ctc.words import HeardWord, heard_words, segmented, timed, without_tones
from transcription.ports import Word

VOCABULARY = Vocabulary(["<blank>", "<unk>", "▁chợ", "▁rẫy", "▁pho", "ng", "▁"])


def heard(*frames: tuple[int, int]) -> list[HeardWord]:
    return [HeardWord("từ", first, last, 0.9) for first, last in frames]


def test_pieces_make_words_and_a_word_is_as_probable_as_its_frames() -> None:
    places = [Place(2, 0, 0, 0.9), Place(4, 4, 4, 0.4), Place(5, 6, 7, 1.0)]
    words = heard_words(places, VOCABULARY, base=100)
    assert [(word.text, word.first, word.last) for word in words] == [("chợ", 100, 100), ("phong", 104, 107)]
    assert words[1].probability == pytest.approx(0.8)


def test_a_word_without_letters_is_no_word() -> None:
    assert heard_words([Place(6, 0, 0, 0.9)], VOCABULARY, base=0) == []


def test_an_utterance_that_begins_inside_a_word_still_has_its_letters() -> None:
    assert [word.text for word in heard_words([Place(5, 0, 0, 0.9)], VOCABULARY, base=0)] == ["ng"]


@pytest.mark.parametrize(
    ("frames", "start", "end"),
    [
        ((100, 100), 4.0 - 0.2 - 0.30, 4.04 - 0.2 - 0.12),
        ((100, 110), 4.0 - 0.2 - 0.30, 4.44 - 0.2 - 0.12),
        ((0, 2), 0.0, 0.06),
        ((1000, 1000), 9.94, 10.0),
    ],
)
def test_times_are_corrected_and_stay_within_the_sound(frames: tuple[int, int], start: float, end: float) -> None:
    (word,) = timed(heard(frames), lead=0.2, length=10.0)
    assert [word.start, word.end] == pytest.approx([start, end])


def test_words_never_overlap_however_close_their_frames_are() -> None:
    words = timed(heard(*((frame, frame) for frame in range(40, 60))), lead=0.2, length=2.0)
    assert all(word.start <= word.end <= 2.0 for word in words)
    assert all(one.end <= two.start for one, two in pairwise(words))


@pytest.mark.parametrize(
    ("times", "sizes"),
    [
        ([], []),
        ([(0.0, 0.5)], [1]),
        ([(0.0, 0.5), (0.6, 1.0)], [2]),
        ([(0.0, 0.5), (1.3, 1.5), (1.6, 2.0), (5.0, 6.0)], [1, 2, 1]),
    ],
)
def test_segments_part_at_pauses(times: list[tuple[float, float]], sizes: list[int]) -> None:
    words = [Word("từ", start, end, 1.0) for start, end in times]
    segments = segmented(words, pause=0.8)
    assert [len(segment.words) for segment in segments] == sizes
    assert all((each.start, each.end) == (each.words[0].start, each.words[-1].end) for each in segments)


@pytest.mark.parametrize(
    ("heard_at", "left"),
    [
        ("", ""),
        ("a:1.0:0.4", ""),
        ("a:1.0:0.4 ư:1.5:0.3 a:1.7:0.6", ""),
        ("a:1.0:0.95", "a"),
        ("alô:1.0:0.4", "alô"),
        ("à:1.0:0.4", "à"),
        ("y:1.0:0.4 tế:1.2:0.9", "y tế"),
        ("bác:1.0:0.9 a:1.3:0.4", "bác a"),
        ("chín:1.0:0.9 a:1.6:0.4 a:1.8:0.4 hai:2.5:0.9", "chín hai"),
    ],
)
def test_vowels_heard_in_beeps_are_no_words(heard_at: str, left: str) -> None:
    parts = [part.split(":") for part in heard_at.split()]
    words = [Word(text, float(at), float(at) + 0.2, float(sure)) for text, at, sure in parts]
    assert " ".join(word.text for word in without_tones(words)) == left
