"""The lines: what each says, asks and does with its cases, changed for the next call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.queries import directory_pages
from casebook.rules.directory_diff import DAYS, Difference, differences, question_name
from casebook.service.directory_changes import LINE
from casebook.web.doors import Route
from casebook.web.forms import BadForm
from casebook.web.operations import Rehearsed
from casebook.web.telling import in_words
from casebook.web.views.operator import NEEDS, POST, OperatorViews, to
from casebook.web.views.operator_line_form import (
    TypedLine,
    faults_by_field,
    line_of,
    read_typed,
    seen_of,
    typed_of,
)
from config.directory.line_checks import faults_of
from config.directory.lines import CATEGORIES, Choice, Line
from config.directory.lines_file import definition_of
from config.directory.prompts import Prompt
from config.directory.store import lines_of, units_of
from config.directory.units import DirectoryError
from config.errors import PermanentError
from config.phone import readable

TAB = "operator_lines"

CHOICES = {
    Choice.REPORT: "gửi phản ánh",
    Choice.LOOK_UP: "hỏi kết quả",
    Choice.GUIDANCE: "được hướng dẫn",
    Choice.EMERGENCY: "cấp cứu",
}
"""What the keys of the main menu lead to."""


@dataclass(frozen=True, slots=True)
class HeardStep:
    """A step of a rehearsed call: what is said (and whether a voice recorded it), pressed or recorded."""

    step: Rehearsed
    prompt: Prompt | None
    is_recorded: bool


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What was typed and not saved: with what is wrong, what others changed meanwhile, or only to be looked at."""

    typed: TypedLine
    errors: Mapping[str, str] = field(default_factory=dict)
    theirs: tuple[Difference, ...] = ()
    preview: Line | None = None


