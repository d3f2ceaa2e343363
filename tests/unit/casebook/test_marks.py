"""What a person hides or shows stays at its words, whatever is corrected around them."""

from __future__ import annotations

from dataclasses import replace

from casebook.rules import marks
from casebook.rules.marks import BY_HAND, NOTHING, Marks
from casebook.rules.understanding.shapes import Redaction, WordSpan
from transcription.ports import Word

SAID = "tôi tên là nguyễn văn an ở hẻm ba"


def said(text: str = SAID, start: float = 0.0) -> list[Word]:
    return [Word(word, start + at, start + at + 0.8, 0.9) for at, word in enumerate(text.split())]


def name(first: int, last: int) -> Redaction:
    return Redaction("name", WordSpan("story", first, last, ""))


def after(words: list[Word], made: Marks) -> list[tuple[str, str]]:
    found = marks.redactions("story", words, [name(3, 5)], [made] * len(words))
    return [(redaction.kind, redaction.span.words) for redaction in found]


def test_without_marks_the_rules_stand() -> None:
    assert after(said(), NOTHING) == [("name", "nguyễn văn an")]


def test_words_hidden_by_hand_join_those_of_the_rules() -> None:
    made = marks.made(said(), frozenset({3, 4, 5}), frozenset({3, 4, 5, 7, 8}))
    assert after(said(), made) == [("name", "nguyễn văn an"), (BY_HAND, "hẻm ba")]


def test_words_shown_by_hand_leave_the_rest_hidden() -> None:
    made = marks.made(said(), frozenset({3, 4, 5}), frozenset({3, 5}))
    assert after(said(), made) == [("name", "nguyễn"), ("name", "an")]


def test_taking_every_mark_away_hides_nothing_and_putting_them_back_hides_the_same() -> None:
    automatic = frozenset({3, 4, 5})
    assert marks.hidden_places(said(), automatic, marks.made(said(), automatic, frozenset())) == frozenset()
    assert marks.made(said(), automatic, automatic) == NOTHING


def test_marks_stay_at_their_moment_when_words_before_them_are_corrected() -> None:
    made = marks.made(said(), frozenset(), frozenset({7, 8}))
    corrected = [*said("em", 0.0), *said()[1:3], Word("họ", 2.85, 2.95, 0.9), *said()[3:]]
    hidden = marks.hidden_places(corrected, frozenset(), made)
    assert [corrected[place].text for place in sorted(hidden)] == ["hẻm", "ba"]


def test_a_word_retimed_a_little_is_still_the_word() -> None:
    made = marks.made(said(), frozenset(), frozenset({7}))
    moved = [replace(word, start=word.start + 0.1, end=word.end - 0.1) for word in said()]
    assert marks.hidden_places(moved, frozenset(), made) == {7}


def test_each_recording_of_an_answer_has_marks_of_its_own() -> None:
    first, second = said("tôi là an"), said("tôi là bình")
    made = marks.made(second, frozenset(), frozenset({2}))
    found = marks.redactions("story", [*first, *second], [], [NOTHING] * 3 + [made] * 3)
    assert [(r.span.first, r.span.words) for r in found] == [(5, "bình")]


def test_marks_come_back_from_a_row_as_they_were() -> None:
    made = marks.made(said(), frozenset({0}), frozenset({2, 3, 8}))
    assert marks.read([list(s) for s in made.hidden], [list(s) for s in made.shown]) == made
