"""Who is calling, and whom by role the complaint is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cues import Cues
from .spotting import PhraseBook
from .tokens import Token, syllables_of

_LONGEST_NAME = 4
_BLAME_REACH = 10
_ROLE_COST = 0.12
_NUMBERS = frozenset({"một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mươi", "trăm", "không"})
_NOT_CARRIED = frozenset({"liên lạc", "liên hệ", "bình thường", "sinh năm", "công ty", "công tác", "thường trú"})
"""Words of names that with the next word are not a name."""


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
    given: frozenset[str]
    pronouns: frozenset[str]
    roles: PhraseBook[str]

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
            given=frozenset(table["given"]),
            pronouns=frozenset(table["pronouns"]),
            roles=PhraseBook((role, syllables_of(name)) for role, names in table["roles"].items() for name in names),
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
    for place in range(len(heard)):
        relative = rules.relatives.ending_at(heard, place)
        introduced = relative or rules.introductions.ending_at(heard, place)
        if introduced and not rules.introductions.starting_at(heard, place):
            sure = bool(relative) or rules.sure_introductions.ending_at(heard, place) > 0
            found.append(_person(tokens, place, rules, sure=sure, caller=not relative))
        elif _full_name_after_pronoun(tokens, place, rules) or _opens_contact(tokens, place, rules):
            found.append(_person(tokens, place, rules, sure=True, caller=True))
    return [person for person in found if person.sureness > 0]


def _person(tokens: Sequence[Token], place: int, rules: PeopleRules, *, sure: bool, caller: bool) -> NamedPerson:
    end = _name_end(tokens, place, rules)
    sureness = _sureness(tokens, place, end, sure, rules) if end >= place else 0.0
    return NamedPerson(place, end, caller, sureness)


def _full_name_after_pronoun(tokens: Sequence[Token], place: int, rules: PeopleRules) -> bool:
    """ "Tôi Trương Quốc Bảo": a pronoun, a surname, and given names to its end."""
    if place == 0 or tokens[place].text not in rules.surnames or tokens[place - 1].text not in rules.pronouns:
        return False
    return _is_full_name(tokens, place, rules)


def _opens_contact(tokens: Sequence[Token], place: int, rules: PeopleRules) -> bool:
    """A full name at the start of the answer to "who are you"."""
    opens = tokens[place].question == "contact" and tokens[place].word == 0
    return opens and tokens[place].text in rules.surnames and _is_full_name(tokens, place, rules)


def _is_full_name(tokens: Sequence[Token], place: int, rules: PeopleRules) -> bool:
    end = _name_end(tokens, place, rules)
    return end > place and all(token.text in rules.given for token in tokens[place + 1 : end + 1])


def _name_end(tokens: Sequence[Token], start: int, rules: PeopleRules) -> int:
    """The last token of the name at `start`, or start - 1 when no name stands there."""
    if tokens[start].text in rules.not_names - rules.given and tokens[start].text not in rules.orders:
        return start - 1
    place = start
    longest = _LONGEST_NAME if tokens[start].text in rules.surnames else 2
    while place < len(tokens) and place - start < longest and not _ends(tokens, place, start, rules):
        place += 1
    return place - 1


def _ends(tokens: Sequence[Token], place: int, start: int, rules: PeopleRules) -> bool:
    text = tokens[place].text
    if place > start and (tokens[place - 1].clause_end or tokens[place].question != tokens[start].question):
        return True
    if place == start and text in rules.orders | rules.surnames:
        return False
    if text not in rules.stops:
        return text in _NUMBERS and text not in rules.orders
    ahead = tokens[place + 1].text if place + 1 < len(tokens) else ""
    carried = text in rules.given and tokens[start].text in rules.surnames and f"{text} {ahead}" not in _NOT_CARRIED
    return not carried


def _sureness(tokens: Sequence[Token], start: int, end: int, sure: bool, rules: PeopleRules) -> float:
    first = tokens[start]
    capital = first.raw.lstrip("\"“'(")[:1].isupper()
    full = first.text in rules.surnames and end > start
    if first.raw[:1].isdigit() or (first.text in rules.orders and end == start):
        return 0.0
    if sure or capital or full or first.text in rules.orders:
        return 0.9 if capital or full else 0.75
    return 0.55 if first.text in rules.given and end - start <= 1 else 0.0


def find_roles(tokens: Sequence[Token], rules: PeopleRules, blame: Iterable[int]) -> list[tuple[str, int, int, float]]:
    """Roles complained about: (role, first token, last token, sureness), those nearest to blame first.

    `blame` are the tokens at which evidence against somebody begins.
    """
    blamed = sorted(blame)
    best: dict[str, tuple[int, int, float]] = {}
    for spotted in rules.roles.find([token.text for token in tokens]):
        if spotted.key not in best and spotted.cost <= _ROLE_COST:
            near = sum(1 for b in blamed if -2 <= b - spotted.first <= _BLAME_REACH)
            best[spotted.key] = (spotted.first, spotted.last, min(0.9, 0.35 + 0.2 * near))
    ranked = sorted(((role, *where) for role, where in best.items()), key=lambda r: -r[3])
    return [r for r in ranked if r[3] >= 0.5][:3]
