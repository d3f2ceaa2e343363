"""The means of the operator's pages, out of the house: the same prompts, dialogue, voice and checks as elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casebook.web.operations import Operations
from config.checks import Check, Finding, Verdict, run_together
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

PATIENCE = 10.0
"""Seconds that all checks together may take before the page says which did not answer."""

AT_ONCE = 0.15
"""Seconds that a page waits for a fresh look before it shows the last one."""

BEING_LOOKED_AT = Finding(Verdict.MIND, "Đang kiểm tra; trang sẽ tự cập nhật")


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
    """What the checks found, about LOOK_AGAIN ago at most; they run beside whoever asks, and threads may share it."""

    checks: tuple[Check, ...]
    clock: Clock
    _found: list[tuple[str, Finding]] = field(default_factory=list)
    _at: datetime | None = None
    _looking: Future[list[tuple[str, Finding]]] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="health"))

    def __call__(self) -> list[tuple[str, Finding]]:
        """Give each check's name and finding as last looked at; what was never looked at says that it is being done."""
        with self._lock:
            if self._looking is None and (self._at is None or self.clock() - self._at > LOOK_AGAIN):
                self._looking = self._pool.submit(run_together, self.checks, PATIENCE)
            if self._looking is not None:
                wait([self._looking], timeout=AT_ONCE)
                self._take(self._looking)
            return self._found or [(check.name, BEING_LOOKED_AT) for check in self.checks]

    def _take(self, looking: Future[list[tuple[str, Finding]]]) -> None:
        if looking.done():
            self._found, self._at, self._looking = looking.result(), self.clock(), None
