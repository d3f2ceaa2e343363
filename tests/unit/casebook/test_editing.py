"""New words on old times, and what differs between two texts."""

from __future__ import annotations

import pytest

from casebook.rules.editing import Piece, differences, editable_text, rewritten, shortened
from transcription.ports import Segment, Word

FIRST = Segment(0.0, 1.0, (Word("bệnh", 0.0, 0.4, 0.9), Word("viện", 0.5, 1.0, 0.8)))
SECOND = Segment(3.0, 4.0, (Word("chợ", 3.0, 3.4, 0.5), Word("rẩy", 3.5, 4.0, 0.3)))
SPOKEN = [FIRST, SECOND]


def texts(segments: list[Segment]) -> list[str]:
    return [segment.text for segment in segments]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("bệnh viện\nchợ rẩy", ["bệnh viện", "chợ rẩy"]),
        ("bệnh viện chợ rẩy", ["bệnh viện", "chợ rẩy"]),
        ("bệnh\nviện chợ\nRẫy", ["bệnh viện", "chợ Rẫy"]),
        ("chợ rẩy", ["chợ rẩy"]),
        ("bệnh viện", ["bệnh viện"]),
        ("", []),
        ("  \n \n", []),
    ],
)
def test_words_stay_in_the_stretch_of_speech_they_were_said_in(typed: str, expected: list[str]) -> None:
    assert texts(rewritten(SPOKEN, typed, 5.0)) == expected


def test_words_that_stay_keep_times_and_sureness_and_new_ones_are_certain() -> None:
    new = rewritten(SPOKEN, "bệnh viện chợ Rẫy", 5.0)
    assert new[0].words == FIRST.words
    assert new[1].words == (SECOND.words[0], Word("Rẫy", 3.5, 4.0, 1.0))


def test_what_a_person_hears_where_the_machine_heard_nothing_fills_the_recording() -> None:
    (segment,) = rewritten([], "có người gọi", 6.0)
    assert (segment.start, segment.end) == (0.0, 6.0)
    assert segment.words[-1].end == 6.0
    assert rewritten([], " ", 6.0) == []


@pytest.mark.parametrize("typed", ["một hai ba bốn năm sáu bảy tám", "chợ rẩy bệnh viện", "<b>bệnh</b> viện \x00"])
def test_times_never_run_backwards(typed: str) -> None:
    words = [word for segment in rewritten(SPOKEN, typed, 5.0) for word in segment.words]
    assert all(word.start <= word.end for word in words)
    assert [word.start for word in words] == sorted(word.start for word in words)


def test_an_answer_is_edited_line_by_line() -> None:
    assert editable_text(SPOKEN) == "bệnh viện\nchợ rẩy"


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("a b c", "a b c", [("same", "a b c")]),
        ("a b c", "a x c", [("same", "a"), ("gone", "b"), ("new", "x"), ("same", "c")]),
        ("a", "", [("gone", "a")]),
        ("", "a b", [("new", "a b")]),
        ("", "", []),
        ("a\nb", "a b", [("same", "a b")]),
    ],
)
def test_differences_are_told_word_by_word(old: str, new: str, pieces: list[tuple[str, str]]) -> None:
    assert [(piece.change, piece.text) for piece in differences(old, new)] == pieces
    assert all(isinstance(piece, Piece) for piece in differences(old, new))


def test_one_changed_word_is_one_changed_word_however_often_its_neighbours_come_again() -> None:
    said = "không không có không có không có ai không có".split()
    words = tuple(Word(text, float(at), at + 0.5, 0.5) for at, text in enumerate(said))
    for place in range(len(said)):
        typed = [*said[:place], "đã", *said[place + 1 :]]
        (segment,) = rewritten([Segment(0.0, 12.0, words)], " ".join(typed), 12.0)
        kept = [word for at, word in enumerate(segment.words) if at != place]
        assert kept == [word for at, word in enumerate(words) if at != place]
        assert segment.words[place] == Word("đã", float(place), place + 0.5, 1.0)


def test_words_put_in_share_the_pause_between_their_neighbours() -> None:
    new = rewritten(SPOKEN, "bệnh viện ở chợ rẩy", 5.0)
    assert [segment.text for segment in new] == ["bệnh viện ở", "chợ rẩy"]
    assert new[0].words[-1] == Word("ở", 1.0, 3.0, 1.0)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("a b c d e f g h i", "a b c d e f g h x", "… e f g h [x]"),
        ("a b c d e f g h i", "x b c d e f g h i", "[x] b c d e …"),
        ("a b c", "a x c", "a [x] c"),
        ("1 2 3 4 5 6 7 8 9 0 b", "x 2 3 4 5 6 7 8 9 0 y", "[x] 2 3 4 5 6 7 8 9 0 [y]"),
        ("1 2 3 4 5 6 7 8 9 0 a b c", "x 2 3 4 5 6 7 8 9 0 a b y", "[x] 2 3 4 5 … 9 0 a b [y]"),
        ("a b", "a b", "a b"),
    ],
)
def test_of_a_long_text_only_the_changes_and_their_neighbours_are_shown(old: str, new: str, shown: str) -> None:
    pieces = [piece for piece in shortened(differences(old, new)) if piece.change != "gone"]
    assert " ".join(f"[{piece.text}]" if piece.change == "new" else piece.text for piece in pieces) == shown
