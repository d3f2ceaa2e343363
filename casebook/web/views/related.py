"""Two cases side by side, and what a person decides about them: link, keep apart, merge, undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.models import Case, CaseLink
from casebook.queries import case_page
from casebook.queries import related as queries
from casebook.rules.codes import readable
from casebook.rules.policy import Permission
from casebook.rules.timeline import Names
from casebook.service import claims, links_of_cases, review
from casebook.service.links_of_cases import APART, LINKED, MERGED, Means, NotToBeMerged
from casebook.web import forms
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.shown import Views
from casebook.web.telling import in_words
from casebook.web.tools import DeskTools, Directory
from casebook.web.undo_note import offer_undo
from casebook.web.views.case import seen_case
from config.errors import PermanentError


def means_of(tools: DeskTools) -> Means:
    """Give what the person who is here merges and splits cases with."""
    return Means(tools.keys, tools.understand, tools.clock(), person().email)


def seen_pair(session: Session, code: str, other: str) -> tuple[Case, Case]:
    """Give two cases that this person may see, locked in one order so that two people never wait for each other."""
    if code == other:
        abort(404)
    found = {each: seen_case(session, each, lock=True) for each in sorted((code, other))}
    return found[code], found[other]


@dataclass(frozen=True, slots=True)
class RelatedCases(Views):
    """The pages about two cases."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        case, handle, post = "/cases/<code>", Permission.HANDLE_CASES, ("POST",)
        return (
            Route(f"{case}/beside/<other>", "beside", self.beside, Permission.READ_CASES),
            Route(f"{case}/beside/<other>", "relate", self.relate, handle, post),
            Route(f"{case}/beside/<other>/undo", "unrelate", self.unrelate, handle, post),
        )

    def beside(self, code: str, other: str) -> ResponseReturnValue:
        """Show two cases side by side."""
        with self.begin() as session:
            return self._pair(session, code, other)

    def _pair(self, session: Session, code: str, other: str, problem: str = "") -> tuple[str, int]:
        left, right = seen_case(session, code), seen_case(session, other)
        if left.id == right.id:
            abort(404)
        names = Directory.read(session).names(session)
        sides = [self._side(session, case, names) for case in (left, right)]
        kept_by = {case.code: links_of_cases.why_not_merge(case, gone) for case, gone in ((left, right), (right, left))}
        return self.show(
            session,
            "beside.html",
            409 if problem else 200,
            sides=sides,
            names=names,
            problem=problem,
            thought=queries.reasons_of(left, right),
            standing=links_of_cases.standing(session, left.id, right.id),
            keeps=_likelier_kept(left, right, kept_by),
            kept_by=kept_by,
        )

    def _side(self, session: Session, case: Case, names: Names) -> Mapping[str, Any]:
        viewer, keys = person().viewer, self.tools.keys
        spelled = list(names.units.values())
        answers = case_page.answers_of(session, case, viewer, keys, spelled, identity=False)
        subject = names.unit(case.subject_unit) if case.subject_unit else case.subject_text
        events = case_page.timeline_of(case, names)
        return {"case": case, "answers": answers, "events": events, "subject": subject}

    def relate(self, code: str, other: str) -> ResponseReturnValue:
        """Link two cases, keep them apart, or merge one into the other."""
        kind, why = request.form.get("kind", ""), forms.line("why", forms.LONGEST_WHY)
        try:
            # In front of the wall: a recording is held while a case holds it that this person may not see.
            with self.tools.database.begin() as session:
                case, there = seen_pair(session, code, other)
                link, said = self._decide(session, case, there, kind, why)
                link_id = link.id
        except PermanentError as error:
            with self.begin() as session:
                return self._pair(session, code, other, in_words(error))
        offer_undo(said, url_for("desk.unrelate", code=code, other=other), link=str(link_id))
        return redirect(url_for("desk.case", code=self._where(code, other, kind)), 303)

    def _where(self, code: str, other: str, kind: str) -> str:
        """After a merge, work goes on with the case that stays."""
        keep = request.form.get("keep", code)
        return keep if kind == MERGED and keep in {code, other} else code

    def _decide(self, session: Session, case: Case, there: Case, kind: str, why: str) -> tuple[CaseLink, str]:
        now, actor = self.now, person().email
        if kind in {LINKED, APART}:
            link = links_of_cases.decide(session, case, there, kind, why=why, now=now, actor=actor)
            return link, _("Đã liên kết hai phản ánh.") if kind == LINKED else _(
                "Đã ghi: hai phản ánh không liên quan."
            )
        keep = request.form.get("keep", "")
        if kind != MERGED or keep not in {case.code, there.code}:
            raise NotToBeMerged(_("Hãy chọn phản ánh được giữ lại."))
        kept, gone = (case, there) if keep == case.code else (there, case)
        with claims.at_work(session, kept, actor=actor, now=now), claims.at_work(session, gone, actor=actor, now=now):
            link = links_of_cases.merge(session, kept, gone, why=why, means=means_of(self.tools))
        return link, _("Đã gộp phản ánh %(gone)s vào phản ánh này.", gone=readable(gone.code))

    def unrelate(self, code: str, other: str) -> ResponseReturnValue:
        """Take a decision about two cases back, with all that it did."""
        try:
            # In front of the wall, as in `relate`.
            with self.tools.database.begin() as session:
                case, there = seen_pair(session, code, other)
                link = session.get(CaseLink, _link_id(), with_for_update=True)
                if link is None:
                    raise links_of_cases.NotTogether
                links_of_cases.undo(session, case, there, link, means_of(self.tools))
        except PermanentError as error:
            with self.begin() as session:
                return self._pair(session, code, other, in_words(error))
        flash(_("Đã hoàn tác."), "good")
        return redirect(url_for("desk.case", code=code), 303)


def _link_id() -> UUID:
    try:
        return UUID(request.form.get("link", ""))
    except ValueError:
        abort(404)


def _likelier_kept(left: Case, right: Case, kept_by: Mapping[str, str | None]) -> str:
    """Which case the form offers to keep: one that may be kept, the one whose letter left, else the older."""
    may = [case for case in (left, right) if kept_by[case.code] is None] or [left, right]
    return min(may, key=lambda case: (case.status in review.EDITABLE, case.opened_at)).code
