"""Who is calling, and whom by role the complaint is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cues import Cues
from .tokens import Token

_LONGEST_NAME = 4
_BLAME_REACH = 10


@dataclass(frozen=True)
class PeopleRules:
    """people.toml, ready to use."""

    introductions: Cues
    sure_introductions: Cues
    relatives: Cues
    not_names: frozenset[str]
    stops: frozenset[str]
    orders: frozenset[str]
    surnames: frozenset[str]
    roles: Mapping[str, Cues]

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> PeopleRules:
        """Read the table of people.toml; raises KeyError naming what is missing."""
        return cls(
            introductions=Cues(table["introductions"]),
            sure_introductions=Cues(table["sure_introductions"]),
            relatives=Cues(table["relatives"]),
            not_names=frozenset(table["not_names"]),
            stops=frozenset(table["stops"]),
            orders=frozenset(table["orders"]),
            surnames=frozenset(table["surnames"]),
            roles={role: Cues(names) for role, names in table["roles"].items()},
        )


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person's name at tokens first..last; `caller` or someone of the family; sureness 0-1."""

    first: int
    last: int
    caller: bool
    sureness: float


def find_names(tokens: Sequence[Token], rules: PeopleRules) -> list[NamedPerson]:
    """The names said after an introduction: the caller's and relatives'."""
    heard = [token.text for token in tokens]
    found = []
    for place in range(1, len(heard)):
        relative = rules.relatives.ending_at(heard, place)
        length = relative or rules.introductions.ending_at(heard, place)
        if not length or rules.introductions.starting_at(heard, place):
            continue
        end = _name_end(tokens, place, rules)
        if end >= place:
            sure = bool(relative) or rules.sure_introductions.ending_at(heard, place) > 0
            found.append(NamedPerson(place, end, not relative, _sureness(tokens, place, end, sure, rules)))
    return [person for person in found if person.sureness > 0]


def _name_end(tokens: Sequence[Token], start: int, rules: PeopleRules) -> int:
    """The last token of the name at `start`, or start - 1 when no name stands there."""
    if tokens[start].text in rules.not_names and tokens[start].text not in rules.orders:
        return start - 1
    place = start
    longest = _LONGEST_NAME if tokens[start].text in rules.surnames else 2
    while place < len(tokens) and place - start < longest and not _ends(tokens, place, start, rules):
        place += 1
    return place - 1


def _ends(tokens: Sequence[Token], place: int, start: int, rules: PeopleRules) -> bool:
    if place > start and (tokens[place - 1].clause_end or tokens[place].question != tokens[start].question):
        return True
    if place == start and tokens[place].text in rules.orders | rules.surnames:
        return False
    return tokens[place].text in rules.stops


def _sureness(tokens: Sequence[Token], start: int, end: int, sure: bool, rules: PeopleRules) -> float:
    first = tokens[start]
    capital = first.raw.lstrip("\"“'(")[:1].isupper()
    surname = first.text in rules.surnames and end > start
    if not sure and not capital and not surname and first.text not in rules.orders:
        short = end - start <= 1
        return 0.45 if short else 0.0
    return 0.9 if capital or surname else 0.7


def find_roles(tokens: Sequence[Token], rules: PeopleRules, blame: Iterable[int]) -> list[tuple[str, int, int, float]]:
    """Roles complained about: (role, first token, last token, sureness), those nearest to blame first.

    `blame` are the tokens at which evidence against somebody begins.
    """
    heard = [token.text for token in tokens]
    blamed = sorted(blame)
    best: dict[str, tuple[int, int, float]] = {}
    for place in range(len(heard)):
        for role, cues in rules.roles.items():
            length = cues.starting_at(heard, place)
            if length and role not in best:
                near = sum(1 for b in blamed if -2 <= b - place <= _BLAME_REACH)
                best[role] = (place, place + length - 1, min(0.9, 0.35 + 0.2 * near))
    ranked = sorted(((role, *where) for role, where in best.items()), key=lambda r: -r[3])
    return [r for r in ranked if r[3] >= 0.5][:3]
