"""The tables of the work on a case: who has it, what was noted, answered, attached, hidden, linked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from config.database.base import Base


class CaseClaim(Base):
    """Who works on a case now, until when; the row goes when the case is released."""

    __tablename__ = "case_claims"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(index=True)
    taken_at: Mapped[datetime]
    until: Mapped[datetime]


class CaseLink(Base):
    """What a person decided about two cases: one matter (linked), one case (merged), or nothing in common (apart)."""

    __tablename__ = "case_links"
    __table_args__ = (
        CheckConstraint("kind IN ('linked', 'merged', 'apart')", name="kind"),
        CheckConstraint("case_id <> other_id", name="two_cases"),
        Index(
            "uq_case_links_standing",
            text("least(case_id, other_id)"),
            text("greatest(case_id, other_id)"),
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_case_links_other_id", "other_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    undone_by: Mapped[str | None]
    undone_at: Mapped[datetime | None]


class CaseNote(Base):
    """An inspector's note to colleagues; it never leaves the house."""

    __tablename__ = "case_notes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    author: Mapped[str]
    at: Mapped[datetime]
    text_sealed: Mapped[bytes]
    removed_at: Mapped[datetime | None]


class CaseFile(Base):
    """A photo or document of a case, its bytes sealed in the store under `store_key`."""

    __tablename__ = "case_files"
    __table_args__ = (CheckConstraint("size_bytes > 0", name="size"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    reply_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit_replies.id"), index=True)
    recording_id: Mapped[UUID | None] = mapped_column(ForeignKey("recordings.id"), index=True)
    """The recording of which this is the disguised copy; null for what a person added."""
    name_sealed: Mapped[bytes]
    content_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    store_key: Mapped[str]
    for_unit: Mapped[bool] = mapped_column(default=False)
    """Whether the unit that the case was forwarded to may see it."""
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class UnitReply(Base):
    """A unit's answer to a case, and what the inspector thought of it."""

    __tablename__ = "unit_replies"
    __table_args__ = (CheckConstraint("state IN ('given', 'accepted', 'sent_back')", name="state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    unit: Mapped[str]
    text_sealed: Mapped[bytes]
    given_by: Mapped[str]
    given_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="given")
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(default="")


class CaseRedaction(Base):
    """A person's correction of what is hidden in one answer; rows are only added, the last one counts.

    `hidden` and `shown` are lists of `[start, end]` in seconds of the recording: words hidden beside the marked
    ones, and marked ones that are shown after all. `revision` is the transcript's that the person saw.
    """

    __tablename__ = "case_redactions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"), index=True)
    revision: Mapped[int]
    hidden: Mapped[list[Any]]
    shown: Mapped[list[Any]]
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class IdentityRequest(Base):
    """An inspector's request to see who called, and the custodian's decision."""

    __tablename__ = "identity_requests"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    code: Mapped[str]
    """The case's code: a custodian decides without seeing the case."""
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    why: Mapped[str]
    granted: Mapped[bool | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(default="")
    good_until: Mapped[datetime | None]
    """Until when a granted look may be taken."""


class MutedCaller(Base):
    """A number whose calls raise no case for a while: they end as a row that says why, and nothing rings."""

    __tablename__ = "muted_callers"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    caller_hash: Mapped[str] = mapped_column(index=True)
    why: Mapped[str]
    muted_by: Mapped[str]
    muted_at: Mapped[datetime]
    until: Mapped[datetime]
    lifted_by: Mapped[str | None]
    lifted_at: Mapped[datetime | None]
