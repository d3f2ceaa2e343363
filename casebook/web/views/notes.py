"""Internal notes: write one, take one's own away and put it back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.rules.policy import Permission
from casebook.service import notes
from casebook.web import forms
from casebook.web.case_sheet import CaseSheet, Unsaved
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.telling import in_words
from casebook.web.views.case import seen_case
from config.errors import PermanentError

LONGEST_NOTE = 5_000


@dataclass(frozen=True, slots=True)
class NoteViews(CaseSheet):
    """The addresses of a case's notes."""

    def routes(self) -> tuple[Route, ...]:
        """List the addresses."""
        of_case, handle, post = "/cases/<code>/notes", Permission.HANDLE_CASES, ("POST",)
        one = f"{of_case}/<uuid:note_id>"
        return (
            Route(of_case, "add_note", self.add, handle, post),
            Route(f"{one}/remove", "remove_note", self.remove, handle, post),
            Route(f"{one}/restore", "restore_note", self.restore, handle, post),
        )

    def add(self, code: str) -> ResponseReturnValue:
        """Write a note."""
        words = forms.paragraphs("words", LONGEST_NOTE)
        if not words:
            return self._refused(code, _("Hãy ghi nội dung ghi chú."), 422)
        with self.begin() as session:
            case = seen_case(session, code, lock=True)
            notes.add(session, case, words, keys=self.tools.keys, now=self.now, actor=person().email)
        flash(_("Đã thêm ghi chú."), "good")
        return self._back(code)

    def remove(self, code: str, note_id: UUID) -> ResponseReturnValue:
        """Take one's own note away."""
        return self._change(code, note_id, _("Đã gỡ ghi chú. Bấm “Lấy lại” bên dưới nếu gỡ nhầm."), back=False)

    def restore(self, code: str, note_id: UUID) -> ResponseReturnValue:
        """Put one's own note back."""
        return self._change(code, note_id, _("Đã lấy lại ghi chú."), back=True)

    def _change(self, code: str, note_id: UUID, told: str, *, back: bool) -> ResponseReturnValue:
        change = notes.restore if back else notes.remove
        try:
            with self.begin() as session:
                case = seen_case(session, code, lock=True)
                change(session, case, note_id, now=self.now, actor=person().email)
        except PermanentError as error:
            return self._refused(code, in_words(error), 409)
        flash(told, "good")
        return self._back(code)

    def _back(self, code: str) -> ResponseReturnValue:
        return redirect(url_for("desk.case", code=code) + "#notes", 303)

    def _refused(self, code: str, problem: str, status: int) -> ResponseReturnValue:
        with self.begin() as session:
            return self.sheet(session, seen_case(session, code), status, unsaved=Unsaved(problem))
