"""The unit's pages: the cases that were sent to it, what it answers, and nothing of the Department's work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.queries import unit_page
from casebook.queries.unit_page import Show, read_asked
from casebook.queries.visible import find_for_unit
from casebook.rules import states, wording
from casebook.rules.file_types import ACCEPTED, FileKind, without_metadata
from casebook.rules.policy import Permission
from casebook.rules.states import Action, Status
from casebook.service import audit, cases, files, forwarding, replies
from casebook.service.files import BadFiles
from casebook.web import forms, uploads
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.shown import Views
from casebook.web.spreadsheets import MEDIA_TYPE, moment_cell, spreadsheet
from casebook.web.telling import in_words
from casebook.web.tools import Directory
from casebook.web.views.files import as_attachment
from config.clock import local
from config.directory.units import Unit
from config.errors import HotlineError, TemporaryError

TABS = {
    Show.WAITING: "Chờ trả lời",
    Show.NEW: "Mới",
    Show.ACKNOWLEDGED: "Đã nhận",
    Show.LATE: "Quá hạn",
    Show.ANSWERED: "Đã trả lời",
    Show.CLOSED: "Đã kết thúc",
    Show.ALL: "Tất cả",
}

STATUSES = {
    Status.FORWARDED: "Mới chuyển đến",
    Status.ACKNOWLEDGED: "Đã nhận, chờ trả lời",
    Status.ANSWERED: "Đã trả lời",
    Status.CLOSED: "Đã kết thúc",
}
"""How a case stands, told from the unit's side."""

REPLY_STATES = {
    replies.GIVEN: "Thanh tra Sở đang xem",
    replies.ACCEPTED: "Được chấp nhận",
    replies.SENT_BACK: "Đề nghị trả lời lại",
}

COLUMNS = (
    "Mã số",
    "Tình trạng",
    "Lĩnh vực",
    "Cơ sở được phản ánh",
    "Mức",
    "Tóm tắt",
    "Chuyển đến",
    "Hạn trả lời",
    "Đã trả lời",
    "Đã kết thúc",
)


