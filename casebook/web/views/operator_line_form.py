"""The form of a line: written from a line, read as it was typed, turned back into a line or into what is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time

from flask import request
from flask_babel import gettext as _

from casebook.web import forms
from casebook.web.forms import BadForm
from casebook.web.telling import in_language, in_words
from config.directory.lines import CATEGORIES, Branch, Line, Notice, Question, Span
from config.directory.lines_file import definition_of
from config.directory.units import DirectoryError

SPARE_ROWS = 2
"""Empty rows for one more span of hours or branch."""

MOST_ROWS = 14

LONGEST_SAID = 2_000
"""Characters of a greeting or notice: about three minutes of speech."""


@dataclass(frozen=True, slots=True)
class TypedQuestion:
    """A question as the form shows it; its key is fixed."""

    key: str
    max_seconds: str
    silence_seconds: str
    finish_keys: str
    required: bool


@dataclass(frozen=True, slots=True)
class TypedBranch:
    """A desk of the guidance menu as the form shows it."""

    key: str = ""
    name: str = ""
    target: str = ""
    unit: str = ""
    ring_seconds: str = "25"

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed into the row."""
        return not (self.key or self.name or self.target)


@dataclass(frozen=True, slots=True)
class TypedSpan:
    """Hours of some days as the form shows them."""

    days: tuple[int, ...] = ()
    start: str = ""
    end: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed into the row."""
        return not (self.days or self.start or self.end)


@dataclass(frozen=True, slots=True)
class TypedLine:
    """What an operator changes of a line, all of it text."""

    name: str
    number: str
    aliases: str
    owner: str
    greeting: str
    notice_text: str
    notice_version: str
    category: str
    ask_category: bool
    retention_days: str
    auto_forward: tuple[str, ...]
    questions: tuple[TypedQuestion, ...]
    branches: tuple[TypedBranch, ...]
    hours: tuple[TypedSpan, ...]

    @property
    def branch_rows(self) -> tuple[TypedBranch, ...]:
        """The branches with empty rows after them."""
        return (*self.branches, *(TypedBranch(),) * SPARE_ROWS)

    @property
    def hour_rows(self) -> tuple[TypedSpan, ...]:
        """The hours with empty rows after them."""
        return (*self.hours, *(TypedSpan(),) * SPARE_ROWS)


def typed_of(line: Line) -> TypedLine:
    """Write a line as its form shows it."""
    return TypedLine(
        name=line.name,
        number=line.number,
        aliases="\n".join(line.aliases),
        owner=line.owner,
        greeting=line.greeting,
        notice_text=line.notice.text,
        notice_version=line.notice.version,
        category=line.category,
        ask_category=line.ask_category,
        retention_days=str(line.retention_days),
        auto_forward=line.auto_forward,
        questions=tuple(_typed_question(question) for question in line.questions),
        branches=tuple(
            TypedBranch(branch.key, branch.name, branch.target, branch.unit, str(branch.ring_seconds))
            for branch in line.branches
        ),
        hours=tuple(TypedSpan(span.days, f"{span.start:%H:%M}", f"{span.end:%H:%M}") for span in line.hours),
    )


def _typed_question(question: Question) -> TypedQuestion:
    lengths = str(question.max_seconds), str(question.silence_seconds)
    return TypedQuestion(question.key, *lengths, question.finish_keys, question.required)


def read_typed(line: Line) -> TypedLine:
    """Read the form as it was typed; rows that were left empty are gone."""
    return TypedLine(
        name=forms.line("name"),
        number=forms.line("number", 64),
        aliases="\n".join(alias for alias in forms.paragraphs("aliases", 2_000).split("\n") if alias.strip()),
        owner=forms.line("owner"),
        greeting=forms.line("greeting", LONGEST_SAID),
        notice_text=forms.line("notice_text", LONGEST_SAID),
        notice_version=forms.line("notice_version", 64),
        category=forms.line("category"),
        ask_category="ask_category" in request.form,
        retention_days=forms.line("retention_days", 12),
        auto_forward=tuple(slug for slug in CATEGORIES if f"auto_forward.{slug}" in request.form),
        questions=tuple(_read_question(question.key) for question in line.questions),
        branches=tuple(row for row in map(_read_branch, range(MOST_ROWS)) if not row.is_empty),
        hours=tuple(row for row in map(_read_span, range(MOST_ROWS)) if not row.is_empty),
    )


def _read_question(key: str) -> TypedQuestion:
    longest, silence, keys = (
        forms.line(f"{name}.{key}", 24) for name in ("max_seconds", "silence_seconds", "finish_keys")
    )
    return TypedQuestion(key, longest, silence, keys, f"required.{key}" in request.form)


def _read_branch(row: int) -> TypedBranch:
    names = ("branch_key", "branch_name", "branch_target", "branch_unit", "branch_ring")
    return TypedBranch(*(forms.line(f"{name}.{row}", 200) for name in names))


def _read_span(row: int) -> TypedSpan:
    days = tuple(day for day in range(7) if f"days.{row}.{day}" in request.form)
    return TypedSpan(days, forms.line(f"start.{row}", 8), forms.line(f"end.{row}", 8))


def line_of(typed: TypedLine, line: Line, versions: Mapping[str, str]) -> Line:
    """Give `line` as it was typed; raises BadForm where something is no number or hour, or a notice lacks a version.

    `versions` are the words of the line's notices by version, as far as callers may have heard them.
    """
    errors: dict[str, str] = {}
    changed = replace(
        line,
        name=typed.name,
        number=typed.number,
        aliases=tuple(alias.strip() for alias in typed.aliases.split("\n") if alias.strip()),
        owner=typed.owner,
        greeting=typed.greeting,
        notice=Notice(typed.notice_version, typed.notice_text),
        category=typed.category,
        ask_category=typed.ask_category,
        retention_days=_number(typed.retention_days, "retention_days", errors),
        auto_forward=typed.auto_forward,
        questions=tuple(_question(t, q, errors) for t, q in zip(typed.questions, line.questions, strict=True)),
        branches=tuple(_branch(row, errors) for row in typed.branches),
        hours=tuple(_span(row, f"hours_{place}", errors) for place, row in enumerate(typed.hours)),
    )
    if versions.get(typed.notice_version, typed.notice_text) != typed.notice_text:
        errors["notice_version"] = _(
            "Phiên bản này đã dùng cho lời báo khác. Hãy đặt phiên bản mới, ví dụ %(next)s.",
            next=next_version(typed.notice_version),
        )
    if errors:
        raise BadForm(errors)
    return changed


def _number(text: str, field: str, errors: dict[str, str]) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    errors[field] = _("Hãy ghi một số nguyên, ví dụ 30.")
    return 0


def _question(typed: TypedQuestion, question: Question, errors: dict[str, str]) -> Question:
    field = f"question_{question.key}"
    return replace(
        question,
        max_seconds=_number(typed.max_seconds, field, errors),
        silence_seconds=_number(typed.silence_seconds, field, errors),
        finish_keys=typed.finish_keys,
        required=typed.required,
    )


def _branch(typed: TypedBranch, errors: dict[str, str]) -> Branch:
    ring = _number(typed.ring_seconds, f"branch_{typed.key}", errors)
    return Branch(typed.key, typed.name, typed.target, typed.unit, ring)


def _span(typed: TypedSpan, field: str, errors: dict[str, str]) -> Span:
    try:
        return Span(typed.days, time.fromisoformat(typed.start), time.fromisoformat(typed.end))
    except ValueError:
        errors[field] = _("Hãy ghi giờ bắt đầu và giờ kết thúc, ví dụ 07:30 và 11:30.")
        return Span(typed.days, time.min, time.max)


def faults_by_field(error: DirectoryError) -> dict[str, str]:
    """Give what the directory complains about as the form shows it."""
    told: dict[str, str] = {}
    for fault in error.faults:
        text = in_language(fault.text)
        text = text[:1].upper() + text[1:] + "."
        told[fault.field] = f"{told[fault.field]} {text}" if fault.field in told else text
    return told or {"": in_words(error)}


def next_version(version: str) -> str:
    """Give the version after `version`: `2026-1` is followed by `2026-2`."""
    head, dash, tail = version.rpartition("-")
    return f"{head}-{int(tail) + 1}" if dash and tail.isascii() and tail.isdigit() else f"{version}-2"


def seen_of(line: Line) -> str:
    """Give what tells whether the line is still as the page showed it."""
    return hashlib.sha256(json.dumps(definition_of(line), sort_keys=True).encode()).hexdigest()[:32]
