"""The rules of understanding over the directory as it stands now."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.rules.understanding import Directory, UnderstandingRules, understand
from casebook.rules.understanding.shapes import Heard, Suggestion
from config.clock import Clock
from config.database.engine import Database
from ivr.wiring.directory_watch import Built


@dataclass(frozen=True, slots=True)
class Understander:
    """Understands calls; the index of unit names is built anew when the directory changed."""

    rules: UnderstandingRules
    directory: Built[Directory]

    @classmethod
    def over(cls, database: Database, rules: UnderstandingRules, clock: Clock) -> Understander:
        """Build on the units of `database`."""
        return cls(rules, Built(database, clock, lambda units: Directory.build(units, rules)))

    def __call__(self, heard: Heard) -> Suggestion:
        """Give the suggestion for what was heard."""
        return understand(heard, self.directory(), self.rules)
