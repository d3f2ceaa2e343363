"""Ways of saying one thing, written as patterns with groups of words and gaps, found whatever fills them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from transcription.rules.text import without_tone

from .tokens import Token

_GAP = r"(?:[^ |]+ ){0,4}?"
_TONELESS_FROM = 3
"""So many syllables are told by their vowels alone, whatever tone was heard; fewer would be too many other words."""

_bare = lru_cache(maxsize=20_000)(without_tone)


@dataclass(frozen=True, slots=True)
class Joined:
    """Words as one line for patterns, begun with a space, and where each of them ends."""

    text: str
    ends: tuple[int, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> Joined:
        """The line of `words`, each of which brings the space after it."""
        return cls(" " + "".join(words), tuple(accumulate(map(len, words), initial=1)))


@dataclass(frozen=True, slots=True)
class Spoken:
    """A call for patterns, as said and without tones: syllables between spaces, a bar at each sentence's end."""

    said: Joined
    bare: Joined

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> Spoken:
        """The syllables of `tokens`, each with the bar that follows it."""
        words = [f"{token.text} | " if token.sentence_end else f"{token.text} " for token in tokens]
        return cls(Joined.of(words), Joined.of([_bare(word) for word in words]))


class Sayings:
    """The patterns of one matter.

    `<me>` stands for any word of the group "me", `…` for up to four syllables of the same sentence, `[so]` for a
    syllable that may be left out; whatever tone is heard, patterns of three syllables and more are told.
    """

    def __init__(self, patterns: Iterable[str], groups: Mapping[str, Sequence[str]]) -> None:
        written = [_regex(pattern, groups) for pattern in patterns]
        self._exact = _any_of(written)
        self._toneless = _any_of(_bare_pattern(each) for each in written)

    def find(self, spoken: Spoken) -> list[tuple[int, int]]:
        """First and last syllable of all that is said in one of these ways, in order."""
        found = [*_places(self._exact, spoken.said, 1), *_places(self._toneless, spoken.bare, _TONELESS_FROM)]
        return sorted(set(found))


def parse_sayings(table: Mapping[str, Any]) -> dict[str, Sayings]:
    """The patterns of sayings.toml by matter ("secrecy.asked"); raises KeyError naming a group that is missing."""
    groups = table["groups"]
    matters = {name: kinds for name, kinds in table.items() if name != "groups"}
    return {f"{name}.{kind}": Sayings(ways, groups) for name, kinds in matters.items() for kind, ways in kinds.items()}


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    every = sorted(set(patterns))
    return re.compile(rf"(?<= )(?:{'|'.join(every)})") if every else None


def _regex(pattern: str, groups: Mapping[str, Sequence[str]]) -> str:
    return "".join(_piece(piece, groups) for piece in pattern.split())


def _piece(piece: str, groups: Mapping[str, Sequence[str]]) -> str:
    if piece == "…":
        return _GAP
    if piece.startswith("["):
        return f"(?:{_piece(piece[1:-1], groups)})?"
    if piece.startswith("<"):
        return f"(?:{'|'.join(groups[piece[1:-1]])}) "
    return f"{piece} "


def _bare_pattern(regex: str) -> str:
    return without_tone(regex)


def _places(pattern: re.Pattern[str] | None, line: Joined, at_least: int) -> list[tuple[int, int]]:
    if pattern is None:
        return []
    found = []
    for match in pattern.finditer(line.text):
        first, last = bisect_right(line.ends, match.start()) - 1, bisect_right(line.ends, match.end() - 1) - 1
        if last - first + 1 >= at_least:
            found.append((first, last))
    return found
