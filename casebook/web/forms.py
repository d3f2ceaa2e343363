"""Reading what was typed into forms: clean and short enough."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import request
from flask_babel import gettext as _

from casebook.rules.calendar import LEVEL_HOURS
from casebook.rules.understanding.places import Area
from casebook.rules.unit_names import SHOWN, close_units, find_unit, unit_index
from casebook.service.review import CaseForm
from casebook.web.telling import in_language
from config.directory.lines import CATEGORIES
from config.directory.units import Unit
from config.errors import PermanentError
from transcription.rules.text import clean

LONGEST_LINE = 300
LONGEST_TEXT = 20_000
LONGEST_WHY = 1_000
SHORTEST_WHY = 5

Areas = Sequence[Area]
"""Districts of before 2025 with the wards of now, by which units are found too."""

PICK_ONE = "Hãy chọn một mục trong danh sách."


def line(name: str, longest: int = LONGEST_LINE) -> str:
    """Read a field as one clean line."""
    return " ".join(clean(request.form.get(name, "")).split())[:longest]


def paragraphs(name: str, longest: int = LONGEST_TEXT) -> str:
    """Read a field as clean text whose line breaks stay."""
    return clean(request.form.get(name, "").replace("\r\n", "\n"))[:longest]


def number(name: str) -> int:
    """Read a whole number; 0 for anything else."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class BadForm(PermanentError):
    """Hãy sửa các ô được đánh dấu."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Typed:
    """The case form as it stands on a page: units by name, all of it text."""

    category: str
    subject: str
    unit: str
    level: str
    summary: str


def typed_of(form: CaseForm, units: dict[str, Unit]) -> Typed:
    """Write a case's fields as the form shows them."""
    return Typed(
        category=form.category or "",
        subject=_name(form.subject_unit, units) or form.subject_text or "",
        unit=_name(form.responsible_unit, units),
        level=str(form.level),
        summary=form.summary,
    )


def typed_case_form() -> Typed:
    """Read the case form as it was typed."""
    return Typed(line("category"), line("subject"), line("unit"), line("level"), paragraphs("summary", 2_000))


def checked(typed: Typed, before: CaseForm, units: dict[str, Unit], areas: Areas = ()) -> CaseForm:
    """Give the fields that were typed; raises BadForm, saying by field what to do."""
    errors: dict[str, str] = {}
    if typed.category and typed.category not in CATEGORIES:
        errors["category"] = _(PICK_ONE)
    if typed.level not in map(str, LEVEL_HOURS):
        errors["level"] = _(PICK_ONE)
    unit, problem = _unit(typed.unit, before, units, areas)
    if problem:
        errors["unit"] = problem
    if errors:
        raise BadForm(errors)
    subject_unit, subject_text = _subject(typed.subject, before, units)
    return CaseForm(
        category=typed.category or None,
        subject_unit=subject_unit,
        subject_text=subject_text,
        responsible_unit=unit,
        level=int(typed.level),
        summary=typed.summary,
    )


def _subject(text: str, before: CaseForm, units: dict[str, Unit]) -> tuple[str | None, str | None]:
    """The facility: a unit where the words name one, else the words (most private clinics are in no list)."""
    if text == typed_of(before, units).subject:
        return before.subject_unit, before.subject_text
    named = next((unit.slug for unit in units.values() if unit.name == text), None)
    return (named, None) if named else (None, text or None)


def _unit(text: str, before: CaseForm, units: dict[str, Unit], areas: Areas) -> tuple[str | None, str]:
    """The responsible unit: what cannot be understood is a problem, and one once chosen is not taken away."""
    if text == _name(before.responsible_unit, units):
        return before.responsible_unit, ""
    if not text:
        return None, _("Hãy chọn đơn vị có trách nhiệm.")
    found, problem = named_unit(text, units, areas)
    return found.slug if found else None, problem


def named_unit(text: str, units: dict[str, Unit], areas: Areas = ()) -> tuple[Unit | None, str]:
    """Give the unit that `text` names, or what to tell the person who typed it.

    Units that only fit otherwise, as those of a ward or district, are told for the person to choose: a letter goes to
    nobody who was not named.
    """
    found = find_unit(text, units.values())
    if found:
        return found, ""
    near = [unit.name for unit in close_units(text, units.values())][:SHOWN]
    if near:
        return None, _("Có nhiều đơn vị gần giống: %(units)s. Hãy ghi rõ một đơn vị.", units="; ".join(near))
    there = unit_index(tuple(units.values()), tuple(areas)).search(text, SHOWN)
    if there:
        told = [f"{one.unit.name} ({in_language(one.by)})" if one.by else one.unit.name for one in there]
        return None, _("Gần với chữ bạn gõ: %(units)s. Hãy ghi tên một đơn vị.", units="; ".join(told))
    return None, _("Không có đơn vị này trong danh bạ. Hãy gõ vài chữ của tên rồi chọn trong danh sách.")


def _name(slug: str | None, units: dict[str, Unit]) -> str:
    unit = units.get(slug or "")
    return unit.name if unit else slug or ""


def written(form: CaseForm) -> str:
    """Write the fields that a page shows into the page, to see later what others changed meanwhile."""
    return json.dumps(asdict(form), ensure_ascii=False)


def seen() -> CaseForm | None:
    """Read the fields that the page showed; None if that was tampered with."""
    try:
        return CaseForm(**json.loads(request.form.get("seen", "")))
    except (ValueError, TypeError):
        return None
