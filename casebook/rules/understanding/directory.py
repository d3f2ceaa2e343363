"""The directory of units made ready for finding their names in what was heard. Built once, used for every case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from config.directory.units import Unit

from .names import NameRules
from .ruleset import UnderstandingRules
from .spotting import PhraseBook, budget
from .tokens import syllables_of

_HEAD_SLACK = 0.9
_LONG_CORE = 4
_HOUSES = (("bệnh", "viện"), ("nhà", "thương"), ("trung", "tâm", "y", "tế"))
NUMERALS = frozenset({"không", "một", "hai", "ba", "bốn", "năm", "lăm", "sáu", "bảy", "tám", "chín", "mười"})
"""Syllables of numbers as they stand in names."""


class Plainness(IntEnum):
    """How much a name by itself says that the unit is meant; a street or ward where it stands says next to nothing."""

    HEADED = 0
    NAME = 1
    PLACE = 2
    ORDINARY = 3
    AREA = 4


@dataclass(frozen=True, slots=True)
class Name:
    """One way to say a unit's name, how plain it is, its telling syllables, and if there is a number."""

    slug: str
    plainness: Plainness
    core: tuple[str, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the directory that an administrator should look at: which alias, whose, why."""

    alias: str
    slugs: tuple[str, ...]
    why: str


class Directory:
    """Units, an index of all their names by sound, and what is doubtful about those names."""

    def __init__(
        self, units: Mapping[str, Unit], names: PhraseBook[tuple[Name, ...]], problems: tuple[Problem, ...]
    ) -> None:
        self.units = units
        self.names = names
        self.problems = problems
        every = [name for entry in names.keys for name in entry if len(name.core) > 1]
        streets = {(n.core, n.slug) for n in every if n.plainness is Plainness.AREA and n.core[0] != "quận"}
        self.cores = tuple({(name.core, name.slug) for name in every} - streets)

    @classmethod
    def build(cls, units: Iterable[Unit], rules: UnderstandingRules) -> Directory:
        """Index the names of the units that are not retired; of two units with one slug the later wins."""
        by_slug = {unit.slug: unit for unit in units if not unit.retired}
        areas = {tuple(syllables_of(place)) for place in rules.places.names()}
        names = rules.names
        phrases: dict[tuple[str, ...], dict[str, Name]] = defaultdict(dict)
        given = {tuple(syllables_of(name)) for unit in by_slug.values() for name in (unit.name, *unit.aliases)}
        for unit in by_slug.values():
            for phrase in _ways_to_say(unit, names, given):
                phrases[phrase][unit.slug] = _name(unit.slug, phrase, names, areas)
            for place in names.stands_at.get(unit.slug, ()):
                for phrase, name in _by_place(unit.slug, tuple(syllables_of(place))):
                    phrases[phrase].setdefault(unit.slug, name)
        book = PhraseBook(((tuple(owners.values()), p) for p, owners in phrases.items()), _allowed)
        _warm((book, rules.evidence.book, rules.places.book, rules.people.roles))
        return cls(by_slug, book, tuple(_problems(by_slug.values(), names)))


def _by_place(slug: str, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Name]]:
    """The unit called by its street, ward or district: with a kind of house before it, and alone."""
    numbered = bool(NUMERALS & set(place[-2:]))
    for house in _HOUSES:
        yield (*house, *place), Name(slug, Plainness.HEADED, place, numbered)
    yield place, Name(slug, Plainness.AREA, place, numbered)


def _warm(books: Iterable[PhraseBook[Any]]) -> None:
    """Have each book look up the syllables of all of them: what callers say is mostly made of these."""
    books = tuple(books)
    syllables = set().union(*(book.syllables for book in books))
    for book in books:
        book.warm(syllables)


def _name(slug: str, phrase: tuple[str, ...], rules: NameRules, areas: set[tuple[str, ...]]) -> Name:
    numbered = bool(NUMERALS & set(phrase[-2:]))
    return Name(slug, _plainness(phrase, rules, areas), _core_of(phrase, rules), numbered)


def _ways_to_say(unit: Unit, rules: NameRules, given: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Every way to say the unit's name; what people make of a head never takes a name `given` to a unit."""
    names = {tuple(syllables_of(name)) for name in (unit.name, *unit.aliases, *rules.extra.get(unit.slug, ()))}
    names |= {other for name in names for other in _with_said_heads(name, rules)} - given
    said = {name for name in names if " ".join(name) not in rules.never}
    said |= {bare for name in said if " ".join(bare := _without_tail(name, rules)) not in rules.never}
    said |= {core for name in said if (core := _core(name, rules)) and " ".join(core) not in rules.never}
    return {name for name in said if name and not _only_head(name, rules)}


def _with_said_heads(name: tuple[str, ...], rules: NameRules) -> Iterator[tuple[str, ...]]:
    """The name with what people say for its official head: "bệnh viện khu vực Thủ Đức"."""
    for head, others in rules.said_heads.items():
        if " ".join(name).startswith(head + " "):
            yield from ((*other.split(), *name[len(head.split()) :]) for other in others)
            return


def _allowed(names: tuple[Name, ...], length: int) -> float:
    """How much a name may differ in all; a kind of house before it may be heard badly or in part."""
    core = min(len(name.core) for name in names)
    return budget(core) + (_HEAD_SLACK if core < min(length, _LONG_CORE) else 0.0)


def _core_of(phrase: tuple[str, ...], rules: NameRules) -> tuple[str, ...]:
    """The syllables that tell the name from others."""
    return (_core(phrase, rules) or phrase[2:] or phrase) if _headed(phrase, rules) else phrase


def _headed(phrase: tuple[str, ...], rules: NameRules) -> bool:
    return any(" ".join(phrase).startswith(head + " ") for head in rules.naming_heads)


def _only_head(name: tuple[str, ...], rules: NameRules) -> bool:
    return " ".join(name) in rules.heads


def _without_tail(name: tuple[str, ...], rules: NameRules) -> tuple[str, ...]:
    for tail in (tuple(syllables_of(tail)) for tail in rules.official_tails):
        if len(name) > len(tail) + 2 and name[-len(tail) :] == tail:
            return name[: -len(tail)]
    return name


def _core(name: tuple[str, ...], rules: NameRules) -> tuple[str, ...]:
    """The name without its kind of house, if what is left can stand alone."""
    for head in (tuple(syllables_of(head)) for head in rules.official_heads):
        if name[: len(head)] == head:
            rest = name[len(head) :]
            alone = len(rest) >= 2 and rest[0] not in ("quận", "huyện", "tỉnh", "thành")
            return rest if alone else ()
    return ()


def _plainness(phrase: tuple[str, ...], rules: NameRules, areas: set[tuple[str, ...]]) -> Plainness:
    said = " ".join(phrase)
    if said in rules.ordinary_said:
        return Plainness.ORDINARY
    if phrase in areas and said not in rules.hospital_first:
        return Plainness.PLACE
    if _headed(phrase, rules):
        return Plainness.HEADED
    return Plainness.NAME


def _problems(units: Iterable[Unit], rules: NameRules) -> Iterator[Problem]:
    owners: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        for alias in {" ".join(syllables_of(name)) for name in (unit.name, *unit.aliases)}:
            owners[alias].append(unit.slug)
    for alias, slugs in sorted(owners.items()):
        if len(slugs) > 1:
            yield Problem(alias, tuple(slugs), "several units go by this name")
        if alias in rules.ordinary_said or alias in rules.never:
            yield Problem(alias, tuple(slugs), "an ordinary word: needs a word of place before it")
        if not alias:
            yield Problem(alias, tuple(slugs), "an empty name")
