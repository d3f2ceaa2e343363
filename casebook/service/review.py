"""What an inspector does on the review page: the case form, the words, the look at who called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, OutboxMail
from casebook.rules.editing import rewritten
from casebook.rules.states import Action, NotAllowed, Status, allowed
from casebook.service import cases, events, forwarding, hearing
from casebook.service.cases import CALLER_CONTEXT
from casebook.service.forwarding import letter_key
from casebook.service.hearing import Understand
from casebook.service.intake import defer_structure
from config.crypto import KeyRing
from config.directory.units import Unit
from config.errors import PermanentError
from recordings.models import Recording
from transcription import service as transcripts
from transcription.models import Transcript

EDITABLE = frozenset({Status.REVIEW, Status.CONFIRMED})
"""Where the fields may be changed: before the letter has left."""


class NotOfThisCase(PermanentError):
    """Bản ghi này không thuộc phản ánh."""


class NoSuchRevision(PermanentError):
    """Bản chép lời này không có lần sửa đó."""


class LetterOnItsWay(PermanentError):
    """Phiếu chuyển đang được gửi; hãy đợi thư đi rồi sửa hoặc đổi đơn vị."""


class StaleCase(PermanentError):
    """Phản ánh vừa được người khác thay đổi."""


@dataclass(frozen=True, slots=True)
class CaseForm:
    """The fields of a case that a person sets; units are slugs."""

    category: str | None
    subject_unit: str | None
    subject_text: str | None
    responsible_unit: str | None
    level: int
    summary: str


_EVENT_FIELDS = {
    "category": "category",
    "subject_unit": "subject",
    "subject_text": "subject",
    "level": "level",
    "summary": "summary",
}
"""How an event names the field that changed; a change of unit has an event of its own."""


def form_of(case: Case) -> CaseForm:
    """Give the fields as they stand."""
    return CaseForm(**{field.name: getattr(case, field.name) for field in fields(CaseForm)})


def check_unchanged(case: Case, version: int, seen: CaseForm | None = None) -> None:
    """Raise StaleCase if somebody changed the case since the page with `version` was made.

    With `seen`, the fields that the page showed, only a change of those counts.
    """
    if case.version == version:
        return
    if seen is None or seen != form_of(case):
        raise StaleCase


def save(session: Session, case: Case, form: CaseForm, *, now: datetime, actor: str) -> bool:
    """Set the fields by hand; False when nothing is different. Raises NotAllowed once the letter has left."""
    if Status(case.status) not in EDITABLE:
        raise NotAllowed
    before = form_of(case)
    if form != before:
        give_up_letter(session, case)
    changed = {name for name in _EVENT_FIELDS if getattr(before, name) != getattr(form, name)}
    for name in changed:
        setattr(case, name, getattr(form, name))
    if form.responsible_unit and form.responsible_unit != before.responsible_unit:
        cases.change_unit(session, case, form.responsible_unit, now=now, actor=actor)
    if changed:
        told = sorted({_EVENT_FIELDS[name] for name in changed})
        events.record(session, case.id, "edited", now=now, actor=actor, fields=told, **_values(before, form, changed))
    if form == before:
        return False
    case.fields_by = actor
    session.flush()
    return True


def change_unit(session: Session, case: Case, unit: str, *, now: datetime, actor: str) -> None:
    """Give a case to another unit, also after it was sent; raises NotAllowed or LetterOnItsWay."""
    if case.responsible_unit == unit:
        return
    give_up_letter(session, case)
    cases.change_unit(session, case, unit, now=now, actor=actor)
    case.fields_by = actor


def give_up_letter(session: Session, case: Case) -> None:
    """Before a confirmed case changes: a letter that could not be sent gives way to a new one.

    Raises LetterOnItsWay for one that is being sent, for it would say what is true no more.
    """
    if Status(case.status) is not Status.CONFIRMED:
        return
    written = select(OutboxMail.state).where(OutboxMail.dedupe_key == letter_key(case))
    state = session.scalar(written)
    if state in {"queued", "sending", "sent"}:
        raise LetterOnItsWay
    if state is not None:
        case.forward_round += 1


def _values(before: CaseForm, form: CaseForm, changed: set[str]) -> dict[str, Any]:
    """What changed into what, for fields that cannot hold anybody's name."""
    plain = changed & {"category", "level", "subject_unit"}
    return {name: [getattr(before, name), getattr(form, name)] for name in sorted(plain)}


