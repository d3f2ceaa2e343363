"""What one-time links open, and asking for one when the password is forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.service import links
from casebook.service.passwords import WeakPassword
from casebook.web import forms
from casebook.web.doors import Door, Route
from casebook.web.shown import Views
from casebook.web.telling import in_words


@dataclass(frozen=True, slots=True)
class Links(Views):
    """The pages of people who cannot log in yet."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        return (
            Route("/forgot", "forgot", self.forgot, Door.ANYONE),
            Route("/forgot", "ask_reset", self.ask, Door.ANYONE, ("POST",)),
            Route("/links/<token>", "link", self.link, Door.ANYONE),
            Route("/links/<token>", "use_link", self.use, Door.ANYONE, ("POST",)),
        )

    def forgot(self) -> ResponseReturnValue:
        """Show the form that asks for a link."""
        return self.show(None, "forgot.html", asked="", error="")

    def ask(self) -> ResponseReturnValue:
        """Mail a link if there is such an account; the answer is the same if there is none."""
        email = forms.line("email")
        with self.begin() as db:
            here = request.remote_addr or ""
            in_time = links.forgot(db, email, here, self.tools.keys, self.tools.house, self.now)
        if not in_time:
            error = _("Có quá nhiều yêu cầu từ nơi bạn ngồi. Hãy đợi một giờ, hoặc nhờ người vận hành gửi liên kết.")
            return self.show(None, "forgot.html", 429, asked="", error=error)
        return self.show(None, "forgot.html", asked=email, error="")

    def link(self, token: str) -> ResponseReturnValue:
        """Show what the link is for; nothing happens before the form is sent."""
        return self._page(token)

    def _page(self, token: str, status: int = 200, *, error: str = "") -> tuple[str, int]:
        try:
            with self.begin() as db:
                user = links.owner(db, token, self.now)
                shown = {"email": user.email, "name": user.name, "new": not user.password_hash}
        except links.DeadLink as dead:
            return self.show(None, "dead_link.html", 404, error=str(dead))
        return self.show(None, "link.html", status, token=token, error=error, **shown)

    def use(self, token: str) -> ResponseReturnValue:
        """Set the chosen password; every session of the account ends."""
        new, again = request.form.get("new", ""), request.form.get("again", "")
        try:
            if new != again:
                raise WeakPassword(_("Hai lần gõ mật khẩu mới không giống nhau."))
            with self.begin() as db:
                links.use(db, token, new, self.now)
        except WeakPassword as error:
            return self._page(token, 422, error=in_words(error))
        except links.DeadLink as dead:
            return self.show(None, "dead_link.html", 404, error=str(dead))
        flash(_("Đã đặt mật khẩu. Hãy đăng nhập."), "good")
        return redirect(url_for("desk.login"), 303)
