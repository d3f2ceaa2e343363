"""Splitting a call that held two matters: choose the sentences of the second one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.rules import wording
from casebook.rules.codes import readable
from casebook.rules.policy import Permission
from casebook.service import cases, claims, splitting
from casebook.service.splitting import Part, Side, WordsChanged
from casebook.web.case_sheet import CaseSheet, Unsaved
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.telling import in_words
from casebook.web.tools import Directory
from casebook.web.undo_note import offer_undo
from casebook.web.views.case import seen_case
from casebook.web.views.related import means_of, seen_pair
from config.errors import PermanentError

SIDE_NAMES = {Side.HERE: "Phản ánh này", Side.NEW: "Phản ánh mới", Side.BOTH: "Cả hai"}


@dataclass(frozen=True, slots=True)
class Splitting(CaseSheet):
    """The page on which a case is split, and the way back."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        case, handle, post = "/cases/<code>", Permission.HANDLE_CASES, ("POST",)
        return (
            Route(f"{case}/split", "split", self.choose, handle),
            Route(f"{case}/split", "split_case", self.split, handle, post),
            Route(f"{case}/unsplit", "unsplit", self.unsplit, handle, post),
        )

    def choose(self, code: str) -> ResponseReturnValue:
        """Show the sentences of the case, to say which belong to the second matter."""
        with self.begin() as session:
            return self._page(session, seen_case(session, code))

    def _page(self, session: Session, case: Case, problem: str = "") -> tuple[str, int]:
        return self.show(
            session,
            "split.html",
            409 if problem else 200,
            case=case,
            parts=self._parts(session, case),
            titles=wording.QUESTIONS,
            sides=SIDE_NAMES,
            chosen=request.form,
            problem=problem,
        )

    def _parts(self, session: Session, case: Case) -> list[Part]:
        names = [unit.name for unit in Directory.read(session).units.values()]
        return splitting.parts_of(session, case, self.tools.keys, names)

    def split(self, code: str) -> ResponseReturnValue:
        """Give the chosen sentences a case of their own."""
        try:
            # In front of the wall: a recording is held while a case holds it that this person may not see.
            with self.tools.database.begin() as session:
                case = seen_case(session, code, lock=True)
                parts = self._parts(session, case)
                with claims.at_work(session, case, actor=person().email, now=self.now):
                    new = splitting.split(session, case, parts, _sides(parts), means_of(self.tools))
                new_code = new.code
        except PermanentError as error:
            with self.begin() as session:
                return self._page(session, seen_case(session, code), in_words(error))
        said = _("Đã tách ra phản ánh mới %(code)s; hãy kiểm tra từng phản ánh.", code=readable(new_code))
        offer_undo(said, url_for("desk.unsplit", code=new_code))
        return redirect(url_for("desk.case", code=code), 303)

    def unsplit(self, code: str) -> ResponseReturnValue:
        """Give the words of the case that was split off back to the one that they came from."""
        try:
            # In front of the wall, as in `split`.
            with self.tools.database.begin() as session:
                origin_code = _origin_of(session, code)
                new, case = seen_pair(session, code, origin_code)
                splitting.undo(session, case, new, means_of(self.tools))
        except PermanentError as error:
            with self.begin() as session:
                return self.sheet(session, seen_case(session, code), 409, unsaved=Unsaved(in_words(error)))
        flash(_("Đã hoàn tác việc tách."), "good")
        return redirect(url_for("desk.case", code=origin_code), 303)


def _origin_of(session: Session, code: str) -> str:
    new = seen_case(session, code)
    if new.split_from is None:
        abort(404)
    return cases.get(session, new.split_from).code


def _sides(parts: list[Part]) -> Mapping[UUID, tuple[Side, ...]]:
    """Read where each sentence goes; raises WordsChanged if the page was made of other words."""
    sides = {}
    for part in parts:
        if request.form.get(f"revision-{part.recording_id}") != str(part.revision):
            raise WordsChanged
        names = (f"side-{part.recording_id}-{place}" for place in range(len(part.pieces)))
        sides[part.recording_id] = tuple(_side(request.form.get(name, "")) for name in names)
    return sides


def _side(text: str) -> Side:
    return Side(text) if text in set(Side) else Side.HERE
