"""How the case book words things for people: categories, moments, days, money.

Papers and letters are Vietnamese. A page that speaks another language gives its own `say`, which looks a text up
and fills in the values.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from config.clock import local

CATEGORIES = {
    "thu_tuc_hanh_chinh": "Thủ tục hành chính, cấp phép",
    "vi_pham_tu_nhan": "Hành vi vi phạm pháp luật (y tế tư nhân)",
    "quy_trinh_kham_bhyt": "Quy trình khám, chữa bệnh và BHYT",
    "thai_do_phuc_vu": "Thái độ phục vụ",
    "chuyen_mon": "Chất lượng chuyên môn",
    "khac": "Vấn đề khác",
}
"""The Department's six groups of reports (published 23/01/2026), by slug."""

QUESTIONS = {
    "facility": "Cơ sở được phản ánh",
    "dossier": "Hồ sơ được hỏi",
    "story": "Nội dung phản ánh",
    "contact": "Liên hệ của người phản ánh",
    "message": "Lời nhắn",
    "voicemail": "Lời nhắn",
}
"""What each recorded answer is called on paper; `contact` never leaves the house."""

LEVELS = {1: "Mức 1 (24 giờ)", 2: "Mức 2 (48 giờ)", 3: "Mức 3 (72 giờ)"}

WITHHELD = "[đã che]"
"""Stands where identifying words were."""

Say = Callable[..., str]
"""Says a text with its values: `say("%(n)s ngày", n=2)`."""


def plain(text: str, **values: object) -> str:
    """Say a text as it is written here, in Vietnamese."""
    return text % values if values else text


def category(slug: str | None, say: Say = plain) -> str:
    """Name a category; an unset one says so."""
    return say(CATEGORIES[slug]) if slug in CATEGORIES else say("Chưa phân loại")


def moment(at: datetime | None, say: Say = plain) -> str:
    """Write a moment as people here do, in Vietnam's time: `09:30 ngày 21/11/2026`."""
    return say("%(time)s ngày %(day)s", time=f"{local(at):%H:%M}", day=day(local(at).date())) if at else "—"


def due(at: datetime | None, say: Say = plain) -> str:
    """Write a deadline; midnight belongs to the day that it ends: `hết ngày 20/11/2026`."""
    if at is None or local(at).time() != time():
        return moment(at, say)
    return say("hết ngày %(day)s", day=day((local(at) - timedelta(days=1)).date()))


def day(on: date) -> str:
    """Write a day: `21/11/2026`."""
    return f"{on:%d/%m/%Y}"


def money(vnd: int) -> str:
    """Write a sum: `2.500.000 ₫`."""
    return f"{vnd:,}".replace(",", ".") + " ₫"


def length(seconds: float, say: Say = plain) -> str:
    """Write a duration: `2 phút 05 giây`."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return say("%(seconds)s giây", seconds=rest)
    return say("%(minutes)s phút %(seconds)s giây", minutes=minutes, seconds=f"{rest:02d}")


def span(of: timedelta, say: Say = plain) -> str:
    """Write how long something has lasted or will, in its largest unit: `2 ngày`, `5 giờ`, `12 phút`."""
    minutes = int(abs(of.total_seconds()) // 60)
    if minutes >= 2 * 24 * 60:
        return say("%(n)s ngày", n=minutes // (24 * 60))
    return say("%(n)s giờ", n=minutes // 60) if minutes >= 60 else say("%(n)s phút", n=minutes)


def deadline(due: datetime, now: datetime, say: Say = plain) -> str:
    """Say how a deadline stands: `còn 5 giờ`, `quá hạn 2 ngày`."""
    if due > now:
        return say("còn %(span)s", span=span(due - now, say))
    return say("quá hạn %(span)s", span=span(now - due, say))
