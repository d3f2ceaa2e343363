"""Finds known phrases in what was heard, damaged or not: a phrase book looked up by sound.

Every syllable of the book is listed under its vowels; a heard syllable calls up those that sound near it, and a
phrase is found where enough of its syllables are called up in line. One syllable may be lost or put in where the
phrase is long enough to bear it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Generic, TypeVar

from transcription.rules.phonetics import FAR, Sound, between, distance, sound

K = TypeVar("K", bound=Hashable)

_NEAR = 0.45
"""Two syllables further apart than this do not call each other up."""
_GAP = 0.8
"""The cost of a syllable lost or put in."""
_BUDGET = {1: 0.0, 2: 0.32, 3: 0.55, 4: 0.95}
_BUDGET_EACH = 0.27
_NONE: dict[str, list[int]] = {}
_ALONE = ""
"""Stands for the second syllable of phrases that have none."""
_NEGATIONS = frozenset({"không", "hông", "hổng", "chưa", "đừng", "chẳng", "đâu", "khỏi"})
_NO_NEAR = 0.25
_LONGEST, _SPREAD, _ONE = 64, 1 << 14, 1024.0
"""How a phrase, where it starts and what was called up of it are kept in two numbers, for speed: the most syllables of
a phrase, more than the most that are heard, more than all may cost."""
_ALIGNED_FROM = 4
"""Phrases of at least so many syllables bear a lost or added one."""


def budget(length: int) -> float:
    """How much a phrase of `length` syllables may differ in all."""
    return _BUDGET.get(length, _BUDGET_EACH * length)


@dataclass(frozen=True, slots=True)
class Spotted(Generic[K]):
    """A phrase found: its key, the first and last token (inclusive), and its cost a syllable (0 exact)."""

    key: K
    first: int
    last: int
    cost: float


class PhraseBook(Generic[K]):
    """Phrases (tuples of lower-case syllables) with their keys, ready to be found in any text."""

    def __init__(
        self, phrases: Iterable[tuple[K, Sequence[str]]], allowed: Callable[[K, int], float] | None = None
    ) -> None:
        """Index `phrases`; `allowed` gives how much a phrase of a key and length may differ (default `budget`)."""
        self._phrases = [(key, tuple(phrase)) for key, phrase in phrases if phrase]
        self._allowed = [allowed(key, len(p)) if allowed else budget(len(p)) for key, p in self._phrases]
        self._short: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._long: dict[str, list[int]] = defaultdict(list)
        for number, (_, phrase) in enumerate(self._phrases):
            if len(phrase) < _ALIGNED_FROM:
                self._short[phrase[0]][phrase[1] if len(phrase) > 1 else _ALONE].append(number)
            else:
                for position, syllable in enumerate(phrase):
                    self._long[syllable].append(number * _SPREAD + _LONGEST - position)
        seconds = {second: None for group in self._short.values() for second in group if second != _ALONE}
        by_rime: dict[str, dict[Sound, list[tuple[str, Sound]]]] = defaultdict(lambda: defaultdict(list))
        for syllable in {**self._short, **self._long, **seconds}:
            its_sound = sound(syllable)
            by_rime[its_sound.key][replace(its_sound, onset="", tone="")].append((syllable, its_sound))
        self._by_rime = {key: [*rimes.items()] for key, rimes in by_rime.items()}
        self._near = lru_cache(maxsize=20_000)(self._find_near)

    @property
    def syllables(self) -> set[str]:
        """Every syllable of every phrase."""
        return {syllable for _, phrase in self._phrases for syllable in phrase}

    @property
    def keys(self) -> list[K]:
        """The keys of all phrases, in order."""
        return [key for key, _ in self._phrases]

    def find(self, heard: Sequence[str]) -> list[Spotted[K]]:
        """Every phrase found in `heard` (lower-case syllables), the same phrase once a place."""
        found = self._find_short(heard)
        for number, starts in self._candidates(heard).items():
            key, phrase = self._phrases[number]
            matches = _matches(phrase, starts, heard, self._allowed[number])
            if matches and not _NEGATIONS.isdisjoint(phrase):
                matches = [match for match in matches if _negated(heard[match[0] : match[1] + 1])]
            found.extend(Spotted(key, first, last, cost / len(phrase)) for first, last, cost in _apart(matches))
        return sorted(found, key=lambda spotted: (spotted.first, -spotted.last))

    def _find_short(self, heard: Sequence[str]) -> list[Spotted[K]]:
        """Phrases too short to bear a lost syllable: called up by their first two syllables."""
        found = []
        called = [self._near(syllable) for syllable in heard]
        for place, (firsts, seconds) in enumerate(pairwise([*called, {}])):
            after = {_ALONE: 0.0, **seconds}
            for near, start_cost in firsts.items():
                group = self._short.get(near, _NONE)
                for second in (second for second in group if second in after):
                    for number in group[second]:
                        key, phrase = self._phrases[number]
                        cost = _straight(phrase, heard, place, start_cost + after[second], self._allowed[number])
                        if cost is not None:
                            found.append(Spotted(key, place, place + len(phrase) - 1, cost / len(phrase)))
        return found

    def _candidates(self, heard: Sequence[str]) -> dict[int, dict[int, tuple[int, float]]]:
        """Long phrases of which half or more was called up: by start, how many syllables, and their cost."""
        called: dict[int, float] = defaultdict(float)
        for place, syllable in enumerate(heard):
            for near, cost in self._near(syllable).items():
                for code in self._long.get(near, ()):
                    called[code + place] += _ONE + cost
        candidates: dict[int, dict[int, tuple[int, float]]] = defaultdict(dict)
        for at, value in called.items():
            if value >= 2 * _ONE:
                number, start = divmod(at, _SPREAD)
                count, cost = divmod(value, _ONE)
                if 2 * count >= len(self._phrases[number][1]) and self._may_match(number, value, called, at):
                    candidates[number][start - _LONGEST] = (int(count), cost)
        return candidates

    def _may_match(self, number: int, value: float, called: Mapping[int, float], at: int) -> bool:
        """Whether what was called up there, or a place beside, leaves a phrase within what it may differ."""
        length, allowed = len(self._phrases[number][1]), self._allowed[number]
        count, cost = divmod(value, _ONE)
        if cost + (length - count) * _NEAR <= allowed or allowed >= 2 * _GAP:
            return True
        beside = sum(called.get(at + step, 0.0) // _ONE for step in (-1, 1))
        return _GAP + max(0.0, length - 1 - count - beside) * _NEAR <= allowed

    def warm(self, heard: Iterable[str]) -> None:
        """Look up what is near each of `heard` now, so that the first call is as quick as later ones."""
        for syllable in set(heard):
            self._near(syllable)

    def _find_near(self, syllable: str) -> dict[str, float]:
        said = sound(syllable)
        rime = replace(said, onset="", tone="")
        groups = (group for key, group in self._by_rime.items() if _may_be_near(said.key, key))
        pool = (group for rimes in groups for its_rime, group in rimes if between(rime, its_rime) <= _NEAR)
        costs = ((near, between(said, its_sound)) for group in pool for near, its_sound in group)
        return {near: cost for near, cost in costs if cost <= _NEAR}


def _may_be_near(key: str, other: str) -> bool:
    return key == other or bool(key and other and (key in other or other in key))


def _negated(heard: Sequence[str]) -> bool:
    """Whether a "no" is heard: without it a phrase would be found where its opposite was said."""
    return any(min(distance(no, syllable) for no in _NEGATIONS) <= _NO_NEAR for syllable in heard)


def _straight(
    phrase: tuple[str, ...], heard: Sequence[str], place: int, start_cost: float, allowed: float
) -> float | None:
    """The cost of reading `phrase` from `place`, its first two syllables known, or None beyond what is allowed."""
    if place + len(phrase) > len(heard):
        return None
    cost = start_cost
    for offset in range(2, len(phrase)):
        if cost > allowed:
            return None
        cost += distance(phrase[offset], heard[place + offset])
    return cost if cost <= allowed else None


def _matches(
    phrase: tuple[str, ...], starts: dict[int, tuple[int, float]], heard: Sequence[str], allowed: float
) -> list[tuple[int, int, float]]:
    """Where a long `phrase` is found: first token, last token, cost."""
    length, found = len(phrase), []
    for start, (count, cost) in starts.items():
        straight = cost + (length - count) * FAR
        if straight <= allowed and start >= 0 and start + length <= len(heard):
            found.append((start, start + length - 1, straight))
        else:
            aligned = _align(phrase, heard, max(0, start - 1), min(len(heard), start + length + 1), allowed)
            if aligned:
                found.append(aligned)
    return found


def _align(
    phrase: tuple[str, ...], heard: Sequence[str], low: int, high: int, allowed: float
) -> tuple[int, int, float] | None:
    """The cheapest way to read `phrase` in heard[low:high] with lost and added syllables, if at most `allowed`."""
    previous, origins = [0.0] * (high - low + 1), list(range(low, high + 1))
    for row, syllable in enumerate(phrase, 1):
        current, begun = [row * _GAP], [low]
        for column in range(1, high - low + 1):
            cost, origin = previous[column - 1] + distance(syllable, heard[low + column - 1]), origins[column - 1]
            if previous[column] + _GAP < cost:
                cost, origin = previous[column] + _GAP, origins[column]
            if current[-1] + _GAP < cost:
                cost, origin = current[-1] + _GAP, begun[-1]
            current.append(cost)
            begun.append(origin)
        if min(current) > allowed:
            return None
        previous, origins = current, begun
    end = min(range(len(previous)), key=previous.__getitem__)
    cost, origin = previous[end], origins[end]
    return (origin, low + end - 1, cost) if low + end > origin else None


def _apart(matches: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """The cheapest of matches that overlap."""
    kept: list[tuple[int, int, float]] = []
    for match in sorted(matches, key=lambda m: m[2]):
        if all(match[1] < other[0] or match[0] > other[1] for other in kept):
            kept.append(match)
    return kept
