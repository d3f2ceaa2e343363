"""Muting callers who only disturb, and the list of those who are muted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.queries import muted as queries
from casebook.queries.muted import Muted
from casebook.rules import wording
from casebook.rules.policy import Permission
from casebook.service import muting
from casebook.service.cases import CALLER_CONTEXT
from casebook.web import forms
from casebook.web.case_sheet import CaseSheet, Unsaved
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.telling import in_words
from casebook.web.tools import Directory
from casebook.web.undo_note import offer_undo
from casebook.web.views.case import seen_case
from config.errors import PermanentError
from config.phone import masked


@dataclass(frozen=True, slots=True)
class Muting(CaseSheet):
    """The list of muted numbers and its buttons."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        mute, post = Permission.MUTE_CALLERS, ("POST",)
        return (
            Route("/muted", "muted", self.muted, mute),
            Route("/cases/<code>/mute", "mute", self.mute, mute, post),
            Route("/muted/<uuid:mute_id>/lift", "lift_mute", self.lift, mute, post),
            Route("/muted/<uuid:mute_id>/restore", "restore_mute", self.restore, mute, post),
        )

    def muted(self) -> ResponseReturnValue:
        """Show the muted numbers, masked."""
        with self.begin() as session:
            found = queries.muted_callers(session, person().viewer, self.now)
            names = Directory.read(session).names(session)
            return self.show(session, "muted.html", muted=[(each, self._masked(each)) for each in found], names=names)

    def _masked(self, muted: Muted) -> str:
        if muted.caller_sealed is None:
            return str(_("Số của phản ánh bạn không được xem"))
        return masked(self.tools.keys.open(muted.caller_sealed, CALLER_CONTEXT).decode())

    def mute(self, code: str) -> ResponseReturnValue:
        """Mute the caller of a case, saying why and for how long."""
        days, why, actor = forms.number("days"), forms.line("why", forms.LONGEST_WHY), person().email
        try:
            with self.begin() as session:
                case = seen_case(session, code, lock=True)
                muted = muting.mute(session, case, days, why=why, now=self.now, actor=actor)
                mute_id, until = muted.id, wording.moment(muted.until, _)
        except PermanentError as error:
            with self.begin() as session:
                return self.sheet(session, seen_case(session, code), 409, unsaved=Unsaved(in_words(error)))
        offer_undo(_("Đã tạm chặn số này đến %(when)s.", when=until), url_for("desk.lift_mute", mute_id=mute_id))
        return redirect(url_for("desk.case", code=code), 303)

    def lift(self, mute_id: UUID) -> ResponseReturnValue:
        """End a mute before its time."""
        try:
            with self.begin() as session:
                muting.lift(session, mute_id, now=self.now, actor=person().email)
        except PermanentError as error:
            flash(in_words(error), "bad")
        else:
            offer_undo(_("Đã bỏ chặn."), url_for("desk.restore_mute", mute_id=mute_id))
        return redirect(url_for("desk.muted"), 303)

    def restore(self, mute_id: UUID) -> ResponseReturnValue:
        """Undo the end of a mute."""
        try:
            with self.begin() as session:
                muting.restore(session, mute_id, now=self.now, actor=person().email)
        except PermanentError as error:
            flash(in_words(error), "bad")
        else:
            flash(_("Số này lại bị tạm chặn như trước."), "good")
        return redirect(url_for("desk.muted"), 303)
