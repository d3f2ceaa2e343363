"""The alarm for a life in danger: mail to the supervisors at once, whatever else is queued."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.adapters.mail_templates import render
from casebook.models import Case, CaseEvent
from casebook.rules import wording
from casebook.rules.understanding.shapes import Suggestion
from casebook.service import events, outbox
from casebook.service.intake import EMERGENCY_KEY
from casebook.tools import House
from config.directory.lines import Line

PRESSED = "Người gọi đã bấm phím cấp cứu."


def danger_of(session: Session, case: Case, suggestion: Suggestion) -> str:
    """Say why a life may be in danger: what was heard, or the key that was pressed; empty where nothing says so."""
    if suggestion.flags.emergency.value:
        return suggestion.flags.emergency.reason
    told = select(CaseEvent.id).where(CaseEvent.case_id == case.id, CaseEvent.kind == EMERGENCY_KEY)
    return PRESSED if session.scalars(told.limit(1)).first() is not None else ""


def raise_alarm(session: Session, case: Case, line: Line, reason: str, house: House, now: datetime) -> None:
    """Tell every supervisor that a caller may be in danger; once a case."""
    values = {
        "city": house.city,
        "code": case.code,
        "line": f"{line.name} ({line.number})",
        "received": wording.moment(case.opened_at),
        "reason": reason,
        "summary": case.summary or "(chưa nghe được nội dung)",
        "link": house.case_link(case.code),
    }
    rendered = render("alarm", values)
    posted = 0
    for address in house.supervisors:
        draft = outbox.Draft(
            kind="alarm",
            dedupe_key=f"alarm:{case.id}:{address}",
            recipient=address,
            subject=f"KHẨN CẤP: phản ánh {case.code} có dấu hiệu nguy hiểm tính mạng",
            text=rendered.text,
            html=rendered.html,
            case_id=case.id,
        )
        posted += outbox.post(session, draft, house.mail_from, now) is not None
    if posted:
        events.record(session, case.id, "alarm_raised", now=now, reason=reason)
