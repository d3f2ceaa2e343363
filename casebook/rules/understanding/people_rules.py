"""What tells names of people and roles, read from people.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from transcription.rules.text import fold, without_tone

from .bare_names import BareNames
from .cues import Cues
from .spotting import PhraseBook
from .tokens import syllables_of

NUMBERS = frozenset({"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mươi", "trăm"})
"""Syllables that are numbers before they are anything else."""


@dataclass(frozen=True)
class PeopleRules:
    """people.toml, ready to use."""

    introductions: Cues
    sure_introductions: Cues
    misheard_introductions: Cues
    relatives: Cues
    no_names: frozenset[str]
    not_people: frozenset[str]
    not_names: frozenset[str]
    stops: frozenset[str]
    orders: frozenset[str]
    surnames: frozenset[str]
    toneless_surnames: frozenset[str]
    plain_surnames: frozenset[str]
    given: frozenset[str]
    bare_given: frozenset[str]
    pronouns: frozenset[str]
    roles: PhraseBook[str]
    titles: Cues
    religious: Cues
    elders: frozenset[str]
    bare: BareNames

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> PeopleRules:
        """Read the table of people.toml; raises KeyError naming what is missing."""
        return cls(
            introductions=Cues(table["introductions"]),
            sure_introductions=Cues(table["sure_introductions"]),
            misheard_introductions=Cues(table["misheard_introductions"]),
            relatives=Cues(table["relatives"]),
            no_names=frozenset(table["no_names"]),
            not_people=frozenset(table["not_people"]),
            not_names=frozenset(table["not_names"]),
            stops=frozenset(table["stops"]),
            orders=frozenset(table["orders"]),
            surnames=frozenset(table["surnames"]),
            toneless_surnames=frozenset(map(without_tone, table["surnames"])),
            plain_surnames=frozenset(table["plain_surnames"]),
            given=frozenset(table["given"]),
            bare_given=frozenset(map(fold, table["given"])),
            pronouns=frozenset(table["pronouns"]),
            roles=PhraseBook((role, syllables_of(name)) for role, names in table["roles"].items() for name in names),
            titles=Cues([*table["titles"], *table["religious"]]),
            religious=Cues(table["religious"]),
            elders=frozenset(table["elders"]),
            bare=BareNames.parse(table),
        )

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """Syllables that end a name and are hardly ever part of one."""
        return self.stops - self.given - self.surnames - self.orders

    @cached_property
    def counting(self) -> frozenset[str]:
        """Numbers, and orders of birth, which are numbers as well."""
        return NUMBERS | self.orders

    @cached_property
    def only_counted(self) -> frozenset[str]:
        """What is counted and is no given name."""
        return self.bare.counted - self.given

    def parts(self, syllable: str) -> str:
        """What part of a name a lower-case syllable may be, in letters: S surname, s but for its tone, G given name,
        g but for its marks, O order of birth; P self, E elder, D digit and x an ordinary word tell otherwise."""
        given, surname = syllable in self.given, syllable in self.surnames
        holds = {
            "S": surname,
            "s": not surname and without_tone(syllable) in self.toneless_surnames,
            "G": given,
            "g": not given and fold(syllable) in self.bare_given,
            "O": syllable in self.orders,
            "P": syllable in self.pronouns,
            "E": syllable in self.elders,
            "D": syllable in NUMBERS,
            "x": syllable in self.stops,
        }
        return "".join(letter for letter, holding in holds.items() if holding) or "-"
