"""Everything the understanding goes by, read from the data under config/data/understanding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .caller_names import NameModel
from .category import TOPIC, CategoryWeights, LearnedCategories
from .choice_model import ChoiceModel
from .danger import DangerModel
from .evidence import EvidenceBook, Topic
from .names import NameRules
from .people_rules import PeopleRules
from .places import Area, Gazetteer
from .routing import RoutingRule, parse_rules
from .sayings import Sayings, parse_sayings


@dataclass(frozen=True)
class UnderstandingRules:
    """Phrases, names, people, places, weights and routing; `learned` only if it has beaten the rules.

    Without `danger` the rules alone tell whether a life is in danger, without `choice` which facility it is about,
    without `caller_names` who is calling.
    """

    evidence: EvidenceBook
    names: NameRules
    people: PeopleRules
    sayings: Mapping[str, Sayings]
    places: Gazetteer
    weights: CategoryWeights
    levels: tuple[RoutingRule, ...]
    responsible: tuple[RoutingRule, ...]
    own_numbers: frozenset[str] = frozenset()
    learned: LearnedCategories | None = None
    danger: DangerModel | None = None
    choice: ChoiceModel | None = None
    caller_names: NameModel | None = None

    @classmethod
    def parse(
        cls,
        tables: Mapping[str, Mapping[str, Any]],
        areas: Iterable[Area],
        own_numbers: Iterable[str] = (),
        learned: LearnedCategories | None = None,
        ordinary: Iterable[str] = (),
        danger: DangerModel | None = None,
        choice: ChoiceModel | None = None,
        caller_names: NameModel | None = None,
    ) -> UnderstandingRules:
        """Build from the tables, each by the name of its file; KeyError names what is missing.

        `own_numbers` are the hotlines' own telephone numbers, which are never the caller's; `ordinary` are words
        that only sound like a phrase of the tables.
        """
        return cls(
            evidence=EvidenceBook(_topics(tables["categories"], tables["flags"]), ordinary),
            names=NameRules.parse(tables["names"]),
            people=PeopleRules.parse(tables["people"]),
            sayings=parse_sayings(tables["sayings"]),
            places=Gazetteer(areas),
            weights=_weights(tables["lines"]),
            levels=parse_rules(tables["routing"]["level"], "value"),
            responsible=parse_rules(tables["routing"]["responsible"], "to"),
            own_numbers=frozenset(own_numbers),
            learned=learned,
            danger=danger,
            choice=choice,
            caller_names=caller_names,
        )


def _topics(categories: Mapping[str, Any], flags: Mapping[str, Any]) -> dict[Topic, Iterable[str]]:
    kinds = {(TOPIC + slug, kind): phrases for slug, table in categories.items() for kind, phrases in table.items()}
    marks = {(flag, kind): phrases for flag, table in flags.items() for kind, phrases in table.items()}
    return kinds | marks


def _weights(table: Mapping[str, Any]) -> CategoryWeights:
    weights = {name: float(value) for name, value in table["weights"].items()}
    return CategoryWeights(
        lines=table["lines"],
        facility=table["facility"],
        key=float(table["key"]["weight"]),
        strengths={name: weights[name] for name in ("decisive", "strong", "weak")},
        temperature=weights["temperature"],
        learned_temperature=weights["learned_temperature"],
        rules_share=weights["rules_share"],
        not_a_complaint=weights["not_a_complaint"],
        trust=table["trust"],
    )
