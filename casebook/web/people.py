"""The person at the desk: how a session knows them, and what they show to listen to a recording."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import Flask
from flask_login import LoginManager, current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from casebook.models import User
from casebook.rules.policy import Viewer
from casebook.service import users
from casebook.web.tools import DeskTools

PLAY_SECONDS = 12 * 60 * 60
"""How long an open page may play its recordings: a working day with its breaks."""

LOOK_SECONDS = 30 * 60
"""How long a look at a caller's identity lasts."""

KNOWN_SECONDS = 180 * 24 * 60 * 60
"""How long a browser is remembered as one that an account logged in from."""


@dataclass(frozen=True, slots=True)
class DeskUser:
    """What Flask-Login keeps of a person for one request."""

    id: UUID
    epoch: int
    name: str
    email: str
    viewer: Viewer
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @classmethod
    def of(cls, user: User) -> DeskUser:
        """Make it of an account."""
        return cls(user.id, user.session_epoch, user.name, user.email, users.viewer_of(user))

    def get_id(self) -> str:
        """What the session holds: the account and its epoch, so that a new epoch ends all sessions."""
        return f"{self.id}:{self.epoch}"


def present() -> DeskUser | None:
    """Give the person who is logged in, None for a stranger."""
    user = current_user._get_current_object()
    return user if isinstance(user, DeskUser) else None


def person() -> DeskUser:
    """Give the person who is logged in; only behind a guarded route."""
    return cast(DeskUser, current_user._get_current_object())


def remember_people(app: Flask, tools: DeskTools) -> None:
    """Have sessions looked up: the account must be open and its epoch the same."""
    manager = LoginManager()
    # Without its context processor: the page that says that the database is away must not ask it who looks.
    manager.init_app(app, add_context_processor=False)
    # A phone changes its address all day; the cookie is HttpOnly, SameSite and short-lived instead.
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def load(identity: str) -> DeskUser | None:
        try:
            user_id, epoch = identity.split(":")
            with tools.database.begin() as session:
                user = users.current(session, UUID(user_id), int(epoch))
                return DeskUser.of(user) if user else None
        except ValueError:
            # A cookie of another version of the hotline: nobody is logged in.
            return None


@dataclass(frozen=True, slots=True)
class Passes:
    """Signed passes: to play one recording from one open page, to a look at one caller, of a known browser."""

    secret: str

    def to_play(self, user: UUID, recording: UUID) -> str:
        """Give a pass for one opening of a page; each is its own entry in the timeline when it is used."""
        return str(self._signer("play").dumps([str(user), str(recording), secrets.token_urlsafe(9)]))

    def play(self, text: str, user: UUID, recording: UUID) -> str | None:
        """Give the pass's own name if it is good for this person and recording."""
        match self._read("play", text, PLAY_SECONDS):
            case [owner, sound, str(name)] if owner == str(user) and sound == str(recording):
                return name
        return None

    def to_look(self, user: UUID, case: UUID) -> str:
        """Give a pass to a caller's identity, after the look was written down."""
        return str(self._signer("look").dumps([str(user), str(case)]))

    def looks(self, text: str, user: UUID, case: UUID) -> bool:
        """Whether the pass is good for this person and case."""
        return self._read("look", text, LOOK_SECONDS) == [str(user), str(case)]

    def known_browser(self, user: UUID) -> str:
        """Give what a browser keeps after a log-in."""
        return str(self._signer("browser").dumps(str(user)))

    def known_as(self, text: str) -> UUID | None:
        """Give whose browser it is known to be."""
        owner = self._read("browser", text, KNOWN_SECONDS)
        return UUID(owner) if isinstance(owner, str) else None

    def _signer(self, purpose: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret, salt=f"desk-{purpose}")

    def _read(self, purpose: str, text: str, seconds: int) -> object:
        try:
            return self._signer(purpose).loads(text, max_age=seconds)
        except BadData:
            return None
