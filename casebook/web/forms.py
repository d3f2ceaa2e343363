"""Reading what was typed into forms: clean, short enough, and kept when it cannot be taken yet."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from flask import Request, request
from flask_babel import gettext as _

from casebook.rules.calendar import LEVEL_HOURS
from casebook.rules.unit_names import SHOWN, close_units, find_unit
from casebook.service.review import CaseForm
from casebook.web.doors import KEPT_UNDER
from config.directory.lines import CATEGORIES
from config.directory.units import Unit
from config.errors import PermanentError
from transcription.rules.text import clean

LONGEST_LINE = 300
LONGEST_TEXT = 20_000
LONGEST_WHY = 1_000
SHORTEST_WHY = 5

PICK_ONE = "Hãy chọn một mục trong danh sách."

KEPT = "kept."
"""Begins the names of fields that a log-in page carries for somebody whose session ended while typing."""

LABELS = {
    "category": "Lĩnh vực",
    "subject": "Cơ sở được phản ánh",
    "unit": "Đơn vị có trách nhiệm",
    "level": "Mức xử lý",
    "summary": "Tóm tắt",
    "text": "Bản chép lời",
    "why": "Lý do",
    "words": "Nội dung",
    "name": "Tên",
    "number": "Số điện thoại",
    "aliases": "Tên gọi khác",
    "greeting": "Lời chào",
    "notice_text": "Lời báo ghi âm",
    "email": "Thư điện tử",
}
"""What fields are called where they are shown again."""


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


def checked(typed: Typed, before: CaseForm, units: dict[str, Unit]) -> CaseForm:
    """Give the fields that were typed; raises BadForm, saying by field what to do."""
    errors: dict[str, str] = {}
    if typed.category and typed.category not in CATEGORIES:
        errors["category"] = _(PICK_ONE)
    if typed.level not in map(str, LEVEL_HOURS):
        errors["level"] = _(PICK_ONE)
    unit, problem = _unit(typed.unit, before, units)
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


def _unit(text: str, before: CaseForm, units: dict[str, Unit]) -> tuple[str | None, str]:
    """The responsible unit: what cannot be understood is a problem, and one once chosen is not taken away."""
    if text == _name(before.responsible_unit, units):
        return before.responsible_unit, ""
    if not text:
        return None, _("Hãy chọn đơn vị có trách nhiệm.")
    found, problem = named_unit(text, units)
    return found.slug if found else None, problem


def named_unit(text: str, units: dict[str, Unit]) -> tuple[Unit | None, str]:
    """Give the unit that `text` names, or what to tell the person who typed it."""
    found = find_unit(text, units.values())
    if found:
        return found, ""
    near = [unit.name for unit in close_units(text, units.values())][:SHOWN]
    if near:
        return None, _("Có nhiều đơn vị gần giống: %(units)s. Hãy ghi rõ một đơn vị.", units="; ".join(near))
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


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed into a form that could not be taken, because the session had ended."""

    path: str
    fields: dict[str, str]

    @property
    def shown(self) -> dict[str, str]:
        """The fields that a person typed, by what they are called."""
        return {name: text for name, text in self.fields.items() if name in LABELS and text}

    @property
    def carried(self) -> dict[str, str]:
        """The fields that go along unseen."""
        return {name: text for name, text in self.fields.items() if name not in self.shown}


def kept_from(asked: Request) -> Kept | None:
    """Keep what was posted to a case's page of ours; None for any other post, and for one from another site."""
    origin = urlsplit(asked.headers.get("Origin", ""))
    foreign = asked.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
    if asked.method != "POST" or foreign or (origin.netloc and origin.netloc != asked.host):
        return None
    if not asked.path.startswith(KEPT_UNDER):
        return None
    fields = {name: text for name, text in asked.form.items() if name != "csrf_token"}
    return Kept(asked.path, fields)


def kept_again() -> Kept | None:
    """Read what a log-in page carried."""
    path = request.form.get("kept_path", "")
    fields = {name.removeprefix(KEPT): text for name, text in request.form.items() if name.startswith(KEPT)}
    return Kept(path, fields) if path.startswith(KEPT_UNDER) and ".." not in path else None
