"""Ways of saying one thing, written as patterns with groups of words and gaps, found whatever fills them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from transcription.rules.phonetics import blurred
from transcription.rules.text import without_tone

from .tokens import Token

_GAP = r"(?:[^ |]+ ){0,4}?"
_WORD = re.compile(r"[^\W\d_]+")
_TONELESS_FROM, _BLURRED_FROM = 3, 4
"""So many syllables are told whatever tone was heard, and so many by their blurred sound, where a gap takes one away;
fewer would be too many other words."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Words as one line for patterns: the words, the line, and where each of them begins and the last one ends."""

    words: tuple[str, ...]
    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, words: Sequence[str], ends: Sequence[str]) -> Joined:
        """The line of `words`, each followed by its end: a space, or a bar between spaces."""
        pieces = [word + end for word, end in zip(words, ends, strict=True)]
        return cls(tuple(words), "".join(pieces), tuple(accumulate(map(len, pieces), initial=0)))


_Hearing = Callable[[str], str]
"""How well a syllable was heard: gives what is left of it."""

_HEARINGS: tuple[_Hearing, ...] = (
    str,
    lru_cache(maxsize=20_000)(without_tone),
    blurred,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A call for patterns by each of `_HEARINGS`: syllables between spaces, a bar at each sentence's end."""

    lines: tuple[Joined, ...]

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> Spoken:
        """The syllables of `tokens`, each with the bar that follows it."""
        ends = [" | " if token.sentence_end else " " for token in tokens]
        heard = ([hearing(token.text) for token in tokens] for hearing in _HEARINGS)
        return cls(tuple(Joined.of(words, ends) for words in heard))


class Sayings:
    """The patterns of one matter.

    `<me>` stands for any word of the group "me", `…` for up to four syllables of the same sentence, `[so]` for a
    syllable that may be left out, but not the first. Patterns of three syllables and more are told whatever tone is
    heard, longer ones also where syllables were taken for others of like sound.
    """

    def __init__(self, patterns: Iterable[str], groups: Mapping[str, Sequence[str]]) -> None:
        written = [_Way.of(pattern, groups) for pattern in patterns]
        needed = (1, 1, _BLURRED_FROM)
        self._ways = tuple(
            _by_first_word(way.heard(hearing) for way in written if way.length >= least)
            for hearing, least in zip(_HEARINGS, needed, strict=True)
        )

    def find(self, spoken: Spoken) -> list[tuple[int, int]]:
        """First and last syllable of all that is said in one of these ways, in order; clear hearing goes first."""
        found: list[tuple[int, int]] = []
        shortest = (1, _TONELESS_FROM, _BLURRED_FROM)
        for ways, line, least in zip(self._ways, spoken.lines, shortest, strict=True):
            clear = tuple(found)
            found += [place for place in _places(ways, line, least) if not any(overlap(place, c) for c in clear)]
        return sorted(found)


def parse_sayings(table: Mapping[str, Any]) -> dict[str, Sayings]:
    """The patterns of sayings.toml by matter ("secrecy.asked"); raises KeyError naming a group that is missing."""
    groups = table["groups"]
    matters = {name: kinds for name, kinds in table.items() if name != "groups"}
    return {f"{name}.{kind}": Sayings(ways, groups) for name, kinds in matters.items() for kind, ways in kinds.items()}


@dataclass(frozen=True, slots=True)
class _Way:
    """One pattern: the words that can begin it, its regular expression, and how many syllables are always there."""

    firsts: frozenset[str]
    regex: str
    length: int

    @classmethod
    def of(cls, pattern: str, groups: Mapping[str, Sequence[str]]) -> _Way:
        pieces = pattern.split()
        begun = groups[pieces[0][1:-1]] if pieces[0].startswith("<") else pieces[:1]
        regex = "".join(_piece(piece, groups) for piece in pieces)
        return cls(frozenset(words.split()[0] for words in begun), regex, _length(pieces, groups))

    def heard(self, hearing: _Hearing) -> _Way:
        """The same pattern for words so heard."""
        firsts = frozenset(hearing(word) for word in self.firsts)
        return _Way(firsts, _WORD.sub(lambda word: hearing(word.group()), self.regex), self.length)


_ByFirst = Mapping[str, re.Pattern[str]]


def _by_first_word(ways: Iterable[_Way]) -> _ByFirst:
    """The patterns to try where a word is heard, so that most words of a call are passed over at once."""
    begun: dict[str, dict[str, None]] = defaultdict(dict)
    for way in ways:
        for word in way.firsts:
            begun[word][way.regex] = None
    compiled = {group: re.compile("|".join(group)) for group in {tuple(sorted(each)) for each in begun.values()}}
    return {word: compiled[tuple(sorted(each))] for word, each in begun.items()}


def _piece(piece: str, groups: Mapping[str, Sequence[str]]) -> str:
    if piece == "…":
        return _GAP
    if piece.startswith("["):
        return f"(?:{_piece(piece[1:-1], groups)})?"
    if piece.startswith("<"):
        return f"(?:{'|'.join(groups[piece[1:-1]])}) "
    return f"{piece} "


def _length(pieces: Sequence[str], groups: Mapping[str, Sequence[str]]) -> int:
    """The syllables that are always there, one less where a gap makes the rest looser."""
    sizes = (
        min(len(word.split()) for word in groups[piece[1:-1]]) if piece.startswith("<") else 1
        for piece in pieces
        if piece != "…" and not piece.startswith("[")
    )
    return sum(sizes) - ("…" in pieces)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two stretches, last syllables included, share a syllable."""
    return one[0] <= other[1] and other[0] <= one[1]


def _places(ways: _ByFirst, line: Joined, at_least: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    passed = 0
    for place, word in enumerate(line.words):
        if place < passed or (pattern := ways.get(word)) is None:
            continue
        match = pattern.match(line.text, line.starts[place])
        end = bisect_right(line.starts, match.end() - 1) if match else place
        if end - place >= at_least:
            found.append((place, end - 1))
            passed = end
    return found
