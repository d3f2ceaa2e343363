"""Taking back the last act on a case: the button beside what was just said to be done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.rules.policy import Permission
from casebook.service import claims, undoing
from casebook.web import forms
from casebook.web.case_sheet import CaseSheet, Unsaved
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.telling import in_words
from casebook.web.views.case import seen_case
from config.errors import PermanentError


@dataclass(frozen=True, slots=True)
class Undo(CaseSheet):
    """The button that undoes."""

    def routes(self) -> tuple[Route, ...]:
        """List the address."""
        return (Route("/cases/<code>/undo", "undo_act", self.undo, Permission.HANDLE_CASES, ("POST",)),)

    def undo(self, code: str) -> ResponseReturnValue:
        """Take the last act back, if it is the one that the button was made for."""
        actor = person().email
        try:
            with self.begin() as session:
                case = seen_case(session, code, lock=True)
                with claims.at_work(session, case, actor=actor, now=self.now):
                    undoing.undo(session, case, forms.number("event"), now=self.now, actor=actor)
        except PermanentError as error:
            with self.begin() as session:
                return self.sheet(session, seen_case(session, code), 409, unsaved=Unsaved(in_words(error)))
        flash(_("Đã hoàn tác."), "good")
        return redirect(url_for("desk.case", code=code), 303)