def confirm(session: Session, case: Case, *, now: datetime, actor: str) -> None:
    """Stand by the fields as they are; raises MissingUnit or NotAllowed."""
    cases.confirm(session, case, now=now, actor=actor)
    case.fields_by = case.fields_by or actor


def send_now(session: Session, case: Case, units: Mapping[str, Unit], *, now: datetime, actor: str) -> None:
    """Have the letter of a confirmed case written at once, not at the clock's tick; raises UnitWithoutAddress."""
    unit = units.get(case.responsible_unit or "")
    if unit is None or not unit.email:
        raise forwarding.UnitWithoutAddress
    events.record(session, case.id, "forward_asked", now=now, actor=actor)
    forwarding.ask_to_forward(session, case.id)


def return_to_queue(session: Session, case: Case, *, now: datetime, actor: str) -> None:
    """Put a case that was confirmed too early back to be checked; raises NotAllowed or LetterOnItsWay."""
    give_up_letter(session, case)
    cases.return_to_queue(session, case, now=now, actor=actor)


def may_be_done(case: Case) -> frozenset[Action]:
    """Give the actions that the case's state allows."""
    return allowed(Status(case.status))


def correct_transcript(
    session: Session,
    case: Case,
    recording_id: UUID,
    text: str,
    *,
    based_on: int,
    keys: KeyRing,
    understand: Understand,
    actor: str,
    now: datetime,
) -> int:
    """Keep a person's correction of one answer and understand the case anew; gives the revision.

    Raises NotOfThisCase, or StaleRevision when somebody else corrected it first.
    """
    question_of(case, recording_id)
    current = transcripts.latest(session, recording_id)
    segments = transcripts.segments_of(current, keys) if current else []
    duration = session.get_one(Recording, recording_id).duration_s or 0.0
    new = rewritten(segments, text, duration)
    saved = transcripts.correct(session, recording_id, new, actor, based_on, keys, now)
    _words_changed(session, case, saved, keys, understand, now=now, actor=actor)
    return saved.revision


def restore_transcript(
    session: Session,
    case: Case,
    recording_id: UUID,
    revision: int,
    *,
    based_on: int,
    keys: KeyRing,
    understand: Understand,
    actor: str,
    now: datetime,
) -> int:
    """Make an older revision of one answer the newest again, times and all; gives the new revision's number.

    Raises NotOfThisCase, NoSuchRevision, or StaleRevision when somebody else corrected it first.
    """
    question_of(case, recording_id)
    older = next((kept for kept in transcripts.history(session, recording_id) if kept.revision == revision), None)
    if older is None:
        raise NoSuchRevision
    saved = transcripts.correct(session, recording_id, transcripts.segments_of(older, keys), actor, based_on, keys, now)
    _words_changed(session, case, saved, keys, understand, now=now, actor=actor, restored=revision)
    return saved.revision


def _words_changed(
    session: Session,
    case: Case,
    saved: Transcript,
    keys: KeyRing,
    understand: Understand,
    *,
    now: datetime,
    actor: str,
    **more: int,
) -> None:
    """Write down that an answer says something else now, and let the case follow its words."""
    question = question_of(case, saved.recording_id)
    data = {"question": question, "recording": str(saved.recording_id), "revision": saved.revision, **more}
    events.record(session, case.id, "transcript_corrected", now=now, actor=actor, **data)
    # The kept suggestion points at words by their place: it must follow the words.
    heard, suggestion = hearing.understand_again(session, case, keys, understand)
    settled = Status(case.status) not in {Status.OPEN, Status.REVIEW}
    hearing.apply_suggestion(case, heard, suggestion, keys, keep_fields=settled)
    for other in set(hearing.cases_of_recording(session, saved.recording_id)) - {case.id}:
        # Split from this one, or merged with it: its words have changed too.
        defer_structure(session, other)


def question_of(case: Case, recording_id: UUID) -> str:
    """Say which question a recording of the case answers; raises NotOfThisCase."""
    for link in case.recordings:
        if link.recording_id == recording_id:
            return link.question
    raise NotOfThisCase


def caller_number(case: Case, keys: KeyRing) -> str | None:
    """Open the caller's number (E.164); None if it was withheld. For masking, or after a look was written down."""
    if case.caller_sealed is None:
        return None
    return keys.open(case.caller_sealed, CALLER_CONTEXT).decode()