@dataclass(frozen=True, slots=True)
class OperatorLines(OperatorViews):
    """The pages of the lines."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        line = "/operator/lines/<slug>"
        return (
            Route("/operator/lines", TAB, self.lines, NEEDS),
            Route(line, "operator_line", self.line, NEEDS),
            Route(f"{line}/save", "operator_line_save", self.save, NEEDS, POST),
            Route(f"{line}/confidential", "operator_line_secret", self.secret, NEEDS),
            Route(f"{line}/confidential/set", "operator_line_secret_set", self.set_secret, NEEDS, POST),
        )

    def lines(self) -> ResponseReturnValue:
        """List the lines."""
        with self.begin() as session:
            names = {unit.slug: unit.name for unit in units_of(session)}
            lines = [(line, line.is_open(self.now), len(self._missing(line))) for line in lines_of(session)]
            return self.page(session, "lines.html", TAB, lines=lines, unit_names=names, readable=readable)

    def line(self, slug: str) -> ResponseReturnValue:
        """Show a line's form, and what a caller hears."""
        with self.begin() as session:
            line = _line(session, slug)
            return self._sheet(session, line, Unsaved(typed_of(line)))

    def save(self, slug: str) -> ResponseReturnValue:
        """Save what was typed, for the next call; or show how it would sound."""
        with self.begin() as session:
            line = _line(session, slug)
            typed = read_typed(line)
            try:
                wanted = line_of(typed, line, directory_pages.notice_versions(session, line))
            except BadForm as bad:
                return self._sheet(session, line, Unsaved(typed, bad.errors), 422)
            if "preview" in request.form:
                faults = faults_by_field(DirectoryError("", faults_of(wanted))) if faults_of(wanted) else {}
                preview = None if faults else wanted
                return self._sheet(session, line, Unsaved(typed, faults, preview=preview), 422 if faults else 200)
            if request.form.get("seen") != seen_of(line):
                theirs = self._theirs(session, line, wanted)
                return self._sheet(session, line, Unsaved(typed, theirs=theirs), 409)
        return self._saved(wanted, typed)

    def _saved(self, wanted: Line, typed: TypedLine) -> ResponseReturnValue:
        try:
            with self.editing() as editor:
                editor.alone()
                if request.form.get("seen") != seen_of(_line(editor.session, wanted.slug)):
                    raise LineChanged
                change = editor.line(wanted)
        except (DirectoryError, LineChanged) as error:
            faults = faults_by_field(error) if isinstance(error, DirectoryError) else {"": in_words(error)}
            with self.begin() as session:
                return self._sheet(session, _line(session, wanted.slug), Unsaved(typed, faults), 422)
        if change is None:
            flash(_("Không có gì thay đổi."), "note")
        else:
            flash(_("Đã lưu. Cuộc gọi mới nghe theo bản này sau chậm nhất 15 giây."), "good")
        return to("operator_line", change, slug=wanted.slug)

    def secret(self, slug: str) -> ResponseReturnValue:
        """Explain what making a line confidential, or open, means, before it is done."""
        with self.begin() as session:
            return self.page(session, "line_secret.html", TAB, line=_line(session, slug), error="")

    def set_secret(self, slug: str) -> ResponseReturnValue:
        """Make a line confidential or open, to somebody who said that they know what it means."""
        with self.editing() as editor:
            editor.alone()
            line = _line(editor.session, slug)
            wanted = request.form.get("confidential") == "yes"
            if "understood" not in request.form:
                error = _("Hãy đánh dấu ô xác nhận trước khi đổi.")
                return self.page(editor.session, "line_secret.html", TAB, 422, line=line, error=error)
            kept = () if wanted else line.auto_forward
            change = editor.line(replace(line, confidential=wanted, auto_forward=kept))
        if change is None:
            flash(_("Đường dây đã ở chế độ này."), "note")
        else:
            flash(_("Đã đổi chế độ bảo mật. Chỉ các cuộc gọi mới theo chế độ này."), "good")
        return to("operator_line", change, slug=slug)

    def _sheet(self, session: Session, line: Line, unsaved: Unsaved, status: int = 200) -> tuple[str, int]:
        shown = unsaved.preview or line
        return self.page(
            session,
            "line.html",
            TAB,
            status,
            line=line,
            unsaved=unsaved,
            theirs=unsaved.theirs,
            typed=unsaved.typed,
            errors=unsaved.errors,
            seen=seen_of(line),
            units=[unit for unit in units_of(session) if not unit.retired],
            days=DAYS,
            choices={choice.value: _(text) for choice, text in CHOICES.items()},
            categories=CATEGORIES,
            question_name=question_name,
            heard=self._heard(session, shown, closed=False),
            heard_closed=self._heard(session, shown, closed=True) if shown.hours else (),
        )

    def _heard(self, session: Session, line: Line, *, closed: bool) -> tuple[HeardStep, ...]:
        others = tuple(other for other in lines_of(session) if other.slug != line.slug)
        book = self.operations.book((*others, line))
        told = []
        for step in self.operations.rehearse(line, closed):
            prompt = book.find(line.slug, step.prompt) if step.prompt else None
            recorded = prompt is not None and self.operations.prompts.heard(prompt.name) is not None
            told.append(HeardStep(step, prompt, recorded))
        return tuple(told)

    def _missing(self, line: Line) -> set[str]:
        """The prompts of a report on this line that no voice has recorded."""
        book = self.operations.book((line,))
        said = {book.find(line.slug, step.prompt).name for step in self.operations.rehearse(line, False) if step.prompt}
        return {name for name in said if self.operations.prompts.heard(name) is None}

    def _theirs(self, session: Session, line: Line, wanted: Line) -> tuple[Difference, ...]:
        names = {unit.slug: unit.name for unit in units_of(session)}
        return differences(LINE, definition_of(line), definition_of(wanted), names)


class LineChanged(PermanentError):
    """Người khác vừa sửa đường dây này. Hãy xem lại rồi lưu lần nữa."""


def _line(session: Session, slug: str) -> Line:
    line = next((line for line in lines_of(session) if line.slug == slug), None)
    if line is None:
        abort(404, _("Không có đường dây này."))
    return line
