"""The morning mail to supervisors: what was forwarded yesterday, what is new, late or stuck."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casebook.adapters.mail_templates import Rendered, render
from casebook.models import Case
from casebook.rules import wording
from casebook.rules.states import AWAITING_ANSWER
from casebook.service import outbox
from casebook.tools import House
from config.clock import local, midnight
from config.jobs.models import FailedStep

DAILY: Literal["daily"] = "daily"
LATE_SHOWN = 50
"""More late cases than this are counted, not listed."""


def post_daily(
    session: Session, day: date, units: dict[str, str], house: House, now: datetime, *, again: str = ""
) -> int:
    """Write the mail about `day` (Vietnam's) for every supervisor; gives how many were new.

    A day's mail is written once for each address whatever restarts; `again` names a repeat that a person
    asked for.
    """
    values = daily_values(session, day, units, house, now)
    rendered: Rendered = render(DAILY, values)
    subject = f"Đường dây nóng Sở Y tế: tổng hợp ngày {wording.day(day)}"
    posted = 0
    for address in house.supervisors:
        draft = outbox.Draft(
            kind=DAILY,
            dedupe_key=f"{DAILY}:{day.isoformat()}:{address}{again and ':' + again}",
            recipient=address,
            subject=subject,
            text=rendered.text,
            html=rendered.html,
        )
        posted += outbox.post(session, draft, house.mail_from, now) is not None
    return posted


def yesterday(now: datetime) -> date:
    """Give the day before `now` in Vietnam."""
    return local(now).date() - timedelta(days=1)


def daily_values(session: Session, day: date, units: dict[str, str], house: House, now: datetime) -> dict[str, Any]:
    """Give what the daily mail's templates show; `units` are names by slug."""
    start = midnight(day)
    end = start + timedelta(days=1)
    forwarded = _forwarded(session, start, end)
    late, late_count = _late(session, now)
    new = session.scalar(select(func.count()).where(Case.opened_at >= start, Case.opened_at < end)) or 0
    failed = session.scalar(select(func.count()).where(FailedStep.resolved_at.is_(None))) or 0
    return {
        "city": house.city,
        "day": wording.day(day),
        "empty": not (forwarded or late or new or failed),
        "forwarded": len(forwarded),
        "new": new,
        "failed": failed,
        "units": _by_unit(forwarded, units, house),
        "late": late_count,
        "overdue": [_entry(case, units, house) for case in late],
        "failures_link": f"{house.base_url}/desk/failures",
        "desk_link": f"{house.base_url}/desk/",
    }


def _forwarded(session: Session, start: datetime, end: datetime) -> list[Case]:
    rows = select(Case).where(Case.forwarded_at >= start, Case.forwarded_at < end).order_by(Case.forwarded_at)
    return list(session.scalars(rows))


def _late(session: Session, now: datetime) -> tuple[list[Case], int]:
    """Give the cases that are late the longest, and how many are late in all."""
    late = (Case.status.in_(AWAITING_ANSWER), Case.due_at < now)
    rows = select(Case).where(*late).order_by(Case.due_at).limit(LATE_SHOWN)
    return list(session.scalars(rows)), session.scalar(select(func.count(Case.id)).where(*late)) or 0


def _by_unit(forwarded: list[Case], units: dict[str, str], house: House) -> list[tuple[str, list[dict[str, str]]]]:
    groups: dict[str, list[dict[str, str]]] = {}
    for case in forwarded:
        groups.setdefault(_unit_name(case, units), []).append(_entry(case, units, house))
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))


def _entry(case: Case, units: dict[str, str], house: House) -> dict[str, str]:
    return {
        "code": case.code,
        "category": wording.category(case.category),
        "unit": _unit_name(case, units),
        "due": wording.due(case.due_at),
        # What was said on the confidential line does not travel by mail to many.
        "summary": "(kênh bảo mật)" if case.confidential else case.summary,
        "link": house.case_link(case.code),
    }


def _unit_name(case: Case, units: dict[str, str]) -> str:
    return units.get(case.responsible_unit or "", "Chưa rõ đơn vị")
