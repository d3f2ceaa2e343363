"""The person at the desk: how a session knows them, and the passes that they show."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import Flask, request
from flask_login import LoginManager, current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from casebook.models import DeskSession, User
from casebook.rules import sessions as rules
from casebook.rules.policy import Viewer, needs_second_factor
from casebook.service import sessions, users
from casebook.web.tools import DeskTools

PLAY_SECONDS = 12 * 60 * 60
"""How long an open page may play its recordings: a working day with its breaks."""

SECOND_STEP_SECONDS = 10 * 60
"""How long after the password the code may follow."""

LOOK_SECONDS = 30 * 60
"""How long a look at a caller's identity lasts."""

KNOWN_SECONDS = 180 * 24 * 60 * 60
"""How long a browser is remembered as one that an account logged in from."""


@dataclass(frozen=True, slots=True)
class DeskUser:
    """What Flask-Login keeps of a person for one request.

    `has_code` says that the account has a second factor, `has_password` that it has a password here;
    `must_set_up` that nothing opens before it has a second factor.
    """

    id: UUID
    session: UUID
    name: str
    email: str
    viewer: Viewer
    proven_at: datetime
    has_code: bool
    has_password: bool
    must_set_up: bool
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @classmethod
    def of(cls, user: User, row: DeskSession, *, required: bool) -> DeskUser:
        """Make it of an account and its session; `required` says that roles which need a second factor get no further.

        A session that began without the second factor which the account has meanwhile is nobody's: see `_known`.
        """
        viewer, has_code = users.viewer_of(user), user.totp_sealed is not None
        must = required and needs_second_factor(viewer.roles) and not row.second_factor
        return cls(
            user.id, row.id, user.name, user.email, viewer, row.proven_at, has_code, bool(user.password_hash), must
        )

    def get_id(self) -> str:
        """What the cookie holds: the session, which can be ended from anywhere."""
        return str(self.session)

    def is_proven(self, now: datetime) -> bool:
        """Whether the person proved who they are a moment ago, as what is secret asks for."""
        return rules.is_fresh(self.proven_at, now)


def present() -> DeskUser | None:
    """Give the person who is logged in, None for a stranger."""
    user = current_user._get_current_object()
    return user if isinstance(user, DeskUser) else None


def person() -> DeskUser:
    """Give the person who is logged in; only behind a guarded route."""
    return cast(DeskUser, current_user._get_current_object())


def remember_people(app: Flask, tools: DeskTools) -> None:
    """Have sessions looked up with every request: the account must be open and the session not ended."""
    manager = LoginManager()
    # Without its context processor: the page that says that the database is away must not ask it who looks.
    manager.init_app(app, add_context_processor=False)
    # A phone changes its address all day; the cookie is HttpOnly, SameSite and short-lived instead.
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def load(identity: str) -> DeskUser | None:
        try:
            session_id = UUID(identity)
        except ValueError:
            # A cookie of another version of the hotline: nobody is logged in.
            return None
        with tools.database.begin() as session:
            found = sessions.current(session, session_id, tools.clock(), seen=not _asked_by_script())
            return _known(tools, *found) if found else None


def _known(tools: DeskTools, user: User, row: DeskSession) -> DeskUser | None:
    if user.totp_sealed is not None and not row.second_factor:
        return None
    return DeskUser.of(user, row, required=tools.second_factor_required)


def _asked_by_script() -> bool:
    """Whether an open page asks by itself, which keeps no session alive (Fetch Metadata, 2.1)."""
    return request.method == "GET" and request.headers.get("Sec-Fetch-Dest") == "empty"


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

    def to_second_step(self, user: User) -> str:
        """Give a pass from the right password to the code; a changed password takes it back."""
        return str(self._signer("code").dumps([str(user.id), _mark(user)]))

    def second_step(self, text: str) -> UUID | None:
        """Give who showed the right password a moment ago; ask `still_holds` with the account."""
        match self._read("code", text, SECOND_STEP_SECONDS):
            case [str(owner), _]:
                return UUID(owner)
        return None

    def still_holds(self, text: str, user: User) -> bool:
        """Whether the account's password is the one that the pass was given for."""
        return user.active and self._read("code", text, SECOND_STEP_SECONDS) == [str(user.id), _mark(user)]

    def known_browser(self, user: UUID) -> str:
        """Give what a browser keeps after a log-in; each is its own, as tries are counted by it."""
        return str(self._signer("browser").dumps([str(user), secrets.token_urlsafe(9)]))

    def known_as(self, text: str) -> UUID | None:
        """Give whose browser it is known to be."""
        match self._read("browser", text, KNOWN_SECONDS):
            case [str(owner), str()]:
                return UUID(owner)
        return None

    def _signer(self, purpose: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret, salt=f"desk-{purpose}")

    def _read(self, purpose: str, text: str, seconds: int) -> object:
        try:
            return self._signer(purpose).loads(text, max_age=seconds)
        except BadData:
            return None


def _mark(user: User) -> str:
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:16]
