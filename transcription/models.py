"""The table of transcripts: every revision of what was heard, its words sealed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from config.database.base import Base


class Transcript(Base):
    """One revision of a recording's transcript: 1 is the engine's, later ones are people's corrections.

    Rows are only ever added. `engine`, `model` and `version` say what heard the recording first and stay the
    same in corrections; `author` is null in the engine's revision. `segments_sealed` holds the words.
    """

    __tablename__ = "transcripts"
    __table_args__ = (
        UniqueConstraint("recording_id", "revision"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
        CheckConstraint("(revision = 1) = (author IS NULL)", name="people_correct"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"))
    revision: Mapped[int]
    engine: Mapped[str]
    model: Mapped[str]
    version: Mapped[str]
    author: Mapped[str | None]
    created_at: Mapped[datetime]
    segments_sealed: Mapped[bytes]
    word_count: Mapped[int]
    mean_confidence: Mapped[float | None]
    """Mean of the words' confidences, 0-1; null when nobody spoke."""