@dataclass(frozen=True, slots=True)
class UnitPages(Views):
    """The pages of a unit's people."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        read, answer, post = Permission.READ_UNIT_CASES, Permission.ANSWER_FOR_UNIT, ("POST",)
        of_case = "/unit/cases/<code>"
        return (
            Route("/unit", "unit_cases", self.listing, read),
            Route("/unit/export", "unit_export", self.export, read, post),
            Route(of_case, "unit_case", self.case, read),
            Route(f"{of_case}/acknowledge", "unit_acknowledge", self.acknowledge, answer, post),
            Route(f"{of_case}/reply", "unit_reply", self.reply, answer, post),
            Route(f"{of_case}/files/<uuid:file_id>", "unit_file", self.file, read),
        )

    def listing(self) -> ResponseReturnValue:
        """Show the cases that were sent to the person's unit."""
        asked, viewer = read_asked(request.args), person().viewer
        with self.begin() as session:
            rows, more = unit_page.page(session, viewer, asked, self.now)
            return self.show(
                session,
                "unit_list.html",
                asked=asked,
                rows=rows,
                more=more,
                # To read every summary of a large unit twice takes too long.
                counts=None if asked.text else unit_page.counts(session, viewer, self.now),
                counted=unit_page.COUNTED,
                tabs=TABS,
                statuses=STATUSES,
                units=(units := Directory.read(session).units),
                unit=units.get(viewer.unit or ""),
            )

    def export(self) -> ResponseReturnValue:
        """Give the list as a CSV file, having written down who took what."""
        asked, user, now = read_asked(request.args), person(), self.now
        with self.begin() as session:
            units = Directory.read(session).units
            rows = list(unit_page.every_row(session, user.viewer, asked, now))
            audit.record(session, "exported", user.email, now, rows=len(rows), unit=user.viewer.unit, show=asked.show)
        headers = {"Content-Disposition": f'attachment; filename="phan-anh-don-vi-{local(now):%Y%m%d-%H%M}.csv"'}
        return Response(
            spreadsheet(COLUMNS, (_cells(row, units) for row in rows)), mimetype=MEDIA_TYPE, headers=headers
        )

    def case(self, code: str) -> ResponseReturnValue:
        """Show a case to its unit."""
        with self.begin() as session:
            return self._sheet(session, self._found(session, code))

    def _found(self, session: Session, code: str, *, lock: bool = False) -> Case:
        case = find_for_unit(session, person().viewer, code, lock=lock)
        if case is None:
            abort(404, _("Không có phản ánh với mã này trong các phản ánh chuyển đến đơn vị bạn."))
        return case

    def _sheet(
        self, session: Session, case: Case, status: int = 200, *, words: str = "", problems: Iterable[str] = ()
    ) -> tuple[str, int]:
        """Render the case's page, with what was typed and could not be taken."""
        user, directory, keys = person(), Directory.read(session), self.tools.keys
        unit = user.viewer.unit or ""
        answerable = Action.REPLY in states.allowed(Status(case.status))
        return self.show(
            session,
            "unit_case.html",
            status,
            case=case,
            letter=forwarding.letter_values(session, case, directory.office(self.tools), self.now),
            unit=directory.units.get(unit),
            slug=unit,
            replies=replies.replies_of(session, case, keys, unit),
            reply_states=REPLY_STATES,
            statuses=STATUSES,
            files=unit_page.files_of(session, case, unit, keys),
            people=unit_page.colleagues(session, unit),
            may_answer=answerable and user.viewer.may(Permission.ANSWER_FOR_UNIT),
            accepted=ACCEPTED,
            words=words,
            problems=list(problems),
        )

    def acknowledge(self, code: str) -> ResponseReturnValue:
        """The unit has the case and works on it; pressed twice, it is done once."""
        with self.begin() as session:
            case = self._found(session, code, lock=True)
            if Status(case.status) is not Status.ACKNOWLEDGED:
                cases.acknowledge(session, case, now=self.now, actor=person().email)
        flash(_("Đã báo Thanh tra Sở: đơn vị đã nhận phản ánh."), "good")
        return redirect(url_for("desk.unit_case", code=code), 303)

    def reply(self, code: str) -> ResponseReturnValue:
        """Take the unit's answer with its files: all of it, or nothing with everything typed still there."""
        words = forms.paragraphs("words")
        if not uploads.sent_as_upload():
            notice = _("Chữ bạn gõ vẫn còn, chưa gửi. Nếu có tệp đính kèm, hãy chọn lại rồi bấm Gửi trả lời.")
            return self._refused(code, words, [notice], 200)
        if not words:
            return self._refused(code, words, [_("Hãy ghi nội dung trả lời.")], 422)
        try:
            self._take(code, words, files.check(uploads.uploaded()))
        except BadFiles as error:
            again = _("Chưa gửi. Chữ bạn gõ vẫn còn; hãy chọn lại các tệp.")
            return self._refused(code, words, [*uploads.reasons(error), again], 422)
        except HotlineError as error:
            return self._refused(code, words, [in_words(error)], 503 if isinstance(error, TemporaryError) else 409)
        flash(_("Đã gửi trả lời. Thanh tra Sở sẽ xem và phản hồi tại đây."), "good")
        return redirect(url_for("desk.unit_case", code=code), 303)

    def _take(self, code: str, words: str, sent: tuple[files.CheckedFile, ...]) -> None:
        tools, actor = self.tools, person().email
        with self.begin() as session:
            # Asked first, so that nothing is kept for a case that takes no answer.
            states.after(Status(self._found(session, code).status), Action.REPLY)
        # No transaction is open while the store is written.
        files.keep(sent, tools.store, tools.keys)
        with self.begin() as session:
            case = self._found(session, code, lock=True)
            reply = replies.give(session, case, words, keys=tools.keys, now=self.now, actor=actor)
            files.attach(session, case, sent, keys=tools.keys, now=self.now, actor=actor, reply=reply)

    def _refused(self, code: str, words: str, problems: list[str], status: int) -> ResponseReturnValue:
        with self.begin() as session:
            return self._sheet(session, self._found(session, code), status, words=words, problems=problems)

    def file(self, code: str, file_id: UUID) -> ResponseReturnValue:
        """Give a file; the unit's copy of a photo does not say where, when and with what it was taken."""
        user = person()
        with self.begin() as session:
            case = self._found(session, code)
            unit = user.viewer.unit or ""
            row = unit_page.file_of(session, case, unit, file_id)
            if row is None:
                abort(404, _("Không có tệp này, hoặc tệp đã được gỡ."))
            shown = {file.id: file.name for file in unit_page.files_of(session, case, unit, self.tools.keys)}
            files.note_taken(session, row, now=self.now, actor=user.email)
        # No transaction is open while the store is read.
        data = files.bytes_of(row, self.tools.store, self.tools.keys)
        kind = FileKind(row.content_type)
        return as_attachment(without_metadata(data, kind), kind, shown[row.id])


def _cells(row: unit_page.Row, units: dict[str, Unit]) -> tuple[str, ...]:
    subject = units.get(row.subject_unit or "")
    return (
        row.code,
        STATUSES[Status(row.status)],
        wording.category(row.category),
        subject.name if subject else row.subject_text or "",
        str(row.level),
        row.summary,
        *(moment_cell(at) for at in (row.forwarded_at, row.due_at, row.answered_at, row.closed_at)),
    )
