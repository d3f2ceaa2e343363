"""The supervisor's page: the day at a glance, where work piles up, and how the units answer."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.queries import dashboard
from casebook.queries.dashboard import PERIODS, DayCount, UnitAccount
from casebook.queries.filters import Filters
from casebook.rules import wording
from casebook.rules.policy import Permission
from casebook.service import audit
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.shown import Views, percent
from casebook.web.spreadsheets import MEDIA_TYPE, spreadsheet
from casebook.web.tools import Directory
from config.clock import local

CHART_HEIGHT = 100
"""Of the trend's columns, in its own units."""

COLUMNS = (
    "Đơn vị",
    "Đã chuyển",
    "Đã trả lời",
    "Đúng hạn",
    "Thời gian trả lời (trung vị)",
    "Đang chờ trả lời",
    "Quá hạn",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A day of the trend as it is drawn: heights out of CHART_HEIGHT."""

    count: DayCount
    opened: float
    answered: float


@dataclass(frozen=True, slots=True)
class Dashboard(Views):
    """The pages of the day."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        return (
            Route("/today", "dashboard", self.today, Permission.SEE_DASHBOARD),
            Route("/today/units", "accounts_csv", self.accounts_csv, Permission.EXPORT, ("POST",)),
        )

    def today(self) -> ResponseReturnValue:
        """Show the day, the queue's oldest, the trend and the units."""
        viewer, now, days = person().viewer, self.now, _period(request.args.get("days", ""))
        with self.begin() as session:
            return self.show(
                session,
                "dashboard.html",
                numbers=dashboard.numbers(session, viewer, now),
                longest=dashboard.longest_waiting(session, viewer),
                columns=columns(dashboard.trend(session, viewer, now)),
                height=CHART_HEIGHT,
                accounts=dashboard.accounts(session, viewer, days, now),
                directory=Directory.read(session),
                days=days,
                periods=PERIODS,
                of_status=lambda status: Filters(view=status.value),
                of_day=lambda day, moment: Filters(view="all", dated=moment, since=day, until=day),
                of_unit=dashboard.list_of_unit,
                of_sent=lambda slug: dashboard.list_of_sent(slug, days, now),
            )

    def accounts_csv(self) -> ResponseReturnValue:
        """Give the units' accounts as a spreadsheet, having written down who took them."""
        user, now, days = person(), self.now, _period(request.form.get("days", ""))
        with self.begin() as session:
            found = dashboard.accounts(session, user.viewer, days, now)
            names = Directory.read(session).names(session)
            audit.record(session, "accounts_exported", user.email, now, days=days, rows=len(found))
        table = spreadsheet([_(column) for column in COLUMNS], [_cells(one, names.unit(one.slug)) for one in found])
        headers = {"Content-Disposition": f'attachment; filename="don-vi-{local(now):%Y%m%d}-{days}-ngay.csv"'}
        return Response(table, mimetype=MEDIA_TYPE, headers=headers)


def columns(trend: tuple[DayCount, ...]) -> tuple[Column, ...]:
    """Scale the days of a trend so that the highest fills the chart."""
    highest = max((max(day.opened, day.answered) for day in trend), default=0) or 1
    scale = CHART_HEIGHT / highest
    return tuple(Column(day, day.opened * scale, day.answered * scale) for day in trend)


def _period(text: str) -> int:
    return int(text) if text in {str(days) for days in PERIODS} else PERIODS[1]


def _cells(account: UnitAccount, name: str) -> tuple[str, ...]:
    return (
        name,
        str(account.sent),
        str(account.answered),
        "" if account.on_time is None else percent(account.on_time),
        "" if account.median is None else wording.span(account.median, _),
        str(account.waiting),
        str(account.late),
    )
