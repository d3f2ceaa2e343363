"""What the hotline hears (Heard) and what it makes of it (Suggestion): plain values, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeVar

from transcription.ports import Word

QUESTIONS = ("facility", "dossier", "story", "contact", "message", "voicemail")
"""The questions of a call, in the order in which they are asked."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Heard:
    """One call as heard: the line, when (aware), the category key pressed, and the words of each answer."""

    line: str
    called_at: datetime
    category_key: str | None = None
    answers: Mapping[str, tuple[Word, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WordSpan:
    """Words of one answer that led to something: first and last word index, inclusive, and the words."""

    question: str
    first: int
    last: int
    words: str


@dataclass(frozen=True, slots=True)
class Alternative(Generic[T]):
    """Another value that was considered, with its sureness 0-1."""

    value: T
    sureness: float


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """One suggested value: how sure (0-1), which words, by which rule, and what else it may be."""

    value: T | None = None
    sureness: float = 0.0
    because: tuple[WordSpan, ...] = ()
    reason: str = ""
    alternatives: tuple[Alternative[T], ...] = ()


@dataclass(frozen=True, slots=True)
class Facility:
    """The facility complained about: a unit of the directory, or the caller's words for it, and where."""

    unit: str | None = None
    text: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class EventDate:
    """When it happened: the day if it can be told, and the caller's words."""

    day: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place said: the words, its old area's name and the wards or communes of today it may be."""

    words: str
    area: str
    region: str
    wards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Redaction:
    """Words that must not leave the house. `kind` is name, phone, address, cccd, plate, email or card."""

    kind: str
    span: WordSpan


@dataclass(frozen=True, slots=True)
class Flags:
    """Yes-or-no marks that change how a case is treated; `not_a_complaint` names the kind of call."""

    emergency: Field[bool] = Field()
    on_premises: Field[bool] = Field()
    wants_anonymity: Field[bool] = Field()
    crime_signs: Field[bool] = Field()
    khieu_nai: Field[bool] = Field()
    to_cao: Field[bool] = Field()
    distress: Field[bool] = Field()
    not_a_complaint: Field[str] = Field()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Everything a case can be given from what was heard; a person confirms it."""

    facility: Field[Facility] = Field()
    mentioned: tuple[Field[str], ...] = ()
    category: Field[str] = Field()
    amount_vnd: Field[int] = Field()
    event_date: Field[EventDate] = Field()
    phone: Field[str] = Field()
    dossier: Field[str] = Field()
    caller_name: Field[str] = Field()
    accused_roles: tuple[Field[str], ...] = ()
    place: Field[Place] = Field()
    flags: Flags = Flags()
    level: Field[int] = Field()
    responsible_unit: Field[str] = Field()
    summary: Field[str] = Field()
    redactions: tuple[Redaction, ...] = ()
