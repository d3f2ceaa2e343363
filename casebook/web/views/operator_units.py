"""The units: found by any of their names, made, changed, retired and restored."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from flask import abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.queries import directory_pages
from casebook.rules.directory_diff import Difference, differences
from casebook.rules.understanding.places import Area
from casebook.rules.unit_names import KINDS, REGIONS, UnitIndex
from casebook.service.directory_changes import UNIT, unit_state
from casebook.service.unit_use import UnitUse, uses_of
from casebook.web import forms
from casebook.web.doors import Route
from casebook.web.telling import in_words
from casebook.web.views.operator import NEEDS, POST, OperatorViews, to
from casebook.web.views.operator_line_form import faults_by_field
from config.directory.store import units_of
from config.directory.units import DirectoryError, Unit, shared_aliases
from config.errors import PermanentError
from transcription.rules.text import fold

TAB = "operator_units"
MOST_FOUND = 200


@dataclass(frozen=True, slots=True)
class UnsavedUnit:
    """A unit as it was typed: with what is wrong, or how it differs from what others saved meanwhile."""

    unit: Unit
    errors: Mapping[str, str] = field(default_factory=dict)
    theirs: tuple[Difference, ...] = ()


NEW = Unit("", "", "hospital", "hcm")
"""What an empty form shows."""


@dataclass(frozen=True, slots=True)
class OperatorUnits(OperatorViews):
    """The pages of the units."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        unit = "/operator/units/<slug>"
        return (
            Route("/operator/units", TAB, self.units, NEEDS),
            Route("/operator/new-unit", "operator_unit_new", self.new, NEEDS),
            Route("/operator/new-unit/add", "operator_unit_add", self.add, NEEDS, POST),
            Route(unit, "operator_unit", self.unit, NEEDS),
            Route(f"{unit}/save", "operator_unit_save", self.save, NEEDS, POST),
            Route(f"{unit}/retire", "operator_unit_retire", self.retire, NEEDS, POST),
            Route(f"{unit}/restore", "operator_unit_restore", self.restore, NEEDS, POST),
        )

    def units(self) -> ResponseReturnValue:
        """List the units, or those that fit what is sought."""
        text, show = request.args.get("q", "")[:200], request.args.get("show", "")
        with self.begin() as session:
            everyone = units_of(session)
            listed = _found(text, everyone, self.tools.areas)
            shared = {slug for alias in shared_aliases(everyone) for slug in alias.slugs}
            return self.page(
                session,
                "units.html",
                TAB,
                units=[unit for unit in listed if _is_shown(unit, show, shared)],
                counts={name: sum(_is_shown(unit, name, shared) for unit in everyone) for name in SHOWN},
                shown=SHOWN,
                show=show,
                text=text,
                shared=shared,
                kinds=KINDS,
                regions=REGIONS,
            )

    def new(self) -> ResponseReturnValue:
        """Show an empty form."""
        with self.begin() as session:
            return self._form(session, UnsavedUnit(NEW), None)

    def add(self) -> ResponseReturnValue:
        """Make a unit of what was typed."""
        typed = _typed(forms.line("slug", 80) or _slug_of(forms.line("name")))
        with self.begin() as session:
            if any(unit.slug == typed.slug for unit in units_of(session)):
                errors = {"slug": _("Đã có đơn vị mang mã này. Hãy đặt mã khác, hoặc sửa đơn vị đã có.")}
                return self._form(session, UnsavedUnit(typed, errors), None, 422)
        return self._saved(typed, None)

    def unit(self, slug: str) -> ResponseReturnValue:
        """Show a unit's form, what hangs on it, and its changes."""
        with self.begin() as session:
            unit = _unit(session, slug)
            return self._form(session, UnsavedUnit(unit), unit)

    def save(self, slug: str) -> ResponseReturnValue:
        """Save what was typed."""
        with self.begin() as session:
            unit = _unit(session, slug)
            typed = replace(_typed(slug), retired=unit.retired)
            if request.form.get("seen") != seen_of_unit(unit):
                names = {other.slug: other.name for other in units_of(session)}
                theirs = differences(UNIT, unit_state(unit), unit_state(typed), names)
                return self._form(session, UnsavedUnit(typed, theirs=theirs), unit, 409)
        return self._saved(typed, unit)

    def _saved(self, typed: Unit, unit: Unit | None) -> ResponseReturnValue:
        try:
            with self.editing() as editor:
                editor.alone()
                if unit is not None and _unit(editor.session, unit.slug) != unit:
                    raise UnitChanged
                change = editor.unit(typed)
        except (DirectoryError, UnitChanged) as error:
            faults = faults_by_field(error) if isinstance(error, DirectoryError) else {"": in_words(error)}
            with self.begin() as session:
                return self._form(session, UnsavedUnit(typed, faults), unit, 422)
        if change is None:
            flash(_("Không có gì thay đổi."), "note")
        else:
            flash(_("Đã lưu “%(name)s”.", name=typed.name), "good")
        return to("operator_unit", change, slug=typed.slug)

    def retire(self, slug: str) -> ResponseReturnValue:
        """Have a unit suggested and chosen no more; its cases keep it."""
        return self._set_retired(slug, _("Đã cho đơn vị ngừng hoạt động. Đơn vị không còn được gợi ý."), retired=True)

    def restore(self, slug: str) -> ResponseReturnValue:
        """Have a retired unit suggested and chosen again."""
        return self._set_retired(slug, _("Đơn vị hoạt động trở lại."), retired=False)

    def _set_retired(self, slug: str, told: str, *, retired: bool) -> ResponseReturnValue:
        with self.editing() as editor:
            editor.alone()
            unit = _unit(editor.session, slug)
            lines = uses_of(editor.session, slug).lines if retired else ()
            change = None if lines else editor.unit(replace(unit, retired=retired))
        if lines:
            names = ", ".join(lines)
            flash(_("Đơn vị đang phụ trách: %(lines)s. Hãy giao cho đơn vị khác trước.", lines=names), "bad")
        else:
            flash(told, "good")
        return to("operator_unit", change, slug=slug)

    def _form(self, session: Session, unsaved: UnsavedUnit, unit: Unit | None, status: int = 200) -> tuple[str, int]:
        everyone = units_of(session)
        shown = unsaved.unit
        together = (*(other for other in everyone if other.slug != shown.slug), shown)
        return self.page(
            session,
            "unit.html",
            TAB,
            status,
            unit=unit,
            typed=shown,
            errors=unsaved.errors,
            theirs=unsaved.theirs,
            seen=seen_of_unit(unit) if unit else "",
            use=self._use(unit) if unit else None,
            units=sorted((other for other in everyone if other.slug != shown.slug), key=lambda other: other.name),
            names={other.slug: other.name for other in everyone},
            shared=[alias for alias in shared_aliases(together) if shown.slug in alias.slugs] if unit else [],
            kinds=KINDS,
            regions=REGIONS,
            changes=directory_pages.changes_of(session, UNIT, shown.slug),
        )

    def _use(self, unit: Unit) -> UnitUse:
        # Past the wall, for numbers only: somebody who may see no case must know that a unit has some.
        with self.tools.database.begin() as session:
            return uses_of(session, unit.slug)


