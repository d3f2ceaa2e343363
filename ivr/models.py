"""The tables of the telephone: calls, what the carrier told about them, and reconciliations."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from config.database.base import Base


class CallStatus(StrEnum):
    """Where a call stands at the carrier; the names are Twilio's."""

    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


class Call(Base):
    """One call to a hotline.

    `state` is the dialogue's; `reply` is the last TwiML given, said again when its request is repeated, and
    `answered` the number of the reply that this request answered (-1: none yet). `answers` maps what was
    asked to the recording's id at the carrier, and holds the keys that were pressed with what they meant.
    `is_orphan`: a recording came for a call we never saw. `quality`: what our own gateway measured on the
    line, see `ivr.rules.facts.quality_in`.
    """

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_open", "started_at", postgresql_where="ended_at IS NULL"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    provider_sid: Mapped[str] = mapped_column(unique=True)
    line_slug: Mapped[str]
    dialled: Mapped[str]
    caller_sealed: Mapped[bytes | None]
    caller_hash: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answered: Mapped[int] = mapped_column(default=-1)
    reply: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    notice_version: Mapped[str | None]
    hours: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=CallStatus.RINGING)
    outcome: Mapped[str] = mapped_column(default="")
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    is_orphan: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    duration_s: Mapped[int | None]
    quality: Mapped[dict[str, Any] | None]


class CallEvent(Base):
    """Something that the carrier told us, once; the payload holds no number and no spoken digits."""

    __tablename__ = "call_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("calls.id"), index=True)
    call_sid: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]


class Reconciliation(Base):
    """A comparison with the carrier's own lists; `finished_at` is set when all of it went well."""

    __tablename__ = "reconciliations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    since: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    calls_seen: Mapped[int] = mapped_column(default=0)
    recordings_seen: Mapped[int] = mapped_column(default=0)
    imported: Mapped[int] = mapped_column(default=0)


class WebhookRejection(Base):
    """How many requests of a day were turned away, by reason."""

    __tablename__ = "webhook_rejections"

    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
