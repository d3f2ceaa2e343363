"""Attachments on the Department's side: add, download, let the unit see, take off and put back."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Response, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.models import Case, CaseFile
from casebook.rules.file_types import FileKind, without_metadata
from casebook.rules.policy import Permission, sees_file, sees_words_in_full
from casebook.service import files
from casebook.service.files import BadFiles, NoSuchFile
from casebook.web import uploads
from casebook.web.case_sheet import CaseSheet, Unsaved
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.telling import in_words
from casebook.web.views.case import seen_case
from config.errors import PermanentError

FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Should a browser show a file after all, nothing in it runs, loads or knows us."""


@dataclass(frozen=True, slots=True)
class FileViews(CaseSheet):
    """The addresses of a case's files."""

    def routes(self) -> tuple[Route, ...]:
        """List the addresses."""
        of_case, handle, post = "/cases/<code>/files", Permission.HANDLE_CASES, ("POST",)
        one = f"{of_case}/<uuid:file_id>"
        return (
            Route(of_case, "add_files", self.add, handle, post),
            Route(one, "file", self.file, Permission.READ_CASES),
            Route(f"{one}/share", "share_file", self.share, handle, post),
            Route(f"{one}/remove", "remove_file", self.remove, handle, post),
            Route(f"{one}/restore", "restore_file", self.restore, handle, post),
        )

    def add(self, code: str) -> ResponseReturnValue:
        """Attach files: all of them, or none with the reason for each."""
        try:
            sent = files.check(uploads.uploaded())
            if not sent:
                raise PermanentError(_("Hãy chọn ít nhất một tệp."))
            twice = self._take(code, sent)
        except BadFiles as error:
            return self._refused(code, " ".join([*uploads.reasons(error), _("Chưa lưu tệp nào.")]))
        except PermanentError as error:
            return self._refused(code, in_words(error))
        if len(twice) < len(sent):
            flash(_("Đã thêm %(n)s tệp.", n=len(sent) - len(twice)), "good")
        for name in twice:
            flash(_("“%(name)s” đã có trong phản ánh, không lưu lần hai.", name=name), "good")
        return self._back(code)

    def _take(self, code: str, sent: tuple[files.CheckedFile, ...]) -> list[str]:
        tools = self.tools
        with self.begin() as session:
            seen_case(session, code)
        # No transaction is open while the store is written.
        files.keep(sent, tools.store, tools.keys)
        with self.begin() as session:
            case = seen_case(session, code, lock=True)
            return files.attach(session, case, sent, keys=tools.keys, now=self.now, actor=person().email)

    def file(self, code: str, file_id: UUID) -> ResponseReturnValue:
        """Give a file; who may not know the caller gets what the unit gets."""
        user = person()
        with self.begin() as session:
            row = self._row(session, seen_case(session, code), file_id)
            if row.removed_at is not None or not sees_file(user.viewer, shared=row.for_unit):
                abort(404, _("Không có tệp này, hoặc tệp đã được gỡ."))
            files.note_taken(session, row, now=self.now, actor=user.email)
        # No transaction is open while the store is read.
        data, kind = files.bytes_of(row, self.tools.store, self.tools.keys), FileKind(row.content_type)
        shown = data if sees_words_in_full(user.viewer) else without_metadata(data, kind)
        return as_attachment(shown, kind, files.name_of(row, self.tools.keys))

    def _row(self, session: Session, case: Case, file_id: UUID) -> CaseFile:
        try:
            return files.find(session, case, file_id)
        except NoSuchFile as error:
            abort(404, in_words(error))

    def share(self, code: str, file_id: UUID) -> ResponseReturnValue:
        """Let the unit see a file, or hide it again."""
        on = request.form.get("on") == "1"
        told = _("Đơn vị được xem tệp này.") if on else _("Đơn vị không còn xem được tệp này.")
        return self._change(
            code, file_id, told, lambda s, _case, row: files.share(s, row, on=on, now=self.now, actor=person().email)
        )

    def remove(self, code: str, file_id: UUID) -> ResponseReturnValue:
        """Take a file off the case; it can be put back."""
        told = _("Đã gỡ tệp. Bấm “Lấy lại” bên dưới nếu gỡ nhầm.")
        return self._change(
            code, file_id, told, lambda s, _case, row: files.remove(s, row, now=self.now, actor=person().email)
        )

    def restore(self, code: str, file_id: UUID) -> ResponseReturnValue:
        """Put a removed file back."""
        return self._change(
            code,
            file_id,
            _("Đã lấy lại tệp."),
            lambda s, case, row: files.restore(s, case, row, now=self.now, actor=person().email),
        )

    def _change(
        self, code: str, file_id: UUID, told: str, change: Callable[[Session, Case, CaseFile], None]
    ) -> ResponseReturnValue:
        try:
            with self.begin() as session:
                case = seen_case(session, code, lock=True)
                change(session, case, self._row(session, case, file_id))
        except PermanentError as error:
            return self._refused(code, in_words(error), 409)
        flash(told, "good")
        return self._back(code)

    def _back(self, code: str) -> ResponseReturnValue:
        return redirect(url_for("desk.case", code=code) + "#files", 303)

    def _refused(self, code: str, problem: str, status: int = 422) -> ResponseReturnValue:
        with self.begin() as session:
            return self.sheet(session, seen_case(session, code), status, unsaved=Unsaved(problem))


def as_attachment(data: bytes, kind: FileKind, name: str) -> Response:
    """Answer with a file that is saved and never shown: by its own type, which the browser may not guess anew."""
    answer = send_file(io.BytesIO(data), mimetype=kind.value, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
