"""The page of a case, whatever led to it: opened, a save that found another's change, a look at the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.queries import case_page, hints
from casebook.queries.case_page import Answer
from casebook.rules import policy, wording
from casebook.rules.editing import Piece, differences
from casebook.rules.policy import Permission
from casebook.rules.states import Action, Status
from casebook.service import hearing, outbox, review
from casebook.web import forms
from casebook.web.panels import PANELS, Looked, shown_panels
from casebook.web.people import DeskUser, Passes, person
from casebook.web.shown import Views
from casebook.web.tools import Directory
from config.crypto import KeyRing
from config.phone import masked

FIELD_NAMES = {
    "category": "Lĩnh vực",
    "subject": "Cơ sở được phản ánh",
    "unit": "Đơn vị có trách nhiệm",
    "level": "Mức xử lý",
    "summary": "Tóm tắt",
}


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people set differently: what others saved, and what was typed here."""

    name: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class TypedWords:
    """A correction that could not be saved: its text, and how it differs from what stands now."""

    text: str
    changes: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What was typed and not saved, shown again so that nothing is lost; `problem` says why."""

    problem: str = ""
    form: forms.Typed | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    clash: bool = False
    words: Mapping[UUID, str] = field(default_factory=dict)
    acts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseSheet(Views):
    """Shows the page of a case."""

    def sheet(
        self,
        session: Session,
        case: Case,
        status: int = 200,
        *,
        unsaved: Unsaved | None = None,
        identity: bool = False,
    ) -> tuple[str, int]:
        """Render the page; `identity` shows the caller, after the look was written down."""
        user, directory, tools = person(), Directory.read(session), self.tools
        names = directory.names(session)
        suggestion = hearing.suggestion_of(case, tools.keys)
        spelled = list(names.units.values())
        answers = case_page.answers_of(session, case, user.viewer, tools.keys, spelled, identity=identity)
        kept = unsaved or Unsaved()
        form = review.form_of(case)
        stands = forms.typed_of(form, directory.units)
        return self.show(
            session,
            "case.html",
            status,
            case=case,
            names=names,
            directory=directory,
            answers=answers,
            plays=self._plays(user, answers),
            calls=tools.calls.calls_of(session, case.id),
            caller=_masked_caller(case, tools.keys),
            look=Passes(tools.secret).to_look(user.id, case.id) if identity else "",
            hints=hints.hints_of(suggestion, names, _),
            flags=hints.flags_of(suggestion, _),
            danger=hints.reason_of(suggestion.flags.emergency.reason, _),
            facts=_facts(case),
            QUESTIONS=wording.QUESTIONS,
            form=kept.form or stands,
            clashes=clashes_of(kept.form, stands) if kept.form and kept.clash else (),
            seen=forms.written(form),
            editable=Status(case.status) in review.EDITABLE and user.viewer.may(Permission.HANDLE_CASES),
            actions=_actions(case, user),
            unsaved=kept,
            typed_words=_typed_words(kept, answers),
            mails=outbox.mails_of(session, case.id),
            events=case_page.timeline_of(case, names),
            panels=shown_panels(PANELS, Looked(session, case, user, tools, directory, identity)),
        )

    def _plays(self, user: DeskUser, answers: list[Answer]) -> dict[UUID, str]:
        """A pass for each recording that this page may play."""
        if not user.viewer.may(Permission.LISTEN):
            return {}
        passes = Passes(self.tools.secret)
        open_ones = (answer for answer in answers if answer.playable and not answer.secret)
        return {answer.recording_id: passes.to_play(user.id, answer.recording_id) for answer in open_ones}


def _masked_caller(case: Case, keys: KeyRing) -> str:
    number = review.caller_number(case, keys)
    return masked(number) if number else ""


def clashes_of(typed: forms.Typed, current: forms.Typed) -> tuple[Clash, ...]:
    """Say in which fields what was typed differs from what others saved meanwhile."""
    found = []
    for name, title in FIELD_NAMES.items():
        yours, theirs = getattr(typed, name), getattr(current, name)
        if yours != theirs:
            found.append(Clash(_(title), _readable(name, theirs), _readable(name, yours)))
    return tuple(found)


def _readable(name: str, value: str) -> str:
    if name == "category":
        return wording.category(value, _)
    if name == "level" and value.isdigit():
        return str(_(wording.LEVELS.get(int(value), value)))
    return value or _("(để trống)")


def _typed_words(kept: Unsaved, answers: list[Answer]) -> dict[UUID, TypedWords]:
    found = {}
    for answer in answers:
        if answer.recording_id in kept.words:
            text = kept.words[answer.recording_id]
            found[answer.recording_id] = TypedWords(text, tuple(differences(answer.text, text)))
    return found


def _actions(case: Case, user: DeskUser) -> frozenset[str]:
    may = review.may_be_done(case)
    return frozenset(action.value for action in may if policy.may_act(user.viewer, Action(action)))


def _facts(case: Case) -> list[tuple[str, str]]:
    facts = case.facts
    shown = [
        (_("Số tiền"), wording.money(facts["amount_vnd"]) if facts.get("amount_vnd") else ""),
        (_("Khi nào"), facts.get("event_words") or ""),
        (_("Mã hồ sơ"), facts.get("dossier") or ""),
        (_("Nơi chốn"), facts.get("place") or ""),
        (_("Người bị phản ánh"), ", ".join(facts.get("accused_roles", ()))),
    ]
    return [(name, value) for name, value in shown if value]
