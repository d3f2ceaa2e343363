"""Stores what the gateway heard live as the recording's first transcript, as the `transcribe` step would."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from config.clock import Clock
from config.crypto import KeyRing
from config.database.engine import Database, DatabaseAway
from recordings.models import Recording
from transcription.ports import EngineIdentity, Segment
from transcription.service import save_heard

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TranscriptKeeper:
    """Keeps transcripts in the house's own database, where the gateway has it."""

    database: Database
    keys: KeyRing
    clock: Clock

    async def __call__(self, recording_sid: str, segments: list[Segment], identity: EngineIdentity) -> None:
        """Keep what was heard of the recording; one that the hotline does not know is left to be heard later."""
        await asyncio.to_thread(self.keep, recording_sid, segments, identity)

    def keep(self, recording_sid: str, segments: Sequence[Segment], identity: EngineIdentity) -> bool:
        """Keep it, blocking; true if the recording was there. Never raises for a database that is away."""
        try:
            with self.database.begin() as session:
                wanted = select(Recording.id).where(Recording.provider_sid == recording_sid)
                recording = session.scalars(wanted).one_or_none()
                if recording is None:
                    return False
                save_heard(session, recording, segments, identity, self.keys, self.clock())
        except DatabaseAway:
            log.warning("What was heard live could not be kept: the database is away; it is heard again later")
            return False
        return True
