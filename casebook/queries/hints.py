"""What the case form says beside each field: the suggestion, how sure, by which words and rule, what else it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from casebook.rules import wording
from casebook.rules.timeline import Names
from casebook.rules.understanding.shapes import Alternative, Facility, Field, Suggestion, WordSpan
from casebook.rules.wording import Say, plain

WORTH_SAYING = 0.03
"""An alternative less sure than this only takes up room."""

BY_WORDS = "Lời kể có: %(words)s."
BY_KEY_AND_WORDS = "Theo phím người gọi bấm. Lời kể cũng có: %(words)s."
NO_COMPLAINT = "Không phải phản ánh: %(why)s"
"""Reasons that are told with a value: the words that were heard, or another reason."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a field may take: as the form wants it, as people read it, and how sure (0-1)."""

    value: str
    name: str
    sureness: float


@dataclass(frozen=True, slots=True)
class Hint:
    """The suggestion for one field. `spans` tell a script which words to mark: `story:3-5 facility:0-2`."""

    best: Choice
    reason: str
    words: tuple[str, ...]
    spans: str
    others: tuple[Choice, ...]


def hints_of(suggestion: Suggestion, names: Names, say: Say = plain) -> dict[str, Hint]:
    """Give the hints by the form's field names; fields without a suggestion have none."""

    def unit_name(slug: str) -> tuple[str, str]:
        return names.unit(slug), names.unit(slug)

    def facility_name(facility: Facility) -> tuple[str, str]:
        name = names.unit(facility.unit) if facility.unit else facility.text
        return name, name

    found = {
        "category": _hint(suggestion.category, lambda slug: (slug, wording.category(slug, say)), say),
        "subject": _hint(suggestion.facility, facility_name, say),
        "unit": _hint(suggestion.responsible_unit, unit_name, say),
        "level": _hint(suggestion.level, lambda level: (str(level), say(wording.LEVELS[level])), say),
        "summary": _hint(suggestion.summary, lambda text: (text, text), say),
    }
    return {name: hint for name, hint in found.items() if hint is not None}


def reason_of(reason: str, say: Say = plain) -> str:
    """Say the reason of a suggestion; what was heard stays as it was said."""
    for pattern in (BY_WORDS, BY_KEY_AND_WORDS):
        told = pattern.partition("%")[0]
        if reason.startswith(told):
            return say(pattern, words=reason.removeprefix(told).removesuffix("."))
    why = NO_COMPLAINT.partition("%")[0]
    if reason.startswith(why):
        return say(NO_COMPLAINT, why=reason_of(reason.removeprefix(why), say))
    return say(reason) if reason else ""


def _hint(field: Field[Any], told: Callable[[Any], tuple[str, str]], say: Say) -> Hint | None:
    if field.value is None:
        return None
    value, name = told(field.value)
    return Hint(
        best=Choice(value, name, field.sureness),
        reason=reason_of(field.reason, say),
        words=tuple(dict.fromkeys(span.words for span in field.because if span.words)),
        spans=" ".join(map(_span, field.because)),
        others=tuple(_choice(other, told) for other in field.alternatives[:3] if other.sureness >= WORTH_SAYING),
    )


def _choice(other: Alternative[Any], told: Callable[[Any], tuple[str, str]]) -> Choice:
    return Choice(*told(other.value), other.sureness)


def _span(span: WordSpan) -> str:
    return f"{span.question}:{span.first}-{span.last}"


FLAG_NAMES = {
    "on_premises": "Người bệnh đang ở cơ sở",
    "wants_anonymity": "Xin giữ kín danh tính",
    "crime_signs": "Có dấu hiệu tội phạm",
    "khieu_nai": "Nói đến khiếu nại (không nhận qua điện thoại)",
    "to_cao": "Nói đến tố cáo (không nhận qua điện thoại)",
    "distress": "Người gọi hoảng loạn",
}


def flags_of(suggestion: Suggestion, say: Say = plain) -> list[tuple[str, str]]:
    """List the marks that change how a case is treated, each with its reason; the emergency has its own banner."""
    marks = [
        (say(name), reason_of(getattr(suggestion.flags, slug).reason, say))
        for slug, name in FLAG_NAMES.items()
        if getattr(suggestion.flags, slug).value
    ]
    if suggestion.flags.not_a_complaint.value:
        why = reason_of(suggestion.flags.not_a_complaint.reason, say)
        marks.append((say("Có thể không phải phản ánh"), why))
    return marks
