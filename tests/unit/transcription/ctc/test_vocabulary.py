from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest

from transcription.engines.ctc.vocabulary import Vocabulary
from transcription.errors import ModelDamaged, ModelMissing

PIECES = ["<blank>", "<unk>", "▁chợ", "▁r", "ẫy", "▁rẫy", "▁", "p", "a", "▁a"]
VOCABULARY = Vocabulary(PIECES)


@pytest.mark.parametrize(
    ("word", "pieces"),
    [("chợ", ["▁chợ"]), ("rẫy", ["▁rẫy"]), ("ra", ["▁r", "a"]), ("pa", ["▁", "p", "a"]), ("xa", None)],
)
def test_a_word_is_spelled_with_pieces_as_long_as_can_be(word: str, pieces: list[str] | None) -> None:
    spelled = VOCABULARY.spell(word)
    assert (None if spelled is None else [PIECES[piece] for piece in spelled]) == pieces


def test_spelling_does_not_depend_on_how_accents_are_composed() -> None:
    assert VOCABULARY.spell(normalize("NFD", "rẫy")) == VOCABULARY.spell("rẫy")


def test_pieces_are_joined_to_words() -> None:
    assert VOCABULARY.text([2, 5, 9, 7]) == "chợ rẫy ap"


def test_blank_and_unknown_are_never_said() -> None:
    assert [VOCABULARY.spoken(token) for token in (0, 1, 2, 9, 10)] == [False, False, True, True, False]


def test_the_file_holds_a_piece_and_its_number_on_each_line(tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    path.write_text("".join(f"▁{number} {number}\n" for number in range(4972)), encoding="utf-8")
    vocabulary = Vocabulary.read(path)
    assert vocabulary.text([100]) == "100"
    assert not vocabulary.spoken(4968)


def test_a_vocabulary_missing_or_cut_short_is_named(tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    with pytest.raises(ModelMissing, match=str(tmp_path)):
        Vocabulary.read(path)
    path.write_text("<blank> 0\n", encoding="utf-8")
    with pytest.raises(ModelDamaged, match=str(path)):
        Vocabulary.read(path)
