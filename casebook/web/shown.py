"""Showing pages: what every template can say, and who is looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from casebook.queries import troubles
from casebook.queries.visible import stand_behind_wall
from casebook.rules import codes, wording
from casebook.rules.policy import ROLE_NAMES, Permission
from casebook.rules.states import LABELS, Status
from casebook.web.nav import entries
from casebook.web.people import present
from casebook.web.telling import kept_in_language
from casebook.web.tools import DeskTools
from config.clock import local
from config.directory.lines import CATEGORIES

MAIL_STATES = {
    "queued": "Chờ gửi",
    "sending": "Đang gửi",
    "sent": "Đã gửi",
    "failed": "Không gửi được",
    "uncertain": "Không rõ đã tới chưa",
}

MAIL_KINDS = {
    "letter": "Phiếu chuyển",
    "daily": "Thư tổng hợp",
    "returned": "Đề nghị trả lời lại",
    "alarm": "Thư báo động",
    "identity": "Thư về danh tính",
    "link": "Thư có liên kết đặt mật khẩu",
    "rights": "Báo về quyền và cửa vào",
}

ERRORS = 400
"""The first HTTP status of an error (RFC 9110, 15)."""

WAVE_HEIGHT = 64
"""Of the drawn waveform, in its own units; a peak of 255 fills it."""


@dataclass(frozen=True, slots=True)
class Views:
    """What a group of pages has in common."""

    tools: DeskTools

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.tools.clock()

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a session in one transaction, in which the database hides what the person may not see."""
        with self.tools.database.begin() as session:
            user = present()
            if user is not None:
                stand_behind_wall(session, user.viewer)
            yield session

    def show(self, session: Session | None, template: str, status: int = 200, **values: Any) -> tuple[str, int]:
        """Render a page for whoever looks, with the number of troubles beside its link.

        A page about a fault of ours is for nobody in particular: the database may be what is broken.
        """
        user = present() if status < 500 else None
        stuck = troubles.how_many(session, user.viewer) if session and user else 0
        nav = entries(user.viewer, has_mailbox=self.tools.mailbox is not None) if user and not user.must_set_up else ()
        here = _here() if status < ERRORS else ""
        shell = {"user": user, "stuck": stuck, "nav": nav, "now": self.now, "here": here}
        return render_template(f"desk/{template}", **shell, **values), status


def _here() -> str:
    """Give the address of this page, for coming back to it."""
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def teach(blueprint: Blueprint) -> None:
    """Give the blueprint's templates our words."""
    for name, speak in _FILTERS.items():
        blueprint.add_app_template_filter(speak, name)
    constants = {
        "Permission": Permission,
        "STATUS_LABELS": {status.value: label for status, label in LABELS.items()},
        "CATEGORY_NAMES": {slug: wording.CATEGORIES[slug] for slug in CATEGORIES},
        "LEVELS": wording.LEVELS,
        "WITHHELD": wording.WITHHELD,
        "MAIL_STATES": MAIL_STATES,
        "MAIL_KINDS": MAIL_KINDS,
    }
    blueprint.app_context_processor(lambda: constants)


def wave_path(peaks: tuple[int, ...]) -> str:
    """Draw peaks (0-255) as the path of an SVG as wide as there are peaks, mirrored on its middle line."""
    middle = WAVE_HEIGHT / 2
    heights = [max(0.6, peak / 255 * middle) for peak in peaks]
    return "".join(f"M{x} {middle - height:.1f}v{2 * height:.1f}" for x, height in enumerate(heights))


def clock_time(seconds: float) -> str:
    """Write a place in a recording: `1:05`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def hour(moment: datetime) -> str:
    """Write a moment of today: `09:05`."""
    return f"{local(moment):%H:%M}"


def percent(share: float) -> str:
    """Write a share (0-1) as people read it."""
    return f"{round(100 * share)}%"


def lines(text: str) -> Markup:
    """Show text with its line breaks, and nothing in it as markup."""
    return Markup("<br>").join(escape(part) for part in text.split("\n"))


def role_names(roles: Any) -> str:
    """Name what a person is."""
    return ", ".join(sorted(_(ROLE_NAMES[role]) for role in roles))


def status(of: str) -> str:
    """Name where a case stands."""
    return str(_(LABELS[Status(of)]))


def worded(write: Callable[..., str]) -> Callable[..., str]:
    """Have the wording of papers speak the page's language."""
    return partial(write, say=_)


_FILTERS: dict[str, Callable[..., Any]] = {
    "code": codes.readable,
    "moment": worded(wording.moment),
    "due": worded(wording.due),
    "category": worded(wording.category),
    "deadline": worded(wording.deadline),
    "day": wording.day,
    "span": worded(wording.span),
    "lasting": worded(wording.length),
    "money": wording.money,
    "wave_path": wave_path,
    "clock_time": clock_time,
    "percent": percent,
    "hour": hour,
    "lines": lines,
    "role_names": role_names,
    "status": status,
    "kept": kept_in_language,
}
