"""The tables of a case: its row, its recordings, its events."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casebook.rules.states import Status
from config.database.base import Base

QUEUE_RANK = (
    "CASE WHEN status IN ('closed', 'set_aside') THEN 9 WHEN emergency THEN 0"
    " WHEN still_there AND status IN ('open', 'review', 'confirmed') THEN 1"
    " WHEN level = 1 THEN 2 WHEN level = 2 THEN 3 ELSE 4 END"
)
"""Where a case stands in the queue: emergencies, patients who are still there, levels 1 to 3, finished cases.

Whether the patient is still there matters until the unit has been told.
"""

FINISHED_RANK = 9

UNIT_TURN = "CASE WHEN status IN ('forwarded', 'acknowledged') THEN 0 ELSE 1 END"
"""Where a case stands in its unit's list: what waits for an answer comes before what is done."""

SUMMARY_WORDS = (
    r"to_tsvector('simple', translate(normalize(lower(summary), NFD), U&'\0111.,:;!?/()[]{}<>\0022''-_+*=@#$&|~"
    r"\0300\0301\0302\0303\0306\0308\0309\030A\030C\031B\0323\0327', rpad('d', 29)))"
)
"""The words of a summary, folded as `transcription.rules.text.fold` folds them.

Đ becomes d, ASCII signs spaces (else the parser would keep addresses and figures in one piece), marks of letters go.
"""

QUEUE_TURN = "date_bin(interval '12 hours', coalesce(due_at, opened_at), timestamptz '2000-01-01 00:00:00+07')"
"""The half day (in Vietnam) in which a case is due, or came in while it is not due yet."""

QUEUE_SURENESS = "CASE WHEN transcript_sureness IS NULL THEN CAST(0 AS double precision) ELSE transcript_sureness END"
"""Cases of one half day stand by how sure their words are, the least sure first.

Not coalesce: PostgreSQL takes that for leaky, and does not look it up in the index behind the wall.
"""

_WALL = ["status", "confidential", "line", "subject_unit", "responsible_unit"]
"""What decides who sees a case."""

_STATUSES = ", ".join(f"'{status}'" for status in Status)


