"""Everything the telephone side works with, put together once at the edge and passed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from config.clock import Clock
from config.crypto import KeyRing
from config.database.engine import Database
from config.directory.prompts import PromptBook
from ivr.book import call_book
from ivr.lineup import Lineup
from ivr.twiml import Voice


@dataclass(frozen=True)
class IvrTools:
    """The means of the webhooks; `public_url` is what the carrier calls, `texts` the words of prompts.toml.

    `lineup` gives the lines; `ivr.lineup.CachedLineup(texts)` is the one for every day.
    """

    database: Database
    keys: KeyRing
    clock: Clock
    public_url: str
    auth_token: str
    prompts_dir: Path
    texts: Mapping[str, str]
    lineup: Callable[[Session, datetime], Lineup]
    say_voice: str | None = None
    emergency_number: str = "115"

    def voice(self, book: PromptBook) -> Voice:
        """Give the voice that speaks the words of `book`."""
        return Voice(book, self.prompts_dir, self.public_url.rstrip("/"), self.say_voice)

    def bare_voice(self) -> Voice:
        """Give the voice that needs no database, for apologies."""
        return self.voice(call_book(self.texts, ()))
