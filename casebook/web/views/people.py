"""The operator's page of accounts: who works at the desk, what they may do, how far they see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.models import User
from casebook.rules.policy import ROLE_NAMES, TWO_FACTORS, UNIT_ROLES, Permission, Role, reads_secrets
from casebook.rules.unit_names import REGIONS
from casebook.service import audit, links, people, sessions, users
from casebook.service.people import Standing
from casebook.web import forms
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.people_forms import BadPerson, TypedPerson, checked_email, checked_person, typed_of, typed_person
from casebook.web.shown import Views
from casebook.web.telling import in_words
from casebook.web.tools import Directory
from config.errors import PermanentError

UNDO = "undo_account"
"""Where the browser's session keeps what would undo the last change."""


@dataclass(frozen=True, slots=True)
class People(Views):
    """The pages of accounts."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        needs, post, one = Permission.MANAGE_PEOPLE, ("POST",), "/people/<uuid:user_id>"
        return (
            Route("/people", "people", self.people, needs),
            Route("/people", "invite", self.invite, needs, post),
            Route(one, "account_of", self.account_of, needs),
            Route(one, "change_account", self.change, needs, post),
            Route(f"{one}/active", "set_active", self.set_active, needs, post),
            Route(f"{one}/link", "send_link", self.send_link, needs, post),
            Route(f"{one}/second-factor", "reset_factor", self.reset_factor, needs, post),
            Route(f"{one}/sessions", "end_sessions", self.end_sessions, needs, post),
        )

    def people(self) -> ResponseReturnValue:
        """List the accounts, with a form that invites somebody."""
        return self._list()

    def _list(self, status: int = 200, *, bad: BadPerson | None = None, email: str = "") -> tuple[str, int]:
        text = request.args.get("q", "")[: forms.LONGEST_LINE]
        with self.begin() as db:
            directory = Directory.read(db)
            return self.show(
                db,
                "people.html",
                status,
                found=people.found(db, text),
                text=text,
                email=email,
                typed=bad.typed if bad else TypedPerson(),
                errors=bad.errors if bad else {},
                opened=bad is not None,
                **_choices(directory),
            )

    def invite(self) -> ResponseReturnValue:
        """Make an account and mail its owner a link."""
        typed, email = typed_person(), forms.line("email")
        try:
            with self.begin() as db:
                standing = checked_person(typed, Directory.read(db), checked_email(email))
                user = people.invite(db, email, standing, self.tools.house, self.now, by=person().email)
        except BadPerson as bad:
            return self._list(422, bad=bad, email=email)
        except users.AccountExists as error:
            return self._list(409, bad=BadPerson(typed, {"email": in_words(error)}), email=email)
        told = _("Đã gửi thư mời %(name)s. Liên kết trong thư dùng được 72 giờ.", name=user.name)
        flash(told + self._warned(standing.roles), "good")
        return redirect(url_for("desk.account_of", user_id=user.id), 303)

    def account_of(self, user_id: UUID) -> ResponseReturnValue:
        """Show one account."""
        return self._page(user_id)

    def _page(
        self, user_id: UUID, status: int = 200, *, bad: BadPerson | None = None, error: str = ""
    ) -> tuple[str, int]:
        with self.begin() as db:
            user, directory = _account(db, user_id), Directory.read(db)
            stands = people.standing_of(user)
            return self.show(
                db,
                "person.html",
                status,
                account=user,
                typed=bad.typed if bad else typed_of(stands, directory),
                errors=bad.errors if bad else {},
                error=error,
                seen=_written(stands),
                sessions=sessions.of_user(db, user.id, self.tools.keys, self.now),
                undo=session.pop(UNDO, None) if status < 300 else None,
                **_choices(directory),
            )

    def change(self, user_id: UUID) -> ResponseReturnValue:
        """Change name, roles and field of view."""
        typed = typed_person()
        try:
            with self.begin() as db:
                user, directory = _account(db, user_id), Directory.read(db)
                before = people.standing_of(user)
                wanted = checked_person(typed, directory)
                if request.form.get("seen") != _written(before):
                    raise people.ChangedMeanwhile
                people.change(db, user, wanted, self.tools.house, self.now, by=person().email, seen=before)
        except BadPerson as bad:
            return self._page(user_id, 422, bad=bad)
        except PermanentError as error:
            return self._page(user_id, 409, bad=BadPerson(typed, {}), error=in_words(error))
        self._offer_undo(
            "desk.change_account", user_id, _fields(typed_of(before, directory)) | {"seen": _written(wanted)}
        )
        flash(
            _("Đã lưu. Có hiệu lực ngay ở lần bấm kế tiếp của người này.") + self._warned(wanted.roles - before.roles),
            "good",
        )
        return redirect(url_for("desk.account_of", user_id=user_id), 303)

    def set_active(self, user_id: UUID) -> ResponseReturnValue:
        """Close an account, or open it again."""
        on = request.form.get("on") == "1"
        problem = self._act(
            user_id, lambda db, user: users.set_active(db, user.email, self.now, active=on, by=person().email)
        )
        if problem:
            return self._page(user_id, 409, error=problem)
        self._offer_undo("desk.set_active", user_id, {"on": "" if on else "1"})
        opened, closed = _("Đã mở lại tài khoản."), _("Đã khóa tài khoản; mọi phiên đăng nhập của người này đã đóng.")
        flash(opened if on else closed, "good")
        return redirect(url_for("desk.account_of", user_id=user_id), 303)

    def send_link(self, user_id: UUID) -> ResponseReturnValue:
        """Mail the link again."""
        with self.begin() as db:
            user = _account(db, user_id)
            purpose = people.send_link(db, user, self.tools.house, self.now, by=person().email)
        hours = int(links.LASTS[purpose].total_seconds() // 3600)
        flash(
            _(
                "Đã gửi liên kết tới %(email)s, dùng được %(hours)s giờ. Liên kết cũ hết giá trị.",
                email=user.email,
                hours=hours,
            ),
            "good",
        )
        return redirect(url_for("desk.account_of", user_id=user_id), 303)

    def reset_factor(self, user_id: UUID) -> ResponseReturnValue:
        """Take the second factor away from somebody who lost it."""
        self._act(
            user_id, lambda db, user: people.reset_factor(db, user, self.tools.house, self.now, by=person().email)
        )
        flash(
            _("Đã đặt lại bước xác thực; người này thiết lập lại ở lần đăng nhập tới. Mọi phiên của họ đã đóng."),
            "good",
        )
        return redirect(url_for("desk.account_of", user_id=user_id), 303)

    def end_sessions(self, user_id: UUID) -> ResponseReturnValue:
        """End every session of a person."""

        def end(db: Session, user: User) -> None:
            count = sessions.end_all(db, user.id, self.now, by=person().email)
            audit.record(db, "sessions_ended", person().email, self.now, account=user.email, count=count)

        self._act(user_id, end)
        flash(_("Đã đóng mọi phiên đăng nhập của người này."), "good")
        return redirect(url_for("desk.account_of", user_id=user_id), 303)

    def _act(self, user_id: UUID, act: Callable[[Session, User], None]) -> str:
        try:
            with self.begin() as db:
                act(db, _account(db, user_id))
        except users.LastOperator as error:
            return in_words(error)
        return ""

    def _offer_undo(self, endpoint: str, user_id: UUID, fields: dict[str, Any]) -> None:
        session[UNDO] = {"path": url_for(endpoint, user_id=user_id), "fields": fields}

    def _warned(self, gained: frozenset[Role]) -> str:
        if not reads_secrets(gained):
            return ""
        return " " + str(_("Người giữ danh tính và chánh thanh tra đã được báo về quyền đọc nội dung mật."))


def _account(db: Session, user_id: UUID) -> User:
    user = db.get(User, user_id)
    if user is None:
        abort(404, "Không có tài khoản này.")
    return user


def _choices(directory: Directory) -> dict[str, Any]:
    return {
        "directory": directory,
        "ROLE_NAMES": ROLE_NAMES,
        "UNIT_ROLES": UNIT_ROLES,
        "TWO_FACTORS": TWO_FACTORS,
        "REGIONS": REGIONS,
    }


def _written(standing: Standing) -> str:
    """Write what a page shows into the page, to see later whether somebody else changed it."""
    return repr(standing.data())


def _fields(typed: TypedPerson) -> dict[str, Any]:
    """Write a person as the form would send them."""
    return {
        "name": typed.name,
        "roles": sorted(typed.roles),
        "unit": typed.unit,
        "lines": sorted(typed.lines),
        "regions": sorted(typed.regions),
    }
