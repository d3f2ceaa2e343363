"""What tells names of people and roles, read from people.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transcription.rules.text import fold, without_tone

from .bare_names import BareNames
from .cues import Cues
from .spotting import PhraseBook
from .tokens import syllables_of


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
