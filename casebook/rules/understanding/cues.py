"""Short phrases looked for right before or right after a place in what was heard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from transcription.rules.phonetics import distance, vowel_key

from .tokens import syllables_of

_ALIKE = {1: 0.0, 2: 0.22}
_LONG_ALIKE = 0.3
"""How much each syllable of a phrase of one, two or more may differ."""

_REMEMBERED = 500
"""Runs of words looked at again and again: the same places of a call are asked about for every name in it."""


class Cues:
    """A set of phrases; each syllable may sound a little different."""

    def __init__(self, phrases: Iterable[str]) -> None:
        split = {phrase for phrase in (tuple(syllables_of(phrase)) for phrase in phrases) if phrase}
        self._by_vowels: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        for phrase in sorted(split):
            self._by_vowels[tuple(map(vowel_key, phrase))].append(phrase)
        self._begin = _lengths((vowel_key(phrase[0]), len(phrase)) for phrase in split)
        self._end = _lengths((vowel_key(phrase[-1]), len(phrase)) for phrase in split)
        self._is_one = lru_cache(maxsize=_REMEMBERED)(self._find_alike)

    def ending_at(self, heard: Sequence[str], end: int) -> int:
        """The length of the longest phrase whose last syllable stands just before `end`; 0 if none does."""
        for length in self._end.get(vowel_key(heard[end - 1]), ()) if end > 0 else ():
            if length <= end and self._is(heard[end - length : end]):
                return length
        return 0

    def starting_at(self, heard: Sequence[str], start: int) -> int:
        """The length of the longest phrase that begins at `start`; 0 if none does."""
        for length in self._begin.get(vowel_key(heard[start]), ()) if start < len(heard) else ():
            if start + length <= len(heard) and self._is(heard[start : start + length]):
                return length
        return 0

    def within(self, heard: Sequence[str], first: int, last: int) -> bool:
        """Whether a phrase begins anywhere from `first` to `last` (inclusive)."""
        return any(self.starting_at(heard, place) for place in range(max(0, first), min(last + 1, len(heard))))

    def _is(self, words: Sequence[str]) -> bool:
        """Whether `words` are one of the phrases: a single word exactly, more by sound."""
        return self._is_one(tuple(words))

    def _find_alike(self, words: tuple[str, ...]) -> bool:
        alike = _ALIKE.get(len(words), _LONG_ALIKE)
        phrases = self._by_vowels.get(tuple(map(vowel_key, words)), ())
        return any(all(distance(a, b) <= alike for a, b in zip(phrase, words, strict=True)) for phrase in phrases)


def _lengths(phrases: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """The lengths there are of phrases with each vowel at their edge, longest first."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for edge, length in phrases:
        lengths[edge].add(length)
    return {edge: sorted(found, reverse=True) for edge, found in lengths.items()}
