"""How people name facilities (names.toml), ready to use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .cues import Cues
from .tokens import syllables_of


def _said(phrases: list[str]) -> tuple[str, ...]:
    return tuple(" ".join(syllables_of(phrase)) for phrase in phrases)


@dataclass(frozen=True)
class PrivateRules:
    """How private places are named: their heads, what belongs to a head, where a name ends; and what is no place."""

    sure_heads: Cues
    unplaced: Cues
    unlisted: Cues
    public: Cues
    fillers: Cues
    stops: frozenset[str]


@dataclass(frozen=True)
class NameRules:
    """Heads, cues and word lists of names.toml."""

    heads: frozenset[str]
    official_heads: tuple[str, ...]
    said_heads: Mapping[str, tuple[str, ...]]
    official_tails: tuple[str, ...]
    ordinary_said: frozenset[str]
    never: frozenset[str]
    hospital_first: frozenset[str]
    sound_alikes: frozenset[str]
    plain: frozenset[str]
    extra: Mapping[str, tuple[str, ...]]
    stands_at: Mapping[str, tuple[str, ...]]
    naming_heads: tuple[str, ...]
    head_cues: Cues
    locus: Cues
    medical: Cues
    not_a_facility: Cues
    dwelling: Cues
    speciality: Cues
    complained: Cues
    turned: Cues
    passed: Cues
    elsewhere: Cues
    turned_to: Cues
    asked: Cues
    beside: Cues
    praised: Cues
    rechecked: Cues
    sent_on: Cues
    acts: Cues
    own_place: Cues
    own_papers: Cues
    private: PrivateRules

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> NameRules:
        """Read the table of names.toml; raises KeyError naming what is missing."""
        private = table["private"]
        return cls(
            heads=frozenset(_said(table["heads"])),
            official_heads=tuple(table["official_heads"]),
            said_heads={head: _said(others) for head, others in table["said_heads"].items()},
            official_tails=tuple(table["official_tails"]),
            ordinary_said=frozenset(_said(table["ordinary"])),
            never=frozenset(_said(table["never"])),
            hospital_first=frozenset(_said(table["hospital_first"])),
            sound_alikes=frozenset(_said(table["sound_alikes"])),
            plain=frozenset(table["plain"]),
            extra={slug: tuple(names) for slug, names in table["extra"].items()},
            stands_at={slug: tuple(places) for slug, places in table["stands_at"].items()},
            naming_heads=("bệnh viện", "trung tâm", "viện", "tổng đài", "phòng"),
            head_cues=Cues(table["heads"]),
            locus=Cues(table["locus"]),
            medical=Cues(table["medical"]),
            not_a_facility=Cues(table["not_a_facility"]),
            dwelling=Cues(table["dwelling"]),
            speciality=Cues(table["speciality"]),
            complained=Cues(table["complained"]),
            turned=Cues(table["turned"]),
            passed=Cues(table["passed"]),
            elsewhere=Cues(table["elsewhere"]),
            turned_to=Cues(table["turned_to"]),
            asked=Cues(table["asked"]),
            beside=Cues(table["beside"]),
            praised=Cues(table["praised"]),
            rechecked=Cues(table["rechecked"]),
            sent_on=Cues(table["sent_on"]),
            acts=Cues(table["acts"]),
            own_place=Cues(table["own_place"]),
            own_papers=Cues(table["own_papers"]),
            private=PrivateRules(
                sure_heads=Cues(private["sure_heads"]),
                unplaced=Cues(private["unplaced"]),
                unlisted=Cues(private["unlisted"]),
                public=Cues(private["public"]),
                fillers=Cues(private["fillers"]),
                stops=frozenset(private["stops"]),
            ),
        )
