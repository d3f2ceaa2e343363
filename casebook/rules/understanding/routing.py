"""How urgent a case is and who verifies it: the first rule of routing.toml whose conditions all hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cues import Cues


@dataclass(frozen=True, slots=True)
class Matter:
    """What routing looks at: raised flags, category, the facility's slug and kind and region, line, the words."""

    flags: frozenset[str]
    category: str
    unit: str
    parent: str
    kind: str
    region: str
    line: str
    heard: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """Conditions (empty ones always hold) and what follows: a level or a unit's slug, and why."""

    outcome: str
    reason: str
    flags: frozenset[str]
    allowed: Mapping[str, frozenset[str]]
    words: Cues | None

    def holds(self, matter: Matter) -> bool:
        """Whether every condition holds for `matter`."""
        return (
            self.flags <= matter.flags
            and all(getattr(matter, name) in values for name, values in self.allowed.items())
            and (self.words is None or self.words.within(matter.heard, 0, len(matter.heard)))
        )


_CONDITIONS = ("category", "kind", "region", "line", "unit", "parent")


def parse_rules(tables: Iterable[Mapping[str, Any]], outcome: str) -> tuple[RoutingRule, ...]:
    """Read rules whose outcome is under the key `outcome`; raises KeyError naming what is missing."""
    return tuple(
        RoutingRule(
            outcome=str(table[outcome]),
            reason=table["reason"],
            flags=frozenset(table.get("flags", ())),
            allowed={name: frozenset(table[name]) for name in _CONDITIONS if name in table},
            words=Cues(table["words"]) if "words" in table else None,
        )
        for table in tables
    )


def first_that_holds(rules: Iterable[RoutingRule], matter: Matter) -> RoutingRule | None:
    """The first rule that holds for `matter`."""
    return next((rule for rule in rules if rule.holds(matter)), None)
