"""Correcting what is hidden before a case leaves, with the letter beside it exactly as it would leave."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.models import Case, CaseFile
from casebook.rules import marks
from casebook.rules.marks import Marks
from casebook.rules.policy import Permission
from casebook.rules.states import Status
from casebook.service import hearing, redactions, voice_copies, withholding
from casebook.service.withholding import Part
from casebook.web import forms
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.shown import Views
from casebook.web.views.case import seen_case
from config.errors import PermanentError


class WordsChanged(PermanentError):
    """Bản chép lời vừa được sửa; hãy xem lại chữ rồi che lại."""


@dataclass(frozen=True, slots=True)
class Redaction(Views):
    """The page of what is hidden, and its buttons."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        page, handle, post = "/cases/<code>/redaction", Permission.HANDLE_CASES, ("POST",)
        return (
            Route(page, "redaction", self.page, handle),
            Route(f"{page}/<uuid:recording_id>", "redact", self.redact, handle, post),
            Route(f"{page}/<uuid:recording_id>/undo", "redact_undo", self.undo, handle, post),
            Route(f"{page}/<uuid:recording_id>/voice", "disguise", self.disguise, handle, post),
        )

    def page(self, code: str) -> ResponseReturnValue:
        """Show every word that may leave, those that are hidden marked, and the letter."""
        with self.begin() as session:
            case = seen_case(session, code)
            parts = self._parts(session, case)
            return self.show(
                session, "redaction.html", case=case, parts=parts, copies=self._copies(session, case, parts)
            )

    def redact(self, code: str, recording_id: UUID) -> ResponseReturnValue:
        """Hide exactly the words that were chosen in one answer."""
        with self.begin() as session:
            case = seen_case(session, code, lock=True)
            part = self._part(session, case, recording_id)
            if part.revision != forms.number("revision"):
                raise WordsChanged
            made = marks.made(part.spoken.words, part.automatic, _chosen(part))
            self._mark(session, case, part, made)
        flash(_("Đã lưu phần che. Phiếu bên dưới là đúng bản sẽ gửi đi."), "good")
        return redirect(url_for("desk.redaction", code=code), 303)

    def undo(self, code: str, recording_id: UUID) -> ResponseReturnValue:
        """Go back to what was hidden before the last change."""
        with self.begin() as session:
            case = seen_case(session, code, lock=True)
            part = self._part(session, case, recording_id)
            self._mark(session, case, part, redactions.before_last(session, case, recording_id))
        flash(_("Đã trở về phần che trước đó."), "good")
        return redirect(url_for("desk.redaction", code=code), 303)

    def disguise(self, code: str, recording_id: UUID) -> ResponseReturnValue:
        """Have a copy of an answer made in another voice, silent where words are hidden."""
        with self.begin() as session:
            case = seen_case(session, code, lock=True)
            link = next((link for link in case.recordings if link.recording_id == recording_id), None)
            if link is None:
                abort(404)
            allowed = self.tools.audio_may_leave
            voice_copies.ask(session, case, link, allowed=allowed, now=self.now, actor=person().email)
        flash(_("Đang tạo bản đã đổi giọng. Tải lại trang sau ít giây, nghe thử rồi mới cho đơn vị nghe."), "good")
        return redirect(url_for("desk.redaction", code=code), 303)

    def _copies(self, session: Session, case: Case, parts: list[Part]) -> dict[UUID, list[CaseFile]]:
        """The copies of each answer whose sound may leave."""
        allowed = self.tools.audio_may_leave
        return {
            part.spoken.recording_id: voice_copies.copies_of(session, case, part.spoken.recording_id)
            for part in parts
            if voice_copies.may_leave(case, part.spoken.question, allowed=allowed)
        }

    def _parts(self, session: Session, case: Case) -> list[Part]:
        return withholding.parts_of(session, case, self.tools.keys, self.tools.understand)

    def _part(self, session: Session, case: Case, recording_id: UUID) -> Part:
        part = withholding.part_of(self._parts(session, case), recording_id)
        if part is None:
            abort(404)
        return part

    def _mark(self, session: Session, case: Case, part: Part, made: Marks) -> None:
        tools = self.tools
        redactions.mark(session, case, part.spoken, made, revision=part.revision, now=self.now, actor=person().email)
        voice_copies.withdraw(session, case, part.spoken.recording_id, now=self.now, actor=person().email)
        # The kept suggestion and the search text say what is hidden: both follow.
        heard, suggestion = hearing.understand_again(session, case, tools.keys, tools.understand)
        settled = Status(case.status) not in {Status.OPEN, Status.REVIEW}
        hearing.apply_suggestion(case, heard, suggestion, tools.keys, keep_fields=settled)


def _chosen(part: Part) -> frozenset[int]:
    """Read the places of the chosen words; what is no place of this answer is left out."""
    typed = request.form.getlist("hide")
    places = {int(text) for text in typed if text.isascii() and text.isdigit() and len(text) < 7}
    return frozenset(place for place in places if place < len(part.spoken.words))