class Case(Base):
    """One matter a citizen brought; the row is the summary of its events."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        # What the list counts by, and what decides who sees a case, is in the index: counting reads no rows.
        Index(
            "ix_cases_queue",
            "status",
            "opened_at",
            postgresql_include=[
                "id",
                "emergency",
                "due_at",
                "confidential",
                "line",
                "category",
                "subject_unit",
                "responsible_unit",
            ],
        ),
        # So is it where days are counted.
        Index("ix_cases_opened_at", "opened_at", postgresql_include=_WALL),
        Index("ix_cases_forwarded_at", "forwarded_at", postgresql_include=[*_WALL, "answered_at", "due_at"]),
        Index("ix_cases_answered_at", "answered_at", postgresql_include=_WALL),
        Index("ix_cases_closed_at", "closed_at", postgresql_include=_WALL),
        Index("ix_cases_responsible_unit", "responsible_unit", "status", "closed_at", "id"),
        # The order of a unit's list, as `casebook.queries.unit_page` asks for it.
        Index("ix_cases_desk_unit", "responsible_unit", text(f"({UNIT_TURN})"), "due_at", "id"),
        Index("ix_cases_summary_words", "summary_words", postgresql_using="gin"),
        Index("ix_cases_due", "due_at", postgresql_where=text("status IN ('forwarded', 'acknowledged')")),
        Index("ix_cases_search", "search", postgresql_using="gin"),
        # What waits is a seventieth of what there is, and searched most.
        Index(
            "ix_cases_search_unfinished",
            "search",
            postgresql_using="gin",
            postgresql_where=text(f"({QUEUE_RANK}) < {FINISHED_RANK}"),
        ),
        # Related cases: by one caller, and about one facility and matter, the newest first; told in the same words.
        Index("ix_cases_caller", "caller_hash", "opened_at"),
        Index("ix_cases_text_marks", "text_marks", postgresql_using="gin"),
        Index("ix_cases_matter", "subject_unit", "category", "opened_at"),
        # The order of the desk's queue, as `casebook.queries.listing` asks for it.
        Index("ix_cases_desk", text(f"({QUEUE_RANK})"), "turn_at", text(f"({QUEUE_SURENESS})"), "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code: Mapped[str] = mapped_column(unique=True)
    line: Mapped[str]
    channel: Mapped[str]
    status: Mapped[str] = mapped_column(default=Status.OPEN)
    confidential: Mapped[bool] = mapped_column(default=False)
    anonymous: Mapped[bool] = mapped_column(default=False)
    orphan: Mapped[bool] = mapped_column(default=False)
    emergency: Mapped[bool] = mapped_column(default=False)
    category: Mapped[str | None]
    category_key: Mapped[str | None]
    subject_unit: Mapped[str | None]
    subject_text: Mapped[str | None]
    responsible_unit: Mapped[str | None]
    level: Mapped[int] = mapped_column(default=3)
    summary: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    suggestion_sealed: Mapped[bytes | None]
    sureness: Mapped[float] = mapped_column(default=0.0)
    caller_sealed: Mapped[bytes | None]
    caller_hash: Mapped[str | None]
    search_text: Mapped[str] = mapped_column(default="")
    # Stored: to split the text of every case anew, for a search that finds most of them, takes a second.
    search: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple', search_text)", persisted=True), deferred=True
    )
    summary_words: Mapped[str] = mapped_column(TSVECTOR, Computed(SUMMARY_WORDS, persisted=True), deferred=True)
    text_marks: Mapped[str | None] = mapped_column(TSVECTOR, deferred=True)
    """Marks of `casebook.rules.likeness`: cases told in nearly the same words share some."""
    reply: Mapped[str | None]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    forwarded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    intake_ended_at: Mapped[datetime | None]
    forward_round: Mapped[int] = mapped_column(default=1)
    fields_by: Mapped[str | None]
    """Who last set the fields by hand; what is understood anew then leaves them alone."""
    legal_hold: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """The case that took this one's matter over; it is then set aside."""
    split_from: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """The case that held this one's matter too."""
    still_there: Mapped[bool] = mapped_column(default=False)
    """The patient was still on the premises when the call was made."""
    transcript_sureness: Mapped[float | None]
    """Mean confidence of the words, 0-1; null until something was heard."""
    # Stored: the database would not look up a computed place in the queue behind its wall (date_bin may fail).
    turn_at: Mapped[datetime] = mapped_column(Computed(QUEUE_TURN, persisted=True), deferred=True)
    version: Mapped[int] = mapped_column(default=1)

    recordings: Mapped[list[CaseRecording]] = relationship(
        back_populates="case", order_by="CaseRecording.position", foreign_keys="CaseRecording.case_id"
    )
    events: Mapped[list[CaseEvent]] = relationship(back_populates="case", order_by="CaseEvent.number")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads a plain dict)


class CaseRecording(Base):
    """Which recording belongs to which case, and which question it answers; cases split from one share theirs."""

    __tablename__ = "case_recordings"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"), primary_key=True, index=True)
    question: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    stretches: Mapped[list[Any] | None]
    """The parts that are this case's, as `[from, to]` seconds (`to` null: the end); null where all of it is."""
    taken_from: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """The merged case that it came with."""

    case: Mapped[Case] = relationship(back_populates="recordings", foreign_keys=[case_id])


class CaseEvent(Base):
    """Something that happened to a case; never changed, each holding the hash of the one before."""

    __tablename__ = "case_events"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        Index("ix_case_events_at", "at", "id"),
        Index("ix_case_events_actor", "actor", "at", "id"),
        Index("ix_case_events_kind", "kind", "at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    kind: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous_hash: Mapped[str]
    hash: Mapped[str]

    case: Mapped[Case] = relationship(back_populates="events")
