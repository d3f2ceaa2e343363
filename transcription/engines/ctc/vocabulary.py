"""The pieces of text the model knows, and how a word is spelled with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from config.told import Told
from transcription.errors import ModelDamaged, ModelMissing
from transcription.rules.text import nfc

BLANK = 0
_UNKNOWN = 1
_SPOKEN = 4967
"""Pieces from here on (end of sentence, punctuation) are never said."""

_WORD = "▁"
"""Marks a piece that begins a word."""


class Vocabulary:
    """Pieces by number; a piece either begins a word or goes on with one."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._pieces = [nfc(piece) for piece in pieces[:_SPOKEN]]
        self._numbers = {piece: number for number, piece in enumerate(self._pieces) if number > _UNKNOWN}
        self._longest = max(map(len, self._numbers), default=0)
        self.begins: tuple[bool, ...] = tuple(piece.startswith(_WORD) for piece in self._pieces)

    @classmethod
    def read(cls, path: Path) -> Vocabulary:
        """The vocabulary in `path`: a piece and its number on each line. Raises ModelMissing, ModelDamaged."""
        if not path.is_file():
            raise ModelMissing(
                Told("Không có mô hình CTC ở %(folder)s: thiếu %(file)s.", folder=path.parent, file=path.name)
            )
        pieces = [line.rpartition(" ")[0] for line in path.read_text(encoding="utf-8").splitlines()]
        if len(pieces) < _SPOKEN:
            raise ModelDamaged(Told("Bảng từ %(path)s không đủ.", path=path))
        return cls(pieces)

    def spoken(self, token: int) -> bool:
        """Whether `token` stands for something said."""
        return _UNKNOWN < token < len(self._pieces)

    def text(self, tokens: Iterable[int]) -> str:
        """What these pieces say."""
        return "".join(self._pieces[token] for token in tokens).replace(_WORD, " ").strip()

    def spell(self, word: str) -> tuple[int, ...] | None:
        """The pieces of `word`, each as long as can be; None if some letter is in none of them."""
        rest, spelled = _WORD + nfc(word), []
        while rest:
            piece = next((rest[:end] for end in range(self._longest, 0, -1) if rest[:end] in self._numbers), None)
            if piece is None:
                return None
            spelled.append(self._numbers[piece])
            rest = rest[len(piece) :]
        return tuple(spelled)
