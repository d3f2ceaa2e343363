"""What an inspector does with a case: save, confirm, send, correct, answer, close. Every act is a POST."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.rules.policy import Permission
from casebook.rules.states import Action, Status
from casebook.service import cases, claims, replies, review
from casebook.service.review import StaleCase
from casebook.web import forms
from casebook.web.case_sheet import CaseSheet, Unsaved
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.telling import in_words
from casebook.web.tools import Directory
from casebook.web.undo_note import say, undo_number
from casebook.web.views.case import admit_correction, seen_case
from casebook.web.views.queue import Queue
from config.errors import PermanentError
from transcription.errors import StaleRevision

CHANGED = "Phản ánh vừa được người khác thay đổi. Hãy xem lại; những gì bạn gõ vẫn còn bên dưới."

DONE = {
    "save": "Đã lưu.",
    "confirm": "Đã xác nhận. Phiếu chuyển sẽ được gửi ở lượt chuyển tới.",
    "forward": "Đã xác nhận. Phiếu chuyển đang được gửi đi.",
    Action.ACKNOWLEDGE: "Đã ghi: đơn vị đã nhận.",
    Action.REPLY: "Đã ghi trả lời của đơn vị.",
    Action.CLOSE: "Đã kết thúc phản ánh.",
    Action.SET_ASIDE: "Đã chuyển sang “Không xử lý tiếp”. Có thể mở lại bất cứ lúc nào.",
    Action.REOPEN: "Đã mở lại phản ánh.",
    Action.CHANGE_UNIT: "Đã đổi đơn vị; phản ánh chờ chuyển tới đơn vị mới.",
    Action.RETURN: "Đã trả về “Chờ kiểm tra”.",
}

NEEDS_WORDS = {
    Action.REPLY: "Hãy ghi nội dung trả lời của đơn vị.",
    Action.CLOSE: "Hãy ghi lý do kết thúc.",
    Action.SET_ASIDE: "Hãy ghi lý do không xử lý tiếp.",
    Action.REOPEN: "Hãy ghi lý do mở lại.",
}


class MissingWords(PermanentError):
    """Cần ghi thêm nội dung."""


@dataclass(frozen=True, slots=True)
class Acts(CaseSheet):
    """The buttons of a case's page."""

    def routes(self) -> tuple[Route, ...]:
        """List the addresses that the buttons post to."""
        case, handle, post = "/cases/<code>", Permission.HANDLE_CASES, ("POST",)
        return (
            Route(f"{case}/form", "save_case", self.save, handle, post),
            Route(f"{case}/act/<action>", "act", self.act, handle, post),
            Route(f"{case}/hold", "hold", self.hold, Permission.HOLD, post),
            Route(f"{case}/answers/<uuid:recording_id>", "correct", self.correct, handle, post),
        )

    def save(self, code: str) -> ResponseReturnValue:
        """Save the case form; with the button pressed, also confirm and send."""
        do, typed = request.form.get("do", "save"), forms.typed_case_form()
        try:
            with self.begin() as session:
                case = seen_case(session, code, lock=True)
                directory = Directory.read(session)
                form = forms.checked(typed, review.form_of(case), directory.units, self.tools.areas)
                with self._at_work(session, case):
                    review.check_unchanged(case, forms.number("version"), forms.seen())
                    self._save(session, case, form, do, directory)
                number = undo_number(session, case, self.tools)
        except forms.BadForm as error:
            return self._refused(code, Unsaved(in_words(error), form=typed, errors=error.errors), 422)
        except StaleCase:
            return self._refused(code, Unsaved(_(CHANGED), form=typed, clash=True))
        except PermanentError as error:
            return self._refused(code, Unsaved(in_words(error), form=typed))
        say(_(DONE.get(do, DONE["save"])), code, number)
        return Queue(self.tools).onwards(code)

    def _save(self, session: Session, case: Case, form: review.CaseForm, do: str, directory: Directory) -> None:
        actor, now = person().email, self.now
        review.save(session, case, form, now=now, actor=actor)
        if do in {"confirm", "forward"} and case.status == Status.REVIEW:
            review.confirm(session, case, now=now, actor=actor)
        if do == "forward":
            review.send_now(session, case, directory.units, now=now, actor=actor)

    def act(self, code: str, action: str) -> ResponseReturnValue:
        """Take one of the actions that need no more than a few words."""
        act = self._acts().get(action)
        if act is None:
            abort(404)
        words = forms.paragraphs("words", forms.LONGEST_TEXT)
        try:
            with self.begin() as session:
                case = seen_case(session, code, lock=True)
                with self._at_work(session, case):
                    review.check_unchanged(case, forms.number("version"))
                    if not words and Action(action) in NEEDS_WORDS:
                        raise MissingWords(NEEDS_WORDS[Action(action)])
                    act(session, case, words)
                number = undo_number(session, case, self.tools)
        except StaleCase:
            return self._refused(code, Unsaved(_(CHANGED), acts={action: words}))
        except PermanentError as error:
            return self._refused(code, Unsaved(in_words(error), acts={action: words}))
        say(_(DONE[Action(action)]), code, number)
        return Queue(self.tools).onwards(code)

    def _at_work(self, session: Session, case: Case) -> AbstractContextManager[None]:
        """Let nobody act on a case that another person holds; what is done with one's own keeps it, or ends it."""
        return claims.at_work(session, case, actor=person().email, now=self.now)

    def _acts(self) -> dict[str, Callable[[Session, Case, str], object]]:
        now, actor, keys = self.now, person().email, self.tools.keys
        return {
            Action.ACKNOWLEDGE: lambda s, case, _: cases.acknowledge(s, case, now=now, actor=actor),
            Action.REPLY: lambda s, case, words: replies.give(s, case, words, keys=keys, now=now, actor=actor),
            Action.CLOSE: lambda s, case, words: cases.close(s, case, now=now, actor=actor, why=words),
            Action.SET_ASIDE: lambda s, case, words: cases.set_aside(s, case, now=now, actor=actor, why=words),
            Action.REOPEN: lambda s, case, words: cases.reopen(s, case, now=now, actor=actor, why=words),
            Action.CHANGE_UNIT: self._change_unit,
            Action.RETURN: lambda s, case, _: review.return_to_queue(s, case, now=now, actor=actor),
        }

    def _change_unit(self, session: Session, case: Case, words: str) -> None:
        unit, problem = forms.named_unit(words, Directory.read(session).units, self.tools.areas)
        if unit is None:
            raise MissingWords(problem)
        review.change_unit(session, case, unit.slug, now=self.now, actor=person().email)

    def hold(self, code: str) -> ResponseReturnValue:
        """Keep the case's recordings past their time, or let them go again, saying why."""
        words, on = forms.paragraphs("words", forms.LONGEST_TEXT), request.form.get("on") == "1"
        if not words:
            return self._refused(code, Unsaved(_("Hãy ghi lý do, ví dụ số văn bản yêu cầu.")), 422)
        # In front of the wall: a recording stays held while another of its cases is, seen by this person or not.
        with self.tools.database.begin() as session:
            case = seen_case(session, code, lock=True)
            cases.hold(session, case, on=on, now=self.now, actor=person().email, why=words)
        flash(_("Đã giữ bản ghi.") if on else _("Đã thôi giữ bản ghi."), "good")
        return redirect(url_for("desk.case", code=code), 303)

    def correct(self, code: str, recording_id: UUID) -> ResponseReturnValue:
        """Save a corrected transcript as a new revision; the later of two savers sees the difference."""
        text, user = forms.paragraphs("text"), person()
        try:
            with self.begin() as session:
                case = seen_case(session, code, lock=True)
                admit_correction(session, case, recording_id, self.tools.secret)
                with self._at_work(session, case):
                    revision = review.correct_transcript(
                        session,
                        case,
                        recording_id,
                        text,
                        based_on=forms.number("revision"),
                        keys=self.tools.keys,
                        understand=self.tools.understand,
                        actor=user.email,
                        now=self.now,
                    )
        except claims.HeldByAnother as error:
            return self._refused(code, Unsaved(in_words(error), words={recording_id: text}))
        except StaleRevision:
            problem = _("Người khác vừa lưu bản chép lời này. Chữ của bạn vẫn còn: xem chỗ khác nhau rồi lưu lại.")
            return self._refused(code, Unsaved(problem, words={recording_id: text}))
        flash(_("Đã lưu bản chép lời (lần %(n)s).", n=revision), "good")
        return redirect(url_for("desk.case", code=code) + f"#answer-{recording_id}", 303)

    def _refused(self, code: str, unsaved: Unsaved, status: int = 409) -> ResponseReturnValue:
        """Show the case as it stands, with what was typed and why it was not taken."""
        with self.begin() as session:
            return self.sheet(session, seen_case(session, code), status, unsaved=unsaved)
