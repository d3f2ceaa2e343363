"""A person's own account: where they are logged in, their second factor, their password."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

import segno
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from casebook.models import DeskSession, User
from casebook.rules import one_time_codes as codes
from casebook.service import audit, passwords, second_factor, sessions, users
from casebook.web import forms
from casebook.web.doors import HOME, Door, Route, local_address
from casebook.web.letting_in import LettingIn, Newcomer
from casebook.web.people import DeskUser, person
from casebook.web.proofs import Proofs
from casebook.web.telling import in_words, kept_in_language
from config.crypto import CryptoError
from config.errors import HotlineError


@dataclass(frozen=True, slots=True)
class Account(LettingIn):
    """The pages about oneself."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        half, post = Door.HALF_IN, ("POST",)
        own = "/account"
        return (
            Route(own, "account", self.account, Door.LOGGED_IN),
            Route(f"{own}/sessions/<uuid:session_id>/end", "end_session", self.end_session, Door.LOGGED_IN, post),
            Route(f"{own}/sessions/end-others", "end_others", self.end_others, Door.LOGGED_IN, post),
            Route(f"{own}/second-factor", "second_factor", self.second_factor, half),
            Route(f"{own}/second-factor", "turn_on_factor", self.turn_on, half, post),
            Route(f"{own}/recovery-codes", "renew_codes", self.renew_codes, Door.LOGGED_IN, post),
            Route("/password", "password", self.password, Door.LOGGED_IN),
            Route("/password", "change_password", self.change_password, Door.LOGGED_IN, post),
        )

    def account(self) -> ResponseReturnValue:
        """Show where one is logged in and how one proves who one is."""
        return self._page()

    def _page(self, status: int = 200, *, error: str = "") -> tuple[str, int]:
        user = person()
        with self.begin() as db:
            row = db.get_one(User, user.id)
            return self.show(
                db,
                "account.html",
                status,
                sessions=sessions.of_user(db, user.id, self.tools.keys, self.now),
                codes_left=len(row.recovery_hashes),
                proven=user.is_proven(self.now),
                error=error,
            )

    def end_session(self, session_id: UUID) -> ResponseReturnValue:
        """End one of one's sessions: the browser there is out with its next click."""
        user = person()
        try:
            with self.begin() as db:
                ended = sessions.end(db, db.get_one(User, user.id), session_id, self.now, by=user.email)
        except sessions.NoSuchSession as error:
            flash(in_words(error), "bad")
        else:
            browser = kept_in_language(ended.browser)
            flash(_("Đã đóng phiên trên %(browser)s. Trình duyệt đó phải đăng nhập lại.", browser=browser), "good")
        return redirect(url_for("desk.account"), 303)

    def end_others(self) -> ResponseReturnValue:
        """End all one's sessions but this."""
        user = person()
        with self.begin() as db:
            count = sessions.end_all(db, user.id, self.now, by=user.email, but=user.session)
            audit.record(db, "sessions_ended", user.email, self.now, account=user.email, count=count)
        flash(_("Đã đóng %(n)s phiên khác. Chỉ còn trình duyệt này đăng nhập.", n=count), "good")
        return redirect(url_for("desk.account"), 303)

    def second_factor(self) -> ResponseReturnValue:
        """Show how to set the second factor up; who has it already goes to their account."""
        if person().has_code:
            return redirect(url_for("desk.account"), 303)
        return self._set_up_page(codes.new_secret())

    def _set_up_page(self, secret: str, error: str = "", status: int = 200) -> tuple[str, int]:
        user = person()
        with self.begin() as db:
            return self.show(
                db,
                "second_factor.html",
                status,
                picture=_picture(codes.address(secret, user.email)),
                secret=codes.readable_secret(secret),
                pending=self._sealed(secret, user),
                goal=local_address(request.values.get("next", "")),
                proven=user.is_proven(self.now),
                error=error,
            )

    def turn_on(self) -> ResponseReturnValue:
        """Keep the second factor once a code shows that the phone has it; shows the recovery codes, once."""
        user, goal = person(), local_address(request.form.get("next", ""))
        secret = self._opened(request.form.get("pending", ""), user)
        if secret is None:
            return redirect(url_for("desk.second_factor", next=goal), 303)
        problem = Proofs(self.tools).problem()
        if problem:
            return self._set_up_page(secret, problem, 422)
        try:
            with self.begin() as db:
                account = db.get_one(User, user.id)
                drawn = second_factor.turn_on(db, account, secret, forms.line("code"), self.tools.keys, self.now)
                # Every session that began without the second factor ends; this one has just shown it.
                sessions.end_all(db, user.id, self.now, by=user.email, but=user.session)
                row = db.get_one(DeskSession, user.session)
                row.second_factor, row.proven_at = True, self.now
        except HotlineError as error:
            return self._set_up_page(secret, in_words(error), 422)
        return self._codes_page(drawn, goal)

    def renew_codes(self) -> ResponseReturnValue:
        """Draw new recovery codes after a fresh proof; shows them, once."""
        user = person()
        if not user.has_code:
            return redirect(url_for("desk.second_factor"), 303)
        problem = Proofs(self.tools).problem()
        if problem:
            return self._page(422, error=problem)
        with self.begin() as db:
            drawn = second_factor.renew_codes(db, db.get_one(User, user.id), self.tools.keys, self.now)
        return self._codes_page(drawn, HOME)

    def _codes_page(self, drawn: list[str], goal: str) -> tuple[str, int]:
        return self.show(None, "recovery_codes.html", codes=drawn, goal=goal)

    def _sealed(self, secret: str, user: DeskUser) -> str:
        """Put a secret that is not kept yet into the page, so that nothing is written before it is confirmed."""
        return urlsafe_b64encode(self.tools.keys.seal(secret.encode(), _pending(user))).decode()

    def _opened(self, text: str, user: DeskUser) -> str | None:
        try:
            return self.tools.keys.open(urlsafe_b64decode(text), _pending(user)).decode()
        except (CryptoError, ValueError):
            return None

    def password(self) -> ResponseReturnValue:
        """Show the form for a new password."""
        with self.begin() as db:
            return self.show(db, "password.html", error="")

    def change_password(self) -> ResponseReturnValue:
        """Set a new password; every other session of the account ends, this one goes on."""
        old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
        try:
            newcomer = self._changed(old, new, again)
        except (passwords.WrongPassword, passwords.WeakPassword) as error:
            with self.begin() as db:
                return self.show(db, "password.html", 422, error=in_words(error))
        self.remember_session(newcomer.user)
        flash(_("Đã đổi mật khẩu. Mọi phiên đăng nhập khác của bạn đã bị đóng."), "good")
        return redirect(url_for("desk.listing"), 303)

    def _changed(self, old: str, new: str, again: str) -> Newcomer:
        if new != again:
            raise passwords.WeakPassword(_("Hai lần gõ mật khẩu mới không giống nhau."))
        user = person()
        with self.begin() as db:
            # In a transaction of its own: a wrong try counts.
            account, row = db.get_one(User, user.id), db.get_one(DeskSession, user.session)
            second, in_time = row.second_factor, second_factor.may_prove(db, row, account, self.now)
        if not in_time:
            raise passwords.WrongPassword
        with self.begin() as db:
            changed = users.change_password(db, user.id, old, new, self.now)
            return self.begin_session(db, changed, second=second)


def _pending(user: DeskUser) -> str:
    return f"totp-pending:{user.id}"


def _picture(address: str) -> Markup:
    """Draw an address as a QR code that stands in the page itself: dark on light, whatever the page's colours."""
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)
    # Our own drawing of our own text.
    return Markup(drawn)  # noqa: S704
