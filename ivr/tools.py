"""Everything the telephone side works with, put together once at the edge and passed in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from config.clock import Clock
from config.crypto import KeyRing
from config.database.engine import Database
from config.directory.prompts import PromptBook
from ivr.lineup import CachedLineup
from ivr.twiml import Voice


@dataclass(frozen=True)
class IvrTools:
    """The means of the webhooks; `public_url` is what the carrier calls, `lineup` gives the lines and words."""

    database: Database
    keys: KeyRing
    clock: Clock
    public_url: str
    auth_token: str
    prompts_dir: Path
    lineup: CachedLineup
    say_voice: str | None = None
    emergency_number: str = "115"

    def voice(self, book: PromptBook) -> Voice:
        """Give the voice that speaks the words of `book`."""
        return Voice(book, self.prompts_dir, self.public_url.rstrip("/"), self.say_voice)
