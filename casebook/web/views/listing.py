"""The list of cases, and the same list as a spreadsheet."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask import Response, request
from flask.typing import ResponseReturnValue

from casebook.queries import counts, listing, news
from casebook.queries.filters import EVERY, NO_UNIT, UNFINISHED, WITH_UNIT, read_filters
from casebook.rules import wording
from casebook.rules.policy import Permission
from casebook.rules.states import LABELS, Status
from casebook.rules.timeline import Names
from casebook.service import audit, claims, saved_filters
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.shown import Views
from casebook.web.spreadsheets import MEDIA_TYPE, moment_cell, spreadsheet
from casebook.web.tools import Directory
from casebook.web.views.bulk import BULK_NAMES, marked_cases
from casebook.web.views.saved import just_deleted
from config.clock import local

VIEW_NAMES = {
    UNFINISHED: "Đang xử lý",
    Status.OPEN.value: "Đang gọi",
    Status.REVIEW.value: "Chờ kiểm tra",
    Status.CONFIRMED.value: "Chờ chuyển",
    WITH_UNIT: "Chờ đơn vị",
    Status.FORWARDED.value: "Đã chuyển",
    Status.ACKNOWLEDGED.value: "Đơn vị nhận",
    Status.ANSWERED.value: "Đã trả lời",
    Status.CLOSED.value: "Đã kết thúc",
    Status.SET_ASIDE.value: "Không xử lý",
    EVERY: "Tất cả",
}
"""What the tabs are called: short, to stand in one row."""

COLUMNS = (
    "Mã số",
    "Tình trạng",
    "Khẩn cấp",
    "Đường dây",
    "Lĩnh vực",
    "Cơ sở được phản ánh",
    "Đơn vị có trách nhiệm",
    "Mức",
    "Tóm tắt",
    "Tiếp nhận",
    "Đã chuyển",
    "Hạn trả lời",
    "Đã trả lời",
    "Đã kết thúc",
)


@dataclass(frozen=True, slots=True)
class Listing(Views):
    """The pages of the list."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        return (
            Route("/", "listing", self.listing, Permission.READ_CASES),
            Route("/export", "export", self.export, Permission.EXPORT, ("POST",)),
        )

    def listing(self) -> ResponseReturnValue:
        """Show a page of the list."""
        filters, user, now = read_filters(request.args), person(), self.now
        with self.begin() as session:
            # Asked for first: what happens while the page is made is news on it.
            mark = news.latest(session)
            page = listing.page(session, user.viewer, filters, now, request.args.get("after"))
            return self.show(
                session,
                "list.html",
                filters=filters,
                page=page,
                counts=counts.counts(session, user.viewer, filters, now),
                counted=counts.COUNTED,
                held=claims.held(session, [row.id for row in page.rows], now),
                saved=saved_filters.all_of(session, user.id),
                deleted=just_deleted(),
                directory=Directory.read(session),
                view_names=VIEW_NAMES,
                no_unit=NO_UNIT,
                is_first="after" not in request.args,
                news=mark,
                bulk_acts=BULK_NAMES if user.viewer.may(Permission.HANDLE_CASES) else {},
            )

    def export(self) -> ResponseReturnValue:
        """Give the list, or what was marked in it, as a CSV file, having written down who took what."""
        filters, user, now = read_filters(request.args), person(), self.now
        marked = [code for code, _version in marked_cases()]
        with self.begin() as session:
            names = Directory.read(session).names(session)
            rows = list(listing.every_row(session, user.viewer, filters, now, marked))
            asked = {name: str(value) for name, value in asdict(filters).items() if value}
            # Words that were searched for may be somebody's name.
            asked.pop("text", None)
            audit.record(session, "exported", user.email, now, rows=len(rows), filters=asked, marked=len(marked))
        name = f"phan-anh-{local(now):%Y%m%d-%H%M}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(
            spreadsheet(COLUMNS, (_cells(row, names) for row in rows)), mimetype=MEDIA_TYPE, headers=headers
        )


def _cells(row: listing.Row, names: Names) -> tuple[str, ...]:
    """A case as a row of the spreadsheet; the caller is in none of it."""
    return (
        row.code,
        LABELS[Status(row.status)],
        "có" if row.emergency else "",
        names.lines.get(row.line, row.line),
        wording.category(row.category),
        names.units.get(row.subject_unit or "", row.subject_text or ""),
        names.units.get(row.responsible_unit or "", ""),
        str(row.level),
        row.summary,
        *(moment_cell(at) for at in (row.opened_at, row.forwarded_at, row.due_at, row.answered_at, row.closed_at)),
    )
