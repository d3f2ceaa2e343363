"""Who called: inspectors ask and look, custodians decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.rules.policy import Permission
from casebook.service import identity
from casebook.web import forms
from casebook.web.case_sheet import CaseSheet, Unsaved
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.proofs import Proofs
from casebook.web.telling import in_words
from casebook.web.tools import Directory
from casebook.web.views.case import seen_case
from config.errors import PermanentError

ASK, NOW = "identity", "identity_now"
"""Names of the forms, under which what was typed is shown again."""


@dataclass(frozen=True, slots=True)
class Identity(CaseSheet):
    """The custody of who called."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        case, look, keep, post = "/cases/<code>/identity", Permission.ASK_IDENTITY, Permission.GRANT_IDENTITY, ("POST",)
        return (
            Route(case, "identity", self.ask, look, post),
            Route(f"{case}/look", "look_identity", self.look, look, post),
            Route(f"{case}/now", "break_glass", self.break_glass, look, post),
            Route("/identity", "identity_requests", self.requests, keep),
            Route("/identity/<uuid:request_id>", "decide_identity", self.decide, keep, post),
        )

    def ask(self, code: str) -> ResponseReturnValue:
        """Ask the custodians for a look, saying why."""
        why = forms.line("why", forms.LONGEST_WHY)
        if len(why) < forms.SHORTEST_WHY:
            return self._refused(code, _("Hãy ghi lý do xem danh tính (ít nhất 5 ký tự)."), {ASK: why})
        try:
            with self.begin() as session:
                case = seen_case(session, code, lock=True)
                identity.ask(session, case, why, self.tools.house, now=self.now, actor=person().email)
        except identity.AskedAlready as error:
            return self._refused(code, in_words(error), {}, 409)
        flash(_("Đã gửi yêu cầu tới người giữ danh tính. Bạn sẽ nhận thư khi có quyết định."), "good")
        return redirect(url_for("desk.case", code=code) + "#identity", 303)

    def look(self, code: str) -> ResponseReturnValue:
        """Show who called after a grant and a fresh proof; the look is an event of the case."""
        return self._show(
            code, {}, lambda session, case: identity.look(session, case, now=self.now, actor=person().email)
        )

    def break_glass(self, code: str) -> ResponseReturnValue:
        """Show who called at once, because a life is in danger; the custodians are told."""
        why, viewer = forms.line("why", forms.LONGEST_WHY), person().viewer
        if len(why) < forms.SHORTEST_WHY:
            return self._refused(code, _("Hãy ghi lý do xem danh tính (ít nhất 5 ký tự)."), {NOW: why})
        return self._show(
            code,
            {NOW: why},
            lambda session, case: identity.break_glass(session, case, viewer, why, self.tools.house, self.now),
        )

    def _show(self, code: str, typed: dict[str, str], write: Callable[[Session, Case], None]) -> ResponseReturnValue:
        with self.begin() as session:
            # Who may not see the case is not asked to prove anything about it.
            seen_case(session, code)
        problem = Proofs(self.tools).problem()
        if problem:
            return self._refused(code, problem, typed)
        try:
            with self.begin() as session:
                case = seen_case(session, code, lock=True)
                write(session, case)
                return self.sheet(session, case, identity=True)
        except identity.NoGrant as error:
            return self._refused(code, in_words(error), typed, 409)

    def _refused(self, code: str, problem: str, typed: dict[str, str], status: int = 422) -> tuple[str, int]:
        with self.begin() as session:
            return self.sheet(session, seen_case(session, code), status, unsaved=Unsaved(problem, acts=typed))

    def requests(self) -> ResponseReturnValue:
        """Show what waits for a custodian, and what was decided lately."""
        return self._requests_page()

    def _requests_page(
        self, status: int = 200, *, error: str = "", typed: dict[UUID, str] | None = None
    ) -> tuple[str, int]:
        with self.begin() as session:
            waiting, viewer = identity.waiting(session), person().viewer
            return self.show(
                session,
                "identity.html",
                status,
                waiting=[(one, identity.may_decide(session, one, viewer)) for one in waiting],
                decided=[(one, identity.is_good(one, self.now)) for one in identity.decided(session, self.now)],
                names=Directory.read(session).names(session),
                error=error,
                typed=typed or {},
            )

    def decide(self, request_id: UUID) -> ResponseReturnValue:
        """Grant, refuse or take back a look."""
        do, words = request.form.get("do", ""), forms.line("words", forms.LONGEST_WHY)
        viewer, house = person().viewer, self.tools.house
        try:
            # Past the wall: a custodian decides about cases that they do not see, and the decision is their event.
            with self.tools.database.begin() as session:
                if do == "withdraw":
                    done = identity.withdraw(session, request_id, viewer, house, self.now)
                else:
                    grant = do == "grant"
                    done = identity.decide(session, request_id, viewer, house, grant=grant, words=words, now=self.now)
        except PermanentError as error:
            return self._requests_page(409, error=in_words(error), typed={request_id: words})
        flash(self._told(do, done.code), "good")
        return redirect(url_for("desk.identity_requests"), 303)

    def _told(self, do: str, code: str) -> str:
        told = {
            "grant": _(
                "Đã đồng ý: người hỏi được xem phản ánh %(code)s trong 24 giờ. Có thể thu lại bên dưới.", code=code
            ),
            "withdraw": _("Đã thu lại việc xem danh tính phản ánh %(code)s.", code=code),
        }
        return str(told.get(do) or _("Đã từ chối; người hỏi nhận thư kèm lời của bạn (%(code)s).", code=code))
