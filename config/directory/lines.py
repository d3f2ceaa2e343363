"""The hotlines: everything about a line that the Department may argue about, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from pydantic import ConfigDict, with_config

from config.clock import local
from config.phone import e164

_STRICT = ConfigDict(extra="forbid")
"""A misspelt key in the file is an error, not silently ignored."""


class Choice(StrEnum):
    """What a key of the main menu can lead to."""

    REPORT = "report"
    LOOK_UP = "look_up"
    GUIDANCE = "guidance"
    EMERGENCY = "emergency"


class Silence(StrEnum):
    """What a caller who presses nothing at a question's door is taken to want."""

    RECORD = "record"
    SKIP = "skip"


class Policy(StrEnum):
    """Who lets a case leave for the responsible unit."""

    AUTOMATIC = "automatic"
    AFTER_CONFIRMATION = "after_confirmation"


CATEGORIES = (
    "thu_tuc_hanh_chinh",
    "vi_pham_tu_nhan",
    "quy_trinh_kham_bhyt",
    "thai_do_phuc_vu",
    "chuyen_mon",
    "khac",
)
"""The Department's six groups of reports, in the order of the keys 1 to 6."""


@with_config(_STRICT)
@dataclass(frozen=True)
class MenuOption:
    """A key of the main menu and where it leads."""

    key: str
    choice: Choice


@with_config(_STRICT)
@dataclass(frozen=True)
class Door:
    """A yes-or-no key before a question, so that a caller can pass it by (and stay anonymous)."""

    prompt: str
    skip_key: str
    silence: Silence = Silence.RECORD


@with_config(_STRICT)
@dataclass(frozen=True)
class Question:
    """One thing the caller is asked and that is recorded on its own; lengths in seconds."""

    key: str
    prompt: str
    max_seconds: int
    silence_seconds: int = 5
    finish_keys: str = "#"
    required: bool = False
    door: Door | None = None


@with_config(_STRICT)
@dataclass(frozen=True)
class Branch:
    """A desk that the guidance line connects to; `target` is a number or a SIP address."""

    key: str
    name: str
    target: str
    unit: str
    ring_seconds: int = 25


@with_config(_STRICT)
@dataclass(frozen=True)
class Span:
    """Working hours of some days of the week (Monday is 0) in Vietnam's time; `end` is excluded."""

    days: tuple[int, ...]
    start: time
    end: time


@with_config(_STRICT)
@dataclass(frozen=True)
class Notice:
    """The words that tell a caller the call is recorded and why, under a version that is kept."""

    version: str
    text: str


@with_config(_STRICT)
@dataclass(frozen=True)
class Line:
    """A hotline as it answers: number, words, questions, hours and what becomes of its cases."""

    slug: str
    name: str
    number: str
    greeting: str
    notice: Notice
    owner: str
    menu: tuple[MenuOption, ...]
    questions: tuple[Question, ...]
    retention_days: int
    aliases: tuple[str, ...] = ()
    confidential: bool = False
    is_default: bool = False
    ask_category: bool = True
    category: str = ""
    auto_forward: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    hours: tuple[Span, ...] = ()

    def policy(self, category: str) -> Policy:
        """Tell who lets a case of `category` leave: a person, unless an administrator said otherwise."""
        return Policy.AUTOMATIC if category in self.auto_forward else Policy.AFTER_CONFIRMATION

    def is_open(self, moment: datetime) -> bool:
        """Tell whether people staff the line at `moment` (aware); a line without hours always is."""
        here = local(moment)
        return not self.hours or any(
            here.weekday() in span.days and span.start <= here.time() < span.end for span in self.hours
        )

    def answers_to(self, dialled: str) -> bool:
        """Tell whether `dialled`, in any spelling, is this line's number or one of its aliases."""
        wanted = e164(dialled)
        return bool(wanted) and wanted in {e164(name) for name in (self.number, *self.aliases)}


def line_for(lines: Iterable[Line], dialled: str) -> Line | None:
    """Find the line that a dialled number belongs to, None if it is nobody's."""
    return next((line for line in lines if line.answers_to(dialled)), None)


def default_line(lines: Iterable[Line]) -> Line:
    """Give the line that answers a number nobody owns. Raises StopIteration if no line does."""
    return next(line for line in lines if line.is_default)
