"""The means of the operator's pages, out of the house: the same prompts, dialogue, voice and checks as elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casebook.web.operations import Operations
from config.checks import Check, Finding, run_together
from config.clock import Clock
from config.directory.lines import Line
from config.directory.prompt_files import PromptFiles
from config.directory.prompts import PromptBook, read_prompts
from config.directory.store import DATA
from ivr.adapters.synthesis import synthesiser
from ivr.book import call_book
from ivr.rehearsal import rehearse
from ivr.wiring.commands.check import all_checks
from ivr.wiring.house import House

LOOK_AGAIN = timedelta(seconds=30)
"""The checks ask mail servers and carriers: not anew for each page that is opened."""

PATIENCE = 4.0
"""Seconds that all checks together may take before the page says which did not answer."""


def operations_of(house: House) -> Operations:
    """Put together what the operator's pages work with."""
    texts = read_prompts(DATA / "prompts.toml")

    def book(lines: Iterable[Line]) -> PromptBook:
        return call_book(texts, lines)

    voice = synthesiser(house.settings.data_dir / "voice", house.settings.gateway_voice_command)
    return Operations(
        prompts=PromptFiles(house.settings.prompts_home),
        book=book,
        rehearse=rehearse,
        speak=voice.speak,
        checks=Looked(tuple(all_checks(house)), house.clock),
    )


@dataclass(slots=True)
class Looked:
    """What the checks found, at most LOOK_AGAIN ago; threads may share it."""

    checks: tuple[Check, ...]
    clock: Clock
    _found: list[tuple[str, Finding]] = field(default_factory=list)
    _at: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> list[tuple[str, Finding]]:
        """Give each check's name and finding."""
        with self._lock:
            now = self.clock()
            if self._at is None or now - self._at > LOOK_AGAIN:
                self._found, self._at = run_together(self.checks, PATIENCE), now
            return self._found
