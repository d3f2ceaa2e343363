"""The inspector's decision about a unit's answer: take it, or send it back saying why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.rules.policy import Permission
from casebook.service import claims, replies, review
from casebook.service.review import StaleCase
from casebook.web import forms
from casebook.web.case_sheet import CaseSheet, Unsaved
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.telling import in_words
from casebook.web.tools import Directory
from casebook.web.views.case import seen_case
from config.errors import PermanentError

SEND_BACK = "send_back"
"""Under which name words that could not be taken are shown again."""

CLOSED = "Đã chấp nhận trả lời và kết thúc phản ánh."
ACCEPTED = "Đã chấp nhận trả lời của đơn vị."
TOLD = "Đã gửi lại đơn vị, kèm thư báo."
NOT_TOLD = "Đã gửi lại, nhưng đơn vị không có địa chỉ thư trong danh bạ: hãy gọi báo cho họ."


@dataclass(frozen=True, slots=True)
class ReplyViews(CaseSheet):
    """The addresses of the decision."""

    def routes(self) -> tuple[Route, ...]:
        """List the addresses."""
        reply, handle, post = "/cases/<code>/reply", Permission.HANDLE_CASES, ("POST",)
        return (
            Route(f"{reply}/accept", "accept_reply", self.accept, handle, post),
            Route(f"{reply}/return", "return_reply", self.send_back, handle, post),
        )

    def accept(self, code: str) -> ResponseReturnValue:
        """Take the answer; with the usual button the case ends with it."""
        words, close = forms.paragraphs("words", forms.LONGEST_WHY), request.form.get("do") != "keep"

        def decide(session: Session, case: Case) -> str:
            replies.accept(session, case, close=close, why=words, now=self.now, actor=person().email)
            return CLOSED if close else ACCEPTED

        return self._decide(code, words, decide)

    def send_back(self, code: str) -> ResponseReturnValue:
        """Ask the unit to answer anew."""
        words = forms.paragraphs("words")
        if not words:
            return self._refused(code, Unsaved(_("Hãy ghi đơn vị cần bổ sung gì."), acts={SEND_BACK: ""}), 422)

        def decide(session: Session, case: Case) -> str:
            office = Directory.read(session).office(self.tools)
            told = replies.send_back(session, case, words, office, now=self.now, actor=person().email)
            return TOLD if told else NOT_TOLD

        return self._decide(code, words, decide)

    def _decide(self, code: str, words: str, decide: Callable[[Session, Case], str]) -> ResponseReturnValue:
        try:
            with self.begin() as session:
                case = seen_case(session, code, lock=True)
                with claims.at_work(session, case, actor=person().email, now=self.now):
                    review.check_unchanged(case, forms.number("version"))
                    told = decide(session, case)
        except StaleCase:
            changed = _("Phản ánh vừa được người khác thay đổi. Hãy xem lại; những gì bạn gõ vẫn còn bên dưới.")
            return self._refused(code, Unsaved(changed, acts={SEND_BACK: words}))
        except PermanentError as error:
            return self._refused(code, Unsaved(in_words(error), acts={SEND_BACK: words}))
        flash(_(told), "good")
        return redirect(url_for("desk.case", code=code), 303)

    def _refused(self, code: str, unsaved: Unsaved, status: int = 409) -> ResponseReturnValue:
        with self.begin() as session:
            return self.sheet(session, seen_case(session, code), status, unsaved=unsaved)
