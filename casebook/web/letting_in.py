"""Letting somebody in, whichever way they proved who they are: a session, a cookie, and where they go first."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from flask import make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from sqlalchemy.orm import Session

from casebook.models import User
from casebook.rules.policy import needs_second_factor
from casebook.service import sessions
from casebook.service.sessions import Visit
from casebook.web.kept import Kept, TypedAgain
from casebook.web.people import KNOWN_SECONDS, DeskUser, Passes, present
from casebook.web.shown import Views

KNOWN_COOKIE = "lang_nghe_known"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who was let in; `invited` says that a second factor is worth offering: it is their first time."""

    user: DeskUser
    invited: bool


@dataclass(frozen=True, slots=True)
class LettingIn(Views):
    """What every way in ends with."""

    def begin_session(self, db: Session, user: User, *, second: bool) -> Newcomer:
        """Write the session down; the browser learns of it by `welcome`."""
        first = user.last_login_at is None
        visit = Visit(request.remote_addr or "", request.headers.get("User-Agent", ""))
        before = present()
        if before is not None:
            # One browser, one session: the cookie forgets the one before.
            sessions.end_quietly(db, before.session, self.now, by=before.email)
        row = sessions.begin(db, user, visit, self.tools.keys, self.now, second=second)
        known = DeskUser.of(user, row, required=self.tools.second_factor_required)
        return Newcomer(known, first and not known.has_code and needs_second_factor(known.viewer.roles))

    def welcome(self, newcomer: Newcomer, goal: str, kept: Kept | None = None) -> ResponseReturnValue:
        """Give the browser its session and lead the person on: to what they typed, or to where they were going."""
        self.remember_session(newcomer.user)
        if kept is not None and not newcomer.user.must_set_up:
            answer: ResponseReturnValue = TypedAgain(self.tools).page(kept, 200)
        elif newcomer.user.must_set_up or newcomer.invited:
            answer = redirect(f"{url_for('desk.second_factor')}?next={quote(goal)}", 303)
        else:
            answer = redirect(goal, 303)
        return self._known_again(answer, newcomer.user.id)

    def remember_session(self, user: DeskUser) -> None:
        """Put the session into the browser's cookie."""
        # A fresh cookie: nothing that a stranger put into the old one stays.
        session.clear()
        login_user(user)
        session.permanent = True

    def _known_again(self, answer: ResponseReturnValue, user_id: UUID) -> ResponseReturnValue:
        response = make_response(answer)
        response.set_cookie(
            KNOWN_COOKIE,
            Passes(self.tools.secret).known_browser(user_id),
            max_age=KNOWN_SECONDS,
            path="/desk/login",
            secure=self.tools.house.base_url.startswith("https://"),
            httponly=True,
            samesite="Lax",
        )
        return response
