"""The units as one table: taken out as CSV, and brought in again after a look at what would change."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from unicodedata import normalize

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.rules.directory_diff import Difference, differences
from casebook.service.directory_changes import UNIT, unit_state
from casebook.web.doors import Route
from casebook.web.spreadsheets import MEDIA_TYPE, spreadsheet
from casebook.web.telling import in_words
from casebook.web.views.operator import NEEDS, POST, OperatorViews, read_upload, to
from casebook.web.views.operator_units import TAB
from config.directory.store import units_of
from config.directory.units import COLUMNS, DirectoryError, SharedAlias, Unit, shared_aliases, units_from
from config.errors import PermanentError

LARGEST = 500_000
"""Bytes of a table; about 3,000 units."""


class BadTable(PermanentError):
    """Không đọc được bảng đơn vị."""


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """What an import would do to one unit: nothing to compare with for a new one."""

    name: str
    is_new: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do, before it is done."""

    changed: tuple[PlannedUnit, ...]
    same: int
    absent: int
    shared: tuple[SharedAlias, ...]


@dataclass(frozen=True, slots=True)
class OperatorUnitTable(OperatorViews):
    """The addresses of the table."""

    def routes(self) -> tuple[Route, ...]:
        """List the addresses."""
        table = "/operator/unit-table"
        return (
            Route(table, "operator_unit_table", self.table, NEEDS),
            Route(f"{table}.csv", "operator_unit_export", self.export, NEEDS),
            Route(f"{table}/compare", "operator_unit_compare", self.compare, NEEDS, POST),
            Route(f"{table}/apply", "operator_unit_apply", self.apply, NEEDS, POST),
        )

    def table(self) -> ResponseReturnValue:
        """Show how to take the table out and bring it in."""
        return self._page()

    def export(self) -> ResponseReturnValue:
        """Give all units as CSV."""
        with self.begin() as session:
            units = units_of(session)
        headers = {"Content-Disposition": f'attachment; filename="don-vi-{self.now:%Y%m%d}.csv"'}
        return Response(written(units), mimetype=MEDIA_TYPE, headers=headers)

    def compare(self) -> ResponseReturnValue:
        """Show what a table would change, and change nothing."""
        try:
            text = _uploaded()
            plan = self._plan(text)
        except (BadTable, DirectoryError) as error:
            return self._page(422, error=in_words(error))
        return self._page(plan=plan, text=text)

    def apply(self) -> ResponseReturnValue:
        """Make the changes that were shown, as one that can be undone."""
        text = request.form.get("table", "")
        try:
            with self.editing() as editor:
                editor.alone()
                change = editor.units(_keeping_retired(read_table(text), units_of(editor.session)))
        except (BadTable, DirectoryError) as error:
            return self._page(422, error=in_words(error))
        if change is None:
            flash(_("Không có gì thay đổi."), "note")
        else:
            flash(_("Đã nhập %(n)s đơn vị.", n=len(change.after or {})), "good")
        return to(TAB, change)

    def _plan(self, text: str) -> Plan:
        # The import is really made, checked by all the directory's rules, and taken back.
        with self.editing() as editor:
            before = {unit.slug: unit for unit in units_of(editor.session)}
            names = {slug: unit.name for slug, unit in before.items()}
            wanted = _keeping_retired(read_table(text), before.values())
            attempt = editor.session.begin_nested()
            editor.units(wanted)
            shared = shared_aliases(units_of(editor.session))
            attempt.rollback()
        changed = tuple(
            _planned(unit, before.get(unit.slug), names) for unit in wanted if unit != before.get(unit.slug)
        )
        absent = len(before.keys() - {unit.slug for unit in wanted})
        return Plan(changed, len(wanted) - len(changed), absent, shared)

    def _page(self, status: int = 200, *, plan: Plan | None = None, text: str = "", error: str = "") -> tuple[str, int]:
        with self.begin() as session:
            values = {"plan": plan, "text": text, "error": error, "columns": COLUMNS}
            return self.page(session, "unit_table.html", TAB, status, **values)


def written(units: Iterable[Unit]) -> Iterator[str]:
    """Write units as the CSV that `read_table` reads, for spreadsheet programs."""
    rows = ((u.slug, u.name, u.kind, u.region, u.parent, "|".join(u.aliases), u.email) for u in units)
    return spreadsheet(COLUMNS, rows)


def read_table(text: str) -> tuple[Unit, ...]:
    """Read units of CSV, with commas or semicolons between. Raises BadTable or DirectoryError saying where."""
    lines = normalize("NFC", text).removeprefix("\ufeff").splitlines()
    head = lines[0] if lines else ""
    delimiter = ";" if head.count(";") > head.count(",") else ","
    try:
        units = units_from(lines, _("dòng"), delimiter)
    except csv.Error as error:
        raise BadTable(_("Bảng không đúng dạng CSV. Hãy lưu lại từ chương trình bảng tính.")) from error
    slugs = [unit.slug for unit in units]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise BadTable(_("Mã đơn vị “%(slug)s” có hai dòng trong bảng.", slug=slug))
    if not units:
        raise BadTable(_("Bảng không có đơn vị nào."))
    return units


def _keeping_retired(units: Iterable[Unit], known: Iterable[Unit]) -> tuple[Unit, ...]:
    retired = {unit.slug for unit in known if unit.retired}
    return tuple(replace(unit, retired=unit.slug in retired) for unit in units)


def _planned(unit: Unit, before: Unit | None, names: dict[str, str]) -> PlannedUnit:
    told = differences(UNIT, unit_state(before) if before else None, unit_state(unit), names)
    return PlannedUnit(before.name if before else unit.name, before is None, told)


def _uploaded() -> str:
    data = read_upload(request.files.get("file"), LARGEST)
    if not data:
        raise BadTable(_("Hãy chọn một tệp CSV."))
    if len(data) > LARGEST:
        raise BadTable(_("Tệp lớn hơn 500 KB. Danh sách đơn vị nhỏ hơn nhiều; hãy kiểm tra lại tệp."))
    try:
        return data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTable(_("Tệp không phải chữ UTF-8. Hãy lưu lại với kiểu “CSV UTF-8”.")) from error
