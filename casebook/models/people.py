"""The tables of people: accounts, sessions, links they were sent, what they did beside the cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from config.database.base import Base


class User(Base):
    """A person who may log in to the desk; `roles` are `casebook.rules.policy.Role` values."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    roles: Mapped[list[Any]]
    password_hash: Mapped[str]
    """Argon2id; empty until an invited person has chosen a password."""
    unit: Mapped[str | None]
    """The unit whose cases an officer or head of a unit answers."""
    lines: Mapped[list[Any] | None]
    """The lines whose cases the person sees; null for all that the roles allow."""
    regions: Mapped[list[Any] | None]
    """The regions whose cases the person sees; null for all."""
    totp_sealed: Mapped[bytes | None]
    """The secret of the second factor (RFC 6238), sealed; null until it was set up."""
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The last time step whose code was taken: a code is good once (RFC 6238, 5.2)."""
    recovery_hashes: Mapped[list[Any]] = mapped_column(default=list)
    oidc_subject: Mapped[str | None] = mapped_column(unique=True)
    """Issuer and subject of the person's single sign-on (OpenID Connect Core, 2), where it is used."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]


class DeskSession(Base):
    """A log-in of one browser; a session is good while it has no end."""

    __tablename__ = "desk_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proven_at: Mapped[datetime]
    """When the person last proved who they are: what is secret asks for a fresh proof."""
    second_factor: Mapped[bool] = mapped_column(default=False)
    address_sealed: Mapped[bytes]
    browser: Mapped[str]
    """What the browser calls itself, shortened."""
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class OneTimeLink(Base):
    """A link that was mailed to a person, good once; only the hash of its token is kept."""

    __tablename__ = "one_time_links"
    __table_args__ = (CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SavedFilter(Base):
    """A list that a person looks at often: the query of the list's address, under a name."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    query: Mapped[str]
    made_at: Mapped[datetime]


class DeskEvent(Base):
    """Something a person did at the desk that concerns no single case: a log-in, an export, a retry.

    Append-only and hash-chained like the events of a case.
    """

    __tablename__ = "desk_events"
    __table_args__ = (
        Index("ix_desk_events_at", "at", "number"),
        Index("ix_desk_events_actor", "actor", "at", "number"),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(index=True)
    actor: Mapped[str]
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous_hash: Mapped[str]
    hash: Mapped[str]
