"""Doing one thing with many cases: each in its own transaction, and a page that says what was done and what not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.queries.visible import find
from casebook.rules.policy import Permission
from casebook.rules.states import Status
from casebook.service import cases, claims, review
from casebook.service.cases import NoSuchCase
from casebook.web import forms
from casebook.web.doors import Route
from casebook.web.lane import filters_of
from casebook.web.people import person
from casebook.web.shown import Views
from casebook.web.telling import in_words
from casebook.web.tools import Directory
from config.directory.units import Unit
from config.errors import HotlineError

BULK_NAMES = {
    "forward": "Xác nhận và chuyển ngay",
    "confirm": "Xác nhận, chuyển theo lượt",
    "change_unit": "Đổi đơn vị",
    "close": "Kết thúc",
    "set_aside": "Không xử lý tiếp",
    "take": "Nhận xử lý",
    "give_back": "Trả lại hàng đợi",
}
"""What may be done with the marked cases, in the order of the menu."""

UNDO = {
    "forward": "return",
    "confirm": "return",
    "change_unit": "unit_back",
    "close": "reopen",
    "set_aside": "reopen",
    "take": "give_back",
    "give_back": "take",
}
"""What takes an act back, as far as the state of a case allows by then: a letter that has left has left."""

NEED_WORDS = frozenset({"close", "set_aside", "reopen"})
MOST = 200
"""Cases of one order."""

Act = Callable[[Session, Case], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case of the order: `problem` says why nothing did, `back` how it is marked to undo it."""

    code: str
    problem: str = ""
    back: str = ""
    unit_before: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for: the act, and the words, the unit or the units of before that it goes with."""

    do: str
    words: str
    units: dict[str, Unit]
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Bulk(Views):
    """The buttons under the list."""

    def routes(self) -> tuple[Route, ...]:
        """List the address."""
        return (Route("/bulk", "bulk", self.bulk, Permission.HANDLE_CASES, ("POST",)),)

    def bulk(self) -> ResponseReturnValue:
        """Do what was chosen with every marked case, and tell what became of each."""
        query = filters_of(request.form.get("list", "")).query()
        marked, order, problem = self._read()
        if problem or order is None:
            flash(problem, "bad")
            return redirect(f"{url_for('desk.listing')}?{query}", 303)
        outcomes = [self._one(code, version, order) for code, version in marked]
        done = [outcome for outcome in outcomes if not outcome.problem]
        with self.begin() as session:
            return self.show(
                session,
                "bulk.html",
                title=_(BULK_NAMES.get(order.do, "Hoàn tác")),
                done=done,
                refused=[outcome for outcome in outcomes if outcome.problem],
                undo=UNDO.get(order.do) if order.do in BULK_NAMES else None,
                list_query=query,
            )

    def _read(self) -> tuple[list[tuple[str, int]], Order | None, str]:
        marked, do, words = marked_cases(), request.form.get("do", ""), forms.paragraphs("words", forms.LONGEST_TEXT)
        if do not in BULK_NAMES and do not in UNDO.values():
            return [], None, _("Hãy chọn việc cần làm với các phản ánh đã đánh dấu.")
        if not marked:
            return [], None, _("Hãy đánh dấu ít nhất một phản ánh trong danh sách.")
        if do in NEED_WORDS and not words:
            return [], None, _("Hãy ghi lý do; lý do được ghi vào từng phản ánh.")
        with self.begin() as session:
            units = Directory.read(session).units
        if do != "change_unit":
            return marked, Order(do, words, units), ""
        unit, problem = forms.named_unit(forms.line("unit"), units, self.tools.areas)
        return marked, Order(do, words, units, unit), problem

    def _one(self, code: str, version: int, order: Order) -> Outcome:
        try:
            with self.begin() as session:
                case = find(session, person().viewer, code, lock=True)
                if case is None:
                    raise NoSuchCase
                before = case.responsible_unit or ""
                review.check_unchanged(case, version)
                self._act(session, case, order)
                session.flush()
                undoable = order.do != "change_unit" or before
                return Outcome(code, back=f"{code}.{case.version}" if undoable else "", unit_before=before)
        except HotlineError as error:
            return Outcome(code, problem=in_words(error))

    def _act(self, session: Session, case: Case, order: Order) -> None:
        actor, now = person().email, self.now
        if order.do == "take":
            claims.take(session, case.id, actor=actor, now=now)
        elif order.do == "give_back":
            if not claims.give_back(session, case.id, actor=actor, now=now):
                raise claims.NotHeld
        else:
            with claims.at_work(session, case, actor=actor, now=now):
                self._acts(order)[order.do](session, case)

    def _acts(self, order: Order) -> dict[str, Act]:
        now, actor, why = self.now, person().email, order.words
        return {
            "confirm": lambda s, case: review.confirm(s, case, now=now, actor=actor),
            "forward": lambda s, case: self._forward(s, case, order.units),
            "change_unit": lambda s, case: self._change_unit(s, case, order.unit),
            "unit_back": lambda s, case: self._change_unit(s, case, self._unit_before(case, order.units)),
            "close": lambda s, case: cases.close(s, case, now=now, actor=actor, why=why),
            "set_aside": lambda s, case: cases.set_aside(s, case, now=now, actor=actor, why=why),
            "return": lambda s, case: review.return_to_queue(s, case, now=now, actor=actor),
            "reopen": lambda s, case: cases.reopen(s, case, now=now, actor=actor, why=why),
        }

    def _forward(self, session: Session, case: Case, units: dict[str, Unit]) -> None:
        now, actor = self.now, person().email
        if Status(case.status) is not Status.CONFIRMED:
            review.confirm(session, case, now=now, actor=actor)
        review.send_now(session, case, units, now=now, actor=actor)

    def _change_unit(self, session: Session, case: Case, unit: Unit | None) -> None:
        if unit is None:
            raise cases.MissingUnit
        review.change_unit(session, case, unit.slug, now=self.now, actor=person().email)

    def _unit_before(self, case: Case, units: dict[str, Unit]) -> Unit | None:
        return units.get(request.form.get(f"before.{case.code}", ""))


def marked_cases() -> list[tuple[str, int]]:
    """Read which cases were marked: code and version of each, as the list showed them."""
    found: dict[str, int] = {}
    for text in request.form.getlist("case")[:MOST]:
        code, _dot, version = text.partition(".")
        if code.isascii() and code.isdigit() and version.isascii() and version.isdigit() and len(version) < 10:
            found[code] = int(version)
    return list(found.items())
