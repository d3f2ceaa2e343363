"""Sending a confirmed case to the unit that must act: the letter, the outbox, the state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casebook.adapters.mail_templates import render
from casebook.models import Case, OutboxMail
from casebook.rules import wording
from casebook.rules.calendar import WorkingCalendar, due_date
from casebook.rules.redaction import redacted_text
from casebook.rules.states import Status
from casebook.service import cases, events, outbox
from casebook.service.hearing import Understand, understand_again
from casebook.tools import House
from config.clock import local
from config.crypto import KeyRing
from config.directory.lines import Line
from config.directory.units import Unit
from config.errors import PermanentError
from config.jobs.models import FailedStep
from config.jobs.queue import defer
from transcription.rules.readable import readable

LETTER: Literal["letter"] = "letter"
FORWARD = "forward"


class UnitWithoutAddress(PermanentError):
    """Đơn vị có trách nhiệm chưa có địa chỉ thư; hãy bổ sung địa chỉ hoặc đổi đơn vị."""


def waiting(session: Session, limit: int = 500) -> list[UUID]:
    """List the confirmed cases whose letter has not been written, oldest first.

    Those that stand on the failed list wait for a person there, so that they do not keep others waiting.
    """
    key = func.concat(f"{LETTER}:", Case.id, ":", Case.forward_round)
    written = select(OutboxMail.id).where(OutboxMail.case_id == Case.id, OutboxMail.dedupe_key == key)
    subject = func.concat("case:", Case.id)
    stuck = select(FailedStep.id).where(
        FailedStep.job == FORWARD, FailedStep.subject == subject, FailedStep.resolved_at.is_(None)
    )
    rows = select(Case.id).where(Case.status == Status.CONFIRMED, ~written.exists(), ~stuck.exists())
    return list(session.scalars(rows.order_by(Case.confirmed_at).limit(limit)))


@dataclass(frozen=True, slots=True)
class Office:
    """What a letter is written with: the directory of the moment, the words' rules, the calendar."""

    units: dict[str, Unit]
    lines: dict[str, Line]
    keys: KeyRing
    understand: Understand
    calendar: WorkingCalendar
    house: House


def ask_to_forward(session: Session, case_id: UUID) -> None:
    """Queue the letter of a confirmed case now, without waiting for the clock."""
    defer(session, FORWARD, queueing_lock=f"forward:{case_id}", case_id=str(case_id))


def write_letter(session: Session, case: Case, office: Office, now: datetime) -> UUID | None:
    """Write the letter of a confirmed case down for sending; None if it was written before.

    Raises UnitWithoutAddress.
    """
    if Status(case.status) is not Status.CONFIRMED:
        return None
    unit = office.units.get(case.responsible_unit or "")
    if unit is None or not unit.email:
        raise UnitWithoutAddress
    values = letter_values(session, case, office, now)
    rendered = render(LETTER, values)
    draft = outbox.Draft(
        kind=LETTER,
        dedupe_key=letter_key(case),
        recipient=unit.email,
        subject=f"[Phản ánh {case.code}] Phiếu chuyển phản ánh, hạn trả lời {values['due']}",
        text=rendered.text,
        html=rendered.html,
        case_id=case.id,
    )
    mail_id = outbox.post(session, draft, office.house.mail_from, now)
    if mail_id is not None:
        events.record(session, case.id, "letter_written", now=now, unit=unit.slug, mail=str(mail_id))
    return mail_id


def letter_key(case: Case) -> str:
    """What makes a letter one letter: the case, and how often it was sent out anew."""
    return f"{LETTER}:{case.id}:{case.forward_round}"


def finish_letter(session: Session, mail_id: UUID, calendar: WorkingCalendar, now: datetime) -> None:
    """After the mail server took the letter: the case is forwarded. Safe to repeat."""
    mail = session.get_one(OutboxMail, mail_id)
    if mail.kind != LETTER or mail.state != "sent" or mail.case_id is None:
        return
    case = cases.get(session, mail.case_id, lock=True)
    if Status(case.status) is Status.CONFIRMED and mail.dedupe_key == letter_key(case):
        cases.mark_forwarded(session, case, calendar, now=now)


def letter_values(session: Session, case: Case, office: Office, now: datetime) -> dict[str, Any]:
    """Give what the letter's templates show: the caller's words without identity, never the caller."""
    subject = office.units.get(case.subject_unit or "")
    unit = office.units.get(case.responsible_unit or "")
    line = office.lines[case.line]
    return {
        "city": office.house.city,
        "code": case.code,
        "unit": unit.name if unit else "(chưa chọn đơn vị)",
        "line": f"{line.name} ({line.number})",
        "received": wording.moment(case.opened_at),
        "category": wording.category(case.category),
        "subject": subject.name if subject else case.subject_text or "Chưa xác định",
        "level": wording.LEVELS[case.level],
        "due": wording.due(due_date(now, case.level, office.calendar)),
        "facts": _facts(case),
        "answers": _answers(session, case, office),
        "link": office.house.case_link(case.code),
    }


def _facts(case: Case) -> list[tuple[str, str]]:
    facts = []
    if case.facts.get("amount_vnd"):
        facts.append(("Số tiền nêu trong phản ánh", wording.money(case.facts["amount_vnd"])))
    if case.facts.get("event_date"):
        facts.append(("Ngày xảy ra", wording.day(date.fromisoformat(case.facts["event_date"]))))
    if case.facts.get("dossier"):
        facts.append(("Mã hồ sơ", case.facts["dossier"]))
    return facts


def _answers(session: Session, case: Case, office: Office) -> list[tuple[str, str]]:
    # Understood anew: a corrected transcript has moved the words that must be withheld.
    heard, suggestion = understand_again(session, case, office.keys, office.understand)
    names = [unit.name for unit in office.units.values()]
    shown = []
    for question, words in heard.answers.items():
        if question == "contact" or not words:
            continue
        spans = [(r.span.first, r.span.last) for r in suggestion.redactions if r.span.question == question]
        text = redacted_text(readable(words, local(case.opened_at).date(), names), spans)
        shown.append((wording.QUESTIONS.get(question, question), text))
    return shown