SHOWN = {
    "": "Đang hoạt động",
    "mute": "Chưa có thư điện tử",
    "shared": "Trùng tên gọi",
    "retired": "Ngừng hoạt động",
}
"""The parts of the list."""


def _found(text: str, everyone: tuple[Unit, ...], areas: tuple[Area, ...]) -> list[Unit]:
    """The units that fit `text`, the likeliest first; all by name where nothing is sought."""
    if not text.strip():
        return sorted(everyone, key=lambda unit: unit.name)
    return [found.unit for found in _index(everyone, areas).search(text, MOST_FOUND)]


@lru_cache(maxsize=2)
def _index(units: tuple[Unit, ...], areas: tuple[Area, ...]) -> UnitIndex:
    """Make the index of all units, retired ones too, once for as long as they stay the same."""
    return UnitIndex(units, areas)


def _is_shown(unit: Unit, show: str, shared: set[str]) -> bool:
    if show == "retired":
        return unit.retired
    wanted = {"mute": not unit.email, "shared": unit.slug in shared}.get(show, True)
    return wanted and not unit.retired


def _typed(slug: str) -> Unit:
    """Read the form of a unit."""
    aliases = (" ".join(alias.split()) for alias in forms.paragraphs("aliases", 5_000).split("\n"))
    return Unit(
        slug=slug,
        name=forms.line("name"),
        kind=forms.line("kind", 40),
        region=forms.line("region", 40),
        parent=forms.line("parent", 80),
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias)),
        email=forms.line("email", 254),
    )


def seen_of_unit(unit: Unit) -> str:
    """Give what tells whether the unit is still as the page showed it."""
    return hashlib.sha256(json.dumps(unit_state(unit), sort_keys=True).encode()).hexdigest()[:32]


class UnitChanged(PermanentError):
    """Người khác vừa sửa đơn vị này. Hãy xem lại rồi lưu lần nữa."""


def _slug_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:80]


def _unit(session: Session, slug: str) -> Unit:
    unit = next((unit for unit in units_of(session) if unit.slug == slug), None)
    if unit is None:
        abort(404, _("Không có đơn vị này trong danh bạ."))
    return unit
