"""Logging in, by password and code, and out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user
from sqlalchemy.orm import Session

from casebook.models import User
from casebook.service import entry, second_factor, sessions
from casebook.service.entry import Knock
from casebook.web import forms
from casebook.web.doors import Door, Route, local_address
from casebook.web.kept import KEPT, Kept, kept_again
from casebook.web.letting_in import KNOWN_COOKIE, LettingIn
from casebook.web.people import Passes, person, present


@dataclass(frozen=True, slots=True)
class Entry(LettingIn):
    """The pages at the door."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        return (
            Route("/login", "login", self.login, Door.ANYONE),
            Route("/login", "enter", self.enter, Door.ANYONE, ("POST",)),
            Route("/login/code", "enter_code", self.enter_code, Door.ANYONE, ("POST",)),
            Route("/logout", "logout", self.logout, Door.HALF_IN, ("POST",)),
        )

    def login(self) -> ResponseReturnValue:
        """Show the log-in form; who is logged in goes on."""
        goal = local_address(request.args.get("next", ""))
        if present() is not None:
            return redirect(goal, 303)
        return self.login_page(goal=goal)

    def login_page(
        self, status: int = 200, *, goal: str, email: str = "", error: str = "", kept: Kept | None = None
    ) -> tuple[str, int]:
        """Show the log-in form, carrying along what somebody had typed when the session ended."""
        return self.show(
            None,
            "login.html",
            status,
            goal=goal,
            email=email,
            error=error,
            kept=kept,
            prefix=KEPT,
            provider=self.tools.sign_on.name if self.tools.sign_on else "",
        )

    def enter(self) -> ResponseReturnValue:
        """Let a person in, or ask for their code; a refusal says the same whatever was wrong."""
        goal, kept, knock = local_address(request.form.get("next", "")), kept_again(), self._knock()
        newcomer = None
        with self.begin() as db:
            in_time = entry.may_try(db, knock, self.tools.keys, self.now)
            user = entry.recognise(db, knock, self.tools.keys, self.now) if in_time else None
            if user is not None and user.totp_sealed is None:
                newcomer = self.begin_session(db, user, second=False)
        if newcomer is not None:
            return self.welcome(newcomer, goal, kept)
        if user is not None:
            return self.code_page(user, goal, kept)
        error = _("Thư điện tử hoặc mật khẩu không đúng.") if in_time else str(entry.TooManyTries())
        return self.login_page(401 if in_time else 429, goal=goal, email=knock.email, error=error, kept=kept)

    def code_page(
        self, user: User, goal: str, kept: Kept | None, error: str = "", status: int = 200
    ) -> tuple[str, int]:
        """Ask somebody whose first proof was right for their second factor."""
        step = Passes(self.tools.secret).to_second_step(user)
        return self.show(None, "login_code.html", status, step=step, goal=goal, kept=kept, prefix=KEPT, error=error)

    def enter_code(self) -> ResponseReturnValue:
        """Let a person in by the code that follows the password."""
        goal, kept, knock = local_address(request.form.get("next", "")), kept_again(), self._knock()
        newcomer = None
        with self.begin() as db:
            user = self._halfway(db)
            if user is not None:
                in_time = entry.may_try_code(db, user.id, knock, self.tools.keys, self.now)
                code = forms.line("code")
                if in_time and second_factor.take(db, user, code, self.tools.keys, self.now):
                    newcomer = self.begin_session(db, user, second=True)
        if newcomer is not None:
            return self.welcome(newcomer, goal, kept)
        if user is None:
            error = _("Đã quá 10 phút từ lúc gõ mật khẩu. Hãy đăng nhập lại.")
            return self.login_page(401, goal=goal, error=error, kept=kept)
        error = str(second_factor.WrongCode() if in_time else entry.TooManyTries())
        return self.code_page(user, goal, kept, error, 401 if in_time else 429)

    def _halfway(self, db: Session) -> User | None:
        """Give the person whose password was right a moment ago."""
        passes, step = Passes(self.tools.secret), request.form.get("step", "")
        user_id = passes.second_step(step)
        user = db.get(User, user_id) if user_id else None
        return user if user is not None and passes.still_holds(step, user) else None

    def _knock(self) -> Knock:
        known = request.cookies.get(KNOWN_COOKIE, "")
        return Knock(
            email=forms.line("email"),
            # A password is taken as it was typed.
            password=request.form.get("password", ""),
            address=request.remote_addr or "",
            known_as=Passes(self.tools.secret).known_as(known),
            pass_=known,
        )

    def logout(self) -> ResponseReturnValue:
        """End the session."""
        user = person()
        with self.begin() as db:
            sessions.log_out(db, user.session, user.email, self.now)
        logout_user()
        session.clear()
        return redirect(url_for("desk.login"), 303)
