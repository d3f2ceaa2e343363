"""The table of recordings: what was promised, what was kept, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Enum, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from config.database.base import Base


class RecordingState(StrEnum):
    """Where a recording stands on its way from the provider to the store and, one day, out of it."""

    EXPECTED = "expected"
    """The provider says that it exists; we do not have it yet."""
    COLLECTING = "collecting"
    """A worker is fetching it, or died while fetching it."""
    KEPT = "kept"
    """Checked, encrypted, stored."""
    ABSENT = "absent"
    """The provider says that nothing was recorded."""
    FAILED = "failed"
    """We gave up; `failure` says why, and a person may have it tried again."""
    DELETED = "deleted"
    """Deleted from our store; `deleted_why` says why."""


class Recording(Base):
    """One recorded answer or message of a call.

    While `store_key` is set, the row has a claim on the sealed bytes under that key, which other rows with the
    same bytes may share. `waveform` holds peaks from 0 to 255, evenly spread over `duration_s`.
    """

    __tablename__ = "recordings"
    __table_args__ = (
        CheckConstraint("state <> 'kept' OR (sha256 IS NOT NULL AND store_key IS NOT NULL)", name="kept_whole"),
        CheckConstraint("state <> 'deleted' OR deleted_at IS NOT NULL", name="deleted_when"),
        Index(None, "retain_until", postgresql_where=text("store_key IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    provider_sid: Mapped[str | None] = mapped_column(unique=True)
    call_sid: Mapped[str] = mapped_column(index=True)
    purpose: Mapped[str]
    source_url: Mapped[str | None]
    state: Mapped[RecordingState] = mapped_column(
        Enum(
            RecordingState,
            native_enum=False,
            create_constraint=True,
            name="state_known",
            length=20,
            values_callable=lambda states: [state.value for state in states],
        ),
        default=RecordingState.EXPECTED,
        index=True,
    )
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None]
    sha256: Mapped[str | None]
    store_key: Mapped[str | None] = mapped_column(index=True)
    content_type: Mapped[str | None]
    size_bytes: Mapped[int | None]
    duration_s: Mapped[float | None]
    level_dbfs: Mapped[float | None]
    silence_share: Mapped[float | None]
    waveform: Mapped[list[Any] | None]
    channels: Mapped[int | None]
    sample_rate: Mapped[int | None]
    created_at: Mapped[datetime]
    kept_at: Mapped[datetime | None]
    proven_at: Mapped[datetime | None]
    provider_deleted_at: Mapped[datetime | None]
    retain_until: Mapped[datetime | None]
    legal_hold: Mapped[bool] = mapped_column(default=False)
    deleted_at: Mapped[datetime | None]
    deleted_why: Mapped[str | None]
