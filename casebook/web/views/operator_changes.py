"""What operators changed, newest first, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.models import DirectoryChange
from casebook.queries import directory_pages
from casebook.queries.directory_pages import A_PAGE
from casebook.service.directory_changes import Editor
from casebook.web.doors import Route
from casebook.web.telling import in_words
from casebook.web.views.operator import LARGEST_NUMBER, NEEDS, POST, OperatorViews, row_number
from config.directory.units import DirectoryError
from config.errors import PermanentError

TAB = "operator_changes"


@dataclass(frozen=True, slots=True)
class OperatorChanges(OperatorViews):
    """The page of changes, and its buttons."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        change = "/operator/changes/<int:change_id>"
        return (
            Route("/operator/changes", TAB, self.changes, NEEDS),
            Route(f"{change}/undo", "operator_undo", self.undo, NEEDS, POST),
            Route(f"{change}/redo", "operator_redo", self.redo, NEEDS, POST),
        )

    def changes(self) -> ResponseReturnValue:
        """List the changes, a page at a time."""
        with self.begin() as session:
            found = directory_pages.recent_changes(
                session, before=request.args.get("before", type=row_number), limit=A_PAGE + 1
            )
            return self.page(session, "changes.html", TAB, changes=found[:A_PAGE], more=len(found) > A_PAGE)

    def undo(self, change_id: int) -> ResponseReturnValue:
        """Put a thing back as it was before a change."""
        return self._moved(change_id, Editor.undo, _("Đã hoàn tác: mục này trở lại như trước."))

    def redo(self, change_id: int) -> ResponseReturnValue:
        """Make an undone change again."""
        return self._moved(change_id, Editor.redo, _("Đã làm lại thay đổi."))

    def _moved(self, change_id: int, move: Callable[[Editor, int], DirectoryChange], told: str) -> ResponseReturnValue:
        if change_id > LARGEST_NUMBER:
            abort(404)
        try:
            with self.editing() as editor:
                move(editor, change_id)
        except (PermanentError, DirectoryError) as error:
            flash(in_words(error), "bad")
        else:
            flash(told, "good")
        return redirect(url_for("desk.operator_changes"), 303)
