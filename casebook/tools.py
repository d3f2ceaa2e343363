"""Everything the case book works with, put together once at the edge and passed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from casebook.ports import MailSender
from casebook.rules.calendar import WorkingCalendar
from casebook.rules.understanding.shapes import Heard, Suggestion
from config.clock import Clock
from config.crypto import KeyRing
from config.database.engine import Database
from recordings.ports import ProviderMedia
from recordings.service import RecordingTools
from transcription.ports import SpeechEngine


@dataclass(frozen=True, slots=True)
class House:
    """The Department as it appears in letters and links."""

    base_url: str
    mail_from: str
    supervisors: tuple[str, ...]
    city: str = "THÀNH PHỐ HỒ CHÍ MINH"

    def case_link(self, code: str) -> str:
        """Address of a case's page on the desk."""
        return f"{self.base_url}/desk/cases/{code}"


@dataclass(frozen=True, slots=True)
class Tools:
    """The means of the pipeline's steps; `engine` loads the speech engine when it is first needed."""

    database: Database
    clock: Clock
    keys: KeyRing
    recordings: RecordingTools
    provider_media: ProviderMedia
    engine: Callable[[], SpeechEngine]
    understand: Callable[[Heard], Suggestion]
    calendar: WorkingCalendar
    mail: MailSender
    house: House
