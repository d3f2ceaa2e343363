"""What a learned scorer of danger sees in a stretch of talk: its words by sight and by sound, and what they speak of.

Words are also taken by sound (tone dropped, confused consonants merged) and as members of groups ("blood", "cannot",
"nobody comes"), so that a badly heard word, or one never met in training, still counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .phonetics import sounding
from .tokens import syllables_of

RULES = "rules"
"""The feature that holds how sure the rules are of danger (0-1)."""

CLAUSE, _STEP = 24, 8
"""Syllables of the stretches that are judged, and how far each begins after the one before."""

_SPELT, _SOUND, _APART, _GROUP = "=", "~", "_", "@"
_WHOLE = "T"
_SKIPS = (2, 3)
_REACH = 10
_BY_SOUND = {1: 0.35, 2: 0.7, 3: 0.85}
_BY_SOUND_LONG = 0.9
_DAMPED = 0.3

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """A feature, its first and last syllable, and how plainly it was heard (0-1)."""

    name: str
    first: int
    last: int
    value: float


class DangerWords:
    """Groups of words that callers in and out of danger use, found by spelling and, for less, by sound."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._spelt: dict[Words, set[str]] = defaultdict(set)
        self._sounding: dict[Words, set[str]] = defaultdict(set)
        for group, phrases in groups.items():
            for phrase in phrases:
                syllables = tuple(syllables_of(phrase))
                self._spelt[syllables].add(group)
                self._sounding[tuple(map(sounding, syllables))].add(group)
        self._longest: dict[str, int] = {}
        for words in self._sounding:
            self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def find(self, heard: Sequence[str], sounds: Sequence[str]) -> list[Sign]:
        """Every group spoken of in `heard`, of which `sounds` are the sounds; a group once a place."""
        return [sign for place in range(len(heard)) for sign in self._at(place, heard, sounds)]

    def _at(self, place: int, heard: Sequence[str], sounds: Sequence[str]) -> list[Sign]:
        here: dict[str, Sign] = {}
        for length in range(1, min(self._longest.get(sounds[place], 0), len(heard) - place) + 1):
            last, less = place + length - 1, _BY_SOUND.get(length, _BY_SOUND_LONG)
            for group in self._spelt.get(tuple(heard[place : last + 1]), ()):
                here[group] = Sign(_GROUP + group, place, last, 1.0)
            for group in self._sounding.get(tuple(sounds[place : last + 1]), ()):
                if group not in here or here[group].value < less:
                    here[group] = Sign(_GROUP + group, place, last, less)
        return list(here.values())


def signs_of(heard: Sequence[str], words: DangerWords) -> list[Sign]:
    """Every feature in `heard` (lower-case syllables), in order of their first syllables."""
    sounds = [sounding(syllable) for syllable in heard]
    groups = words.find(heard, sounds)
    signs = [Sign(_SPELT + syllable, place, place, 1.0) for place, syllable in enumerate(heard)]
    for length in (1, 2, 3):
        for first in range(len(sounds) - length + 1):
            signs.append(Sign(_SOUND + " ".join(sounds[first : first + length]), first, first + length - 1, 1.0))
    for skip in _SKIPS:
        for first in range(len(sounds) - skip):
            signs.append(Sign(f"{_APART}{sounds[first]} {sounds[first + skip]}", first, first + skip, 1.0))
    return sorted([*signs, *groups, *_followed(groups)], key=lambda sign: sign.first)


def _followed(groups: Sequence[Sign]) -> list[Sign]:
    """A group and another that follows within reach; `groups` are in order."""
    pairs = []
    for order, one in enumerate(groups):
        for other in groups[order + 1 :]:
            if other.first > one.last + _REACH:
                break
            if other.first > one.last and other.name != one.name:
                name = f"{one.name}>{other.name.removeprefix(_GROUP)}"
                pairs.append(Sign(name, one.first, other.last, one.value * other.value))
    return pairs


def clauses(length: int) -> list[tuple[int, int]]:
    """The overlapping stretches of a talk of `length` syllables: first syllable and the one after the last."""
    if length <= CLAUSE:
        return [(0, length)]
    starts = [*range(0, length - CLAUSE, _STEP), length - CLAUSE]
    return [(start, start + CLAUSE) for start in starts]


def within(signs: Sequence[Sign], clause: tuple[int, int]) -> list[Sign]:
    """Those of `signs` (in order) that lie wholly in `clause`."""
    begin = bisect_left(signs, clause[0], key=lambda sign: sign.first)
    end = bisect_left(signs, clause[1], key=lambda sign: sign.first)
    return [sign for sign in signs[begin:end] if sign.last < clause[1]]


def clause_features(signs: Iterable[Sign]) -> dict[str, float]:
    """The features of one clause, those of a kind damped by how many they are."""
    return _damped(_strongest(signs))


def whole_features(signs: Iterable[Sign], rules: float) -> dict[str, float]:
    """The features of the whole talk, and how sure the rules are (0-1)."""
    values = _damped(_strongest(signs))
    kept = {_WHOLE + name: value for name, value in values.items() if _counts_for_whole(name)}
    return kept | {RULES: rules}


def _counts_for_whole(name: str) -> bool:
    return name[0] == _GROUP or (name[0] == _SOUND and name.count(" ") < 2)


def _strongest(signs: Iterable[Sign]) -> dict[str, float]:
    values: dict[str, float] = {}
    for sign in signs:
        values[sign.name] = max(sign.value, values.get(sign.name, 0.0))
    return values


def _damped(values: Mapping[str, float]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for name, value in values.items():
        sums[name[0]] += value * value
    scale = {kind: max(1.0, total) ** -_DAMPED for kind, total in sums.items()}
    return {name: value * scale[name[0]] for name, value in values.items()}
