"""Going back to an older transcript, by making it the newest again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.rules.policy import Permission
from casebook.service import claims, review
from casebook.web import forms
from casebook.web.case_sheet import CaseSheet, Unsaved
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.telling import in_words
from casebook.web.views.case import admit_correction, seen_case
from config.errors import PermanentError
from transcription.errors import StaleRevision


@dataclass(frozen=True, slots=True)
class Revisions(CaseSheet):
    """The buttons of a transcript's history."""

    def routes(self) -> tuple[Route, ...]:
        """List the addresses that the buttons post to."""
        address = "/cases/<code>/answers/<uuid:recording_id>/restore"
        return (Route(address, "restore", self.restore, Permission.HANDLE_CASES, ("POST",)),)

    def restore(self, code: str, recording_id: UUID) -> ResponseReturnValue:
        """Keep an older revision as a new one, so that nothing is lost either way."""
        try:
            revision = self._restored(code, recording_id)
        except StaleRevision:
            return self._refused(code, _("Người khác vừa lưu bản chép lời này. Hãy xem lại rồi chọn bản muốn giữ."))
        except PermanentError as error:
            return self._refused(code, in_words(error))
        flash(_("Đã trở lại bản cũ, lưu thành lần %(n)s.", n=revision), "good")
        return redirect(url_for("desk.case", code=code) + f"#answer-{recording_id}", 303)

    def _restored(self, code: str, recording_id: UUID) -> int:
        with self.begin() as session:
            case = seen_case(session, code, lock=True)
            admit_correction(session, case, recording_id, self.tools.secret)
            with claims.at_work(session, case, actor=person().email, now=self.now):
                return review.restore_transcript(
                    session,
                    case,
                    recording_id,
                    forms.number("restore"),
                    based_on=forms.number("revision"),
                    keys=self.tools.keys,
                    understand=self.tools.understand,
                    actor=person().email,
                    now=self.now,
                )

    def _refused(self, code: str, problem: str) -> ResponseReturnValue:
        with self.begin() as session:
            return self.sheet(session, seen_case(session, code), 409, unsaved=Unsaved(problem))
