"""A learned scorer of names beside the rules: which syllables are the caller's name, read from plain data.

It sees one syllable with the few around it, as spelt and by what a name may be made of, where in the call it stands,
and whether a number to call follows. It finds names that nobody introduces, and names misheard.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from .bare_names import has_capitals, is_capital
from .people_rules import PeopleRules
from .tokens import DIGITS, Token

FORMAT = 1
"""Version of the data's form; data of another form is refused with KeyError."""

_CALLERS, _MORE_THAN_NOT = 0.8, 0.5
_OPENING, _CLOSING, _LATE = 8, 6, 16
_NUMBER_AHEAD = 6
_NAMING = 3
"""So soon after "đường", "bác sĩ" or "bệnh viện" a name is theirs."""
_AROUND = (-3, -2, -1, 1, 2)
_BEGINNING, _END = "<", ">"
NO_NAME = "no name"
"""The sign of what is another word, so that it cannot be learned to be a name."""


@dataclass(frozen=True, slots=True)
class LikelyName:
    """The first and last token of what may be the caller's name, how likely (0-1) the likeliest of it is, and the
    first and last token of the likely rest when its doubtful edges are left off."""

    first: int
    last: int
    likelihood: float
    core: tuple[int, int]

    @property
    def is_callers(self) -> bool:
        """Whether it is so likely that it may be shown as the caller's name."""
        return self.likelihood >= _CALLERS


@dataclass(frozen=True)
class NameModel:
    """Weight by sign, a constant, and how likely a syllable must be to be a name, and to belong to one."""

    weights: Mapping[str, float]
    constant: float
    named_from: float
    joined_from: float

    def find(self, tokens: Sequence[Token], people: PeopleRules) -> list[LikelyName]:
        """What is likely the caller's name, from the first to the last; no name goes on after a pause or an answer."""
        answers = [list(answer) for _, answer in groupby(tokens, key=lambda token: token.question)]
        likely = [share for answer in answers for share in self._likelihoods(answer, people)]
        ends = [n + 1 for n, (a, b) in enumerate(pairwise(tokens)) if a.clause_end or a.question != b.question]
        clauses = pairwise([0, *ends, len(tokens)])
        return [name for start, after in clauses for name in self._names(likely[start:after], start)]

    def _names(self, likely: Sequence[float], start: int) -> Iterator[LikelyName]:
        """The names in a clause that begins at token `start`."""
        for first, last in _runs(likely, self.joined_from):
            best = max(range(first, last + 1), key=likely.__getitem__)
            if likely[best] >= self.named_from:
                core = next(run for run in _runs(likely, self.named_from) if run[0] <= best <= run[1])
                yield LikelyName(start + first, start + last, likely[best], (start + core[0], start + core[1]))

    def _likelihoods(self, answer: Sequence[Token], people: PeopleRules) -> Iterator[float]:
        for token, signs in zip(answer, signs_of(answer, people), strict=True):
            share = self._likelihood(signs)
            yield 0.0 if share < self._least(token.text, people) else share

    def _least(self, syllable: str, people: PeopleRules) -> float:
        """How likely at least: "tôi", "em" beside a name are hardly ever part of it, "của" is hardly ever one."""
        if syllable in people.ordinary:
            return _MORE_THAN_NOT
        return self.named_from if syllable in people.pronouns else 0.0

    def _likelihood(self, signs: Sequence[str]) -> float:
        if NO_NAME in signs:
            return 0.0
        score = self.constant + sum(self.weights.get(sign, 0.0) for sign in signs)
        return 1 / (1 + math.exp(-score))

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> NameModel:
        """Build from caller_names.json as read; KeyError names what is missing."""
        if table["format"] != FORMAT:
            raise KeyError(f"format {FORMAT}")
        numbers = (float(table[name]) for name in ("constant", "named_from", "joined_from"))
        return cls(table["weights"], *numbers)


