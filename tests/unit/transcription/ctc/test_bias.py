from __future__ import annotations

import pytest

from transcription.engines.ctc.bias import BiasTrie
from transcription.engines.ctc.vocabulary import Vocabulary

PIECES = ["<blank>", "<unk>", "▁nhi", "▁đồng", "▁một", "▁thành", "▁phố", "▁chợ", "▁rẫy", "ều", "▁pho", "ng", "▁"]
VOCABULARY = Vocabulary(PIECES)
PHRASES = ["nhi đồng", "nhi đồng thành phố", "chợ rẫy"]


def worth(said: str, phrases: list[str] = PHRASES, bonus: float = 2.0) -> float:
    """The bonus a reading has earned when nothing more is said."""
    trie = BiasTrie(phrases, VOCABULARY, bonus)
    state, earned = trie.start, 0.0
    for piece in said.split():
        state, gain = trie.step(state, PIECES.index(piece))
        earned += gain
    return earned - trie.left_open(state)


@pytest.mark.parametrize(
    ("said", "earned"),
    [
        ("", 0),
        ("▁một", 0),
        ("▁nhi", 0),
        ("▁nhi ▁đồng", 4),
        ("▁nhi ▁một", 0),
        ("▁nhi ▁nhi ▁đồng", 4),
        ("▁một ▁nhi ▁đồng ▁một", 4),
        ("▁nhi ▁đồng ▁thành", 4),
        ("▁nhi ▁đồng ▁thành ▁một", 4),
        ("▁nhi ▁đồng ▁thành ▁phố", 8),
        ("▁nhi ▁đồng ▁chợ ▁rẫy", 8),
        ("▁nhi ▁chợ ▁rẫy", 4),
        ("▁chợ ▁rẫy ▁chợ ▁rẫy", 8),
    ],
)
def test_only_whole_phrases_earn_their_bonus(said: str, earned: float) -> None:
    assert worth(said) == earned


def test_a_phrase_that_is_only_the_beginning_of_a_longer_word_gives_its_bonus_back() -> None:
    assert worth("▁chợ ▁nhi ều", ["chợ nhi"]) == 0
    assert worth("▁chợ ▁nhi ▁một", ["chợ nhi"]) == 4


def test_a_syllable_of_two_pieces_earns_once() -> None:
    assert worth("▁pho ng ▁một", ["phong một"]) == 4


@pytest.mark.parametrize("phrase", ["nhi", "nhi xyz", "", "   ", "115"])
def test_phrases_too_short_or_impossible_to_spell_are_left_out(phrase: str) -> None:
    assert worth("▁nhi ▁đồng", [phrase]) == 0


def test_phrases_may_come_in_capitals_with_punctuation_and_twice() -> None:
    assert worth("▁nhi ▁đồng ▁thành ▁phố", ["Nhi Đồng, Thành phố!", "nhi đồng thành phố"]) == 8


def test_a_bonus_of_nothing_changes_nothing() -> None:
    assert worth("▁nhi ▁đồng", bonus=0.0) == 0
