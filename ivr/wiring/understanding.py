"""The rules of understanding over the directory and the learned model as they stand now."""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from casebook.learning import LinearCategories
from casebook.rules.understanding import Directory, UnderstandingRules, understand
from casebook.rules.understanding.shapes import Heard, Suggestion
from casebook.service import learned_model
from casebook.understanding_files import LEARNED_FILE, UNDERSTANDING_DATA
from config.clock import Clock
from config.database.engine import Database
from config.directory.units import Unit
from ivr.wiring.directory_watch import Built


@dataclass(frozen=True, slots=True)
class Sense:
    """What understanding works with at one moment."""

    directory: Directory
    rules: UnderstandingRules


@dataclass(frozen=True, slots=True)
class Understander:
    """Understands calls; made anew when the directory changed or a better model was learned."""

    sense: Built[Sense]

    @classmethod
    def over(cls, database: Database, rules: UnderstandingRules, clock: Clock) -> Understander:
        """Build on the units and the learned model of `database`."""
        shipped = shipped_model()

        def build(session: Session, units: tuple[Unit, ...]) -> Sense:
            taught = replace(rules, learned=learned_model.in_use(session) or shipped)
            sense = Sense(Directory.build(units, taught), taught)
            _set_aside()
            return sense

        return cls(Built(database, clock, build, learned_model.stamp))

    def __call__(self, heard: Heard) -> Suggestion:
        """Give the suggestion for what was heard."""
        sense = self.sense()
        return understand(heard, sense.directory, sense.rules)


def _set_aside() -> None:
    """Keep the collector from walking the phrase books, hundreds of thousands of objects, in the middle of a call."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def shipped_model(folder: Path = UNDERSTANDING_DATA) -> LinearCategories:
    """Read the model learned from the shipped examples; raises ModelFileError."""
    return LinearCategories.read(folder / LEARNED_FILE)