def _runs(likely: Sequence[float], least: float) -> Iterator[tuple[int, int]]:
    """The first and last place of each run of places that are likely enough."""
    places = [place for place, likelihood in enumerate(likely) if likelihood >= least]
    starts = [b for a, b in pairwise([-2, *places]) if b > a + 1]
    ends = [a for a, b in pairwise([*places, len(likely) + 1]) if b > a + 1]
    return zip(starts, ends, strict=True)


def signs_of(tokens: Sequence[Token], people: PeopleRules) -> Iterator[list[str]]:
    """What the scorer sees of each token, in training as in use."""
    heard, parts = [token.text for token in tokens], [people.parts(token.text) for token in tokens]
    capitals = [is_capital(token) for token in tokens] if has_capitals(tokens) else None
    for place in range(len(tokens)):
        yield [
            *_words_around(heard, parts, place),
            *_where(heard, place),
            *([NO_NAME] if _is_no_name(heard, place, people) else []),
            *(["of a place"] if not people.not_people.isdisjoint(heard[max(0, place - _NAMING) : place]) else []),
            *(_written(tokens, capitals, parts, place) if capitals else ["unwritten"]),
        ]


def _words_around(heard: Sequence[str], parts: Sequence[str], place: int) -> list[str]:
    said = {step: _at(heard, place + step) for step in _AROUND}
    here, before, after = parts[place], _at(parts, place - 1), _at(parts, place + 1)
    return [
        f"is {here}",
        f"says {heard[place]}",
        *(f"{step} {word}" for step, word in said.items()),
        f"before {before}",
        f"after {after}",
        f"{before}.{here}",
        f"{here}-{after}",
        f"{before}.{here}-{after}",
        f"{here}-{after}-{_at(parts, place + 2)}",
        f"{said[-1]} {here}",
        f"{said[-2]} {said[-1]}.",
        f"{here} {said[1]}",
        f".{said[1]} {said[2]}",
    ]


def _at(texts: Sequence[str], place: int) -> str:
    if place < 0:
        return _BEGINNING
    return texts[place] if place < len(texts) else _END


def _is_no_name(heard: Sequence[str], place: int, people: PeopleRules) -> bool:
    """Whether it is one of two syllables that together are another word, or counts: "viên chức", "ba lần"."""
    before, here, after = _at(heard, place - 1), heard[place], _at(heard, place + 1)
    counts = here in people.counting and after in people.bare.counted
    is_counted = before in people.counting and here in people.only_counted
    return counts or is_counted or f"{before} {here}" in people.no_names or f"{here} {after}" in people.no_names


def _where(heard: Sequence[str], place: int) -> list[str]:
    """Near the beginning or the end of the call, and before how many digits."""
    to_come = len(heard) - 1 - place
    digits = sum(text in DIGITS for text in heard[place + 1 : place + 1 + _NUMBER_AHEAD])
    where = ["opening"] if place < _OPENING else []
    if to_come < _LATE:
        where.append(f"closing {to_come}" if to_come < _CLOSING else "late")
    return [*where, f"digits {digits // 2}"]


def _written(tokens: Sequence[Token], capitals: Sequence[bool], parts: Sequence[str], place: int) -> list[str]:
    """What capitals and punctuation tell."""
    capital, before = capitals[place], place > 0 and capitals[place - 1]
    after = place + 1 < len(capitals) and capitals[place + 1]
    opens = place == 0 or tokens[place - 1].sentence_end
    return [
        f"capital {capital:d}",
        f"capitals {before:d}{capital:d}{after:d}",
        f"capital {capital:d} {parts[place]}",
        f"capital {capital:d} after {tokens[place - 1].text if place else _BEGINNING}",
        f"pause before {place > 0 and tokens[place - 1].clause_end:d}",
        f"pause after {tokens[place].clause_end:d}",
        *(["opens"] if opens else []),
    ]
