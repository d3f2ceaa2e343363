"""Working through the queue: take a case, give it back, take it over, go on to the next."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.queries import listing
from casebook.queries.filters import Filters
from casebook.rules.policy import Permission
from casebook.service import cases, claims
from casebook.web import lane
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.shown import Views
from casebook.web.telling import in_words
from casebook.web.views.case import seen_case
from config.errors import PermanentError

NEXT = "next"
"""What a form says in `then` to go on to the next case."""


@dataclass(frozen=True, slots=True)
class Queue(Views):
    """The buttons that say who works on a case."""

    def routes(self) -> tuple[Route, ...]:
        """List the addresses."""
        case, handle, post = "/cases/<code>", Permission.HANDLE_CASES, ("POST",)
        return (
            Route("/next", "next_case", self.next_case, handle, post),
            Route(f"{case}/take", "take_case", self.take, handle, post),
            Route(f"{case}/give-back", "give_case_back", self.give_back, handle, post),
            Route(f"{case}/stay", "stay_on_case", self.stay, handle, post),
            Route(f"{case}/take-over", "take_case_over", self.take_over, Permission.TAKE_OVER, post),
        )

    def take(self, code: str) -> ResponseReturnValue:
        """Take a case and show it; somebody else's stays theirs."""
        try:
            with self.begin() as db:
                claims.take(db, seen_case(db, code).id, actor=person().email, now=self.now)
        except PermanentError as error:
            flash(in_words(error), "bad")
        return _to_case(code)

    def give_back(self, code: str) -> ResponseReturnValue:
        """Let others take the case; the person is not led to it again."""
        with self.begin() as db:
            case_id = seen_case(db, code).id
            given = claims.give_back(db, case_id, actor=person().email, now=self.now)
        if given:
            lane.pass_over(case_id)
        if not given:
            flash(_("Bạn không còn giữ phản ánh này."), "note")
        return _to_case(code)

    def stay(self, code: str) -> ResponseReturnValue:
        """Keep the case for longer: the page says that somebody is at work on it."""
        with self.begin() as db:
            kept = claims.renew(db, seen_case(db, code).id, actor=person().email, now=self.now)
        return Response(status=204 if kept else 409)

    def take_over(self, code: str) -> ResponseReturnValue:
        """Take a case from somebody: for oneself where one handles cases, else for anybody."""
        user = person()
        keep = user.viewer.may(Permission.HANDLE_CASES) and request.form.get("free") != "1"
        try:
            with self.begin() as db:
                claims.take_over(db, seen_case(db, code).id, actor=user.email, now=self.now, keep=keep)
        except PermanentError as error:
            flash(in_words(error), "bad")
        return _to_case(code)

    def next_case(self) -> ResponseReturnValue:
        """Take the first free case of the list that the person works through, and show it."""
        if "list" in request.form:
            lane.enter(lane.filters_of(request.form["list"]))
        wanted = lane.lane() or Filters()
        code = self._taken(wanted)
        if code is None:
            flash(_("Danh sách này không còn phản ánh nào đang chờ mà chưa ai giữ."), "note")
            return redirect(f"{url_for('desk.listing')}?{wanted.query()}", 303)
        lane.enter(wanted)
        return _to_case(code)

    def onwards(self, code: str) -> ResponseReturnValue:
        """After an act: to the next case where the form asked so, else back to the case."""
        if request.form.get("then") == NEXT:
            return self.next_case()
        lane.leave()
        return _to_case(code)

    def _taken(self, wanted: Filters) -> str | None:
        viewer, now, passed = person().viewer, self.now, lane.passed()
        with self.begin() as db:

            def free() -> UUID | None:
                return listing.next_free(db, viewer, wanted, now, passed)

            case_id = claims.take_next(db, free, actor=viewer.actor, now=now)
            return cases.get(db, case_id).code if case_id else None


def _to_case(code: str) -> ResponseReturnValue:
    return redirect(url_for("desk.case", code=code), 303)
