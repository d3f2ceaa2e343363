"""Logging in and out, and changing one's password."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import flash, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from casebook.service import audit, users
from casebook.service.users import Knock
from casebook.web import forms
from casebook.web.doors import Door, Route, local_address
from casebook.web.people import KNOWN_SECONDS, DeskUser, Passes, person, present
from casebook.web.shown import Views

KNOWN_COOKIE = "lang_nghe_known"


@dataclass(frozen=True, slots=True)
class Entry(Views):
    """The pages at the door."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        return (
            Route("/login", "login", self.login, Door.ANYONE),
            Route("/login", "enter", self.enter, Door.ANYONE, ("POST",)),
            Route("/logout", "logout", self.logout, Door.LOGGED_IN, ("POST",)),
            Route("/password", "password", self.password, Door.LOGGED_IN),
            Route("/password", "change_password", self.change_password, Door.LOGGED_IN, ("POST",)),
        )

    def login(self) -> ResponseReturnValue:
        """Show the log-in form; who is logged in goes on."""
        goal = local_address(request.args.get("next", ""))
        if present() is not None:
            return redirect(goal, 303)
        return self.login_page(goal=goal)

    def login_page(
        self, status: int = 200, *, goal: str, email: str = "", error: str = "", kept: forms.Kept | None = None
    ) -> tuple[str, int]:
        """Show the log-in form, carrying along what somebody had typed when the session ended."""
        return self.show(None, "login.html", status, goal=goal, email=email, error=error, kept=kept, prefix=forms.KEPT)

    def enter(self) -> ResponseReturnValue:
        """Let a person in; a refusal says the same whatever was wrong."""
        goal, kept = local_address(request.form.get("next", "")), forms.kept_again()
        knock = self._knock()
        with self.begin() as db:
            in_time = users.may_try(db, knock, self.tools.keys, self.now)
            user = users.log_in(db, knock, self.tools.keys, self.now) if in_time else None
        if user is None:
            error = users.LoginRefused() if in_time else users.TooManyTries()
            status = 401 if in_time else 429
            return self.login_page(status, goal=goal, email=knock.email, error=str(error), kept=kept)
        self._begin(DeskUser.of(user))
        answer = make_response(self._typed_again(kept) if kept else redirect(goal, 303))
        return self._remember(answer, user.id)

    def _knock(self) -> Knock:
        return Knock(
            email=forms.line("email"),
            # A password is taken as it was typed.
            password=request.form.get("password", ""),
            address=request.remote_addr or "",
            known_as=Passes(self.tools.secret).known_as(request.cookies.get(KNOWN_COOKIE, "")),
        )

    def _begin(self, user: DeskUser) -> None:
        # A fresh session: nothing that a stranger put into the old one stays.
        session.clear()
        login_user(user)
        session.permanent = True

    def _remember(self, answer: ResponseReturnValue, user_id: UUID) -> ResponseReturnValue:
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

    def _typed_again(self, kept: forms.Kept) -> tuple[str, int]:
        return self.show(None, "typed_again.html", 200, kept=kept, labels=forms.LABELS)

    def logout(self) -> ResponseReturnValue:
        """End the session."""
        with self.begin() as db:
            audit.record(db, "logout", person().email, self.now)
        logout_user()
        session.clear()
        return redirect(url_for("desk.login"), 303)

    def password(self) -> ResponseReturnValue:
        """Show the form for a new password."""
        with self.begin() as db:
            return self.show(db, "password.html", error="")

    def change_password(self) -> ResponseReturnValue:
        """Set a new password; every other session of the account ends, this one goes on."""
        old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
        try:
            if new != again:
                raise users.WeakPassword("Hai lần gõ mật khẩu mới không giống nhau.")
            with self.begin() as db:
                user = users.change_password(db, person().id, old, new, self.now)
        except (users.WrongPassword, users.WeakPassword) as error:
            with self.begin() as db:
                return self.show(db, "password.html", 422, error=str(error))
        self._begin(DeskUser.of(user))
        flash("Đã đổi mật khẩu. Mọi phiên đăng nhập khác của bạn đã bị đóng.", "good")
        return redirect(url_for("desk.listing"), 303)
