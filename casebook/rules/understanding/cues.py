"""Short phrases looked for right before or right after a place in what was heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .phonetics import distance
from .tokens import syllables_of

_ALIKE = 0.22


class Cues:
    """A set of phrases; each syllable may sound a little different."""

    def __init__(self, phrases: Iterable[str]) -> None:
        split = {tuple(syllables_of(phrase)) for phrase in phrases}
        self._phrases = sorted((phrase for phrase in split if phrase), key=len, reverse=True)
        self._exact = set(self._phrases)
        self._lengths = sorted({len(phrase) for phrase in self._phrases}, reverse=True)

    def ending_at(self, heard: Sequence[str], end: int) -> int:
        """The length of the longest phrase whose last syllable stands just before `end`; 0 if none does."""
        return next((n for n in self._lengths if n <= end and self._is(tuple(heard[end - n : end]))), 0)

    def starting_at(self, heard: Sequence[str], start: int) -> int:
        """The length of the longest phrase that begins at `start`; 0 if none does."""
        return next((n for n in self._lengths if self._is(tuple(heard[start : start + n]))), 0)

    def within(self, heard: Sequence[str], first: int, last: int) -> bool:
        """Whether a phrase begins anywhere from `first` to `last` (inclusive)."""
        return any(self.starting_at(heard, place) for place in range(max(0, first), min(last + 1, len(heard))))

    def _is(self, words: tuple[str, ...]) -> bool:
        if words in self._exact:
            return True
        if len(words) < 2:
            return False
        return any(
            len(phrase) == len(words) and all(distance(a, b) <= _ALIKE for a, b in zip(phrase, words, strict=True))
            for phrase in self._phrases
        )
