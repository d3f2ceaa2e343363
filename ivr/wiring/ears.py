"""The speech engine of this process, told which names to expect."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from casebook.rules.understanding.places import Area
from casebook.rules.understanding.tokens import spoken
from config.clock import Clock
from config.database.engine import Database
from config.directory.units import Unit
from config.settings import Settings
from ivr.wiring.directory_watch import Built
from transcription import choice
from transcription.engines.compare import SecondOpinion
from transcription.ports import SpeechEngine
from transcription.rules.text import syllables

log = logging.getLogger(__name__)

SHORTEST = 2
"""Syllables; a single one is too common to be expected everywhere."""


@dataclass(slots=True)
class Ears:
    """Loads the engine when it is first needed, once a process, and keeps its expectations fresh."""

    settings: Settings
    phrases: Callable[[], tuple[str, ...]]
    _engine: SpeechEngine | None = None
    _expected: tuple[str, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def over(cls, settings: Settings, database: Database, areas: Iterable[Area], clock: Clock) -> Ears:
        """Build on the names in `database` and of `areas`."""
        places = tuple(areas)
        return cls(settings, Built(database, clock, lambda _, units: expected_phrases(units, places)))

    def __call__(self) -> SpeechEngine:
        """Give the engine; raises ModelMissing (a step is then tried again)."""
        with self._lock:
            if self._engine is None:
                self._engine = _load(self.settings)
            phrases = self.phrases()
            if phrases is not self._expected:
                expect = getattr(self._engine, "expect", None)
                if expect is not None:
                    expect(phrases)
                self._expected = phrases
            return self._engine


def expected_phrases(units: Iterable[Unit], areas: Iterable[Area]) -> tuple[str, ...]:
    """List the names that callers say: units, their aliases, areas and wards, in lower case."""
    names = [name for unit in units for name in (unit.name, *unit.aliases)]
    names += [name for area in areas for name in (area.name, *area.wards)]
    said = {tuple(_said(name)) for name in names}
    return tuple(sorted(" ".join(name) for name in said if len(name) >= SHORTEST))


def _said(name: str) -> list[str]:
    """A name as it is spoken: `nhi đồng 1` is said `nhi đồng một`."""
    return [word for part in syllables(name) for word in (spoken(part) if part.isdigit() else [part])]


def _load(settings: Settings) -> SpeechEngine:
    chosen = choice.choose(settings.speech_engine, settings.speech_model, settings.models_home)
    log.info("speech engine %s: %s", chosen.name, chosen.why)
    engine = choice.load(chosen, settings.speech_threads, settings.speech_name_bonus)
    if settings.second_engine is None:
        return engine
    second = choice.choose(settings.second_engine, None, settings.models_home)
    return SecondOpinion(engine, choice.load(second, settings.speech_threads))
