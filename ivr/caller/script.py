"""What the caller does: the keys, the messages, where to hang up, and how the provider behaves."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from config.errors import HotlineError

NOTHING = ("", "skip", "-")
"""How a plan writes that no key is pressed at a question."""
KEYS = frozenset("0123456789*#")


class PlanError(HotlineError):
    """The plan of the call cannot be followed."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The caller says what is in a sound file (`content`: WAV, FLAC, …)."""

    content: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """The caller says `words`, spoken by the synthesiser."""

    words: str


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller says nothing, and Twilio gets an empty recording."""


@dataclass(frozen=True, slots=True)
class Key:
    """The caller presses `key` instead of speaking, after `seconds` of quiet."""

    key: str
    seconds: float = 1.0


Message = Sound | Text | Silence | Key


class Moment(StrEnum):
    """What the caller is in the middle of when hanging up."""

    SAY = "say"
    GATHER = "gather"
    RECORD = "record"
    DIAL = "dial"


@dataclass(frozen=True, slots=True)
class HangUp:
    """Hang up during the `count`-th (from 1) `moment` of the call; a recording keeps `share` of itself."""

    moment: Moment
    count: int = 1
    share: float = 0.5


class Callbacks(StrEnum):
    """How the provider's callbacks (recordings, end of call) reach the hotline."""

    ONCE = "once"
    TWICE = "twice"
    """Each twice, at the same time."""
    LATE = "late"
    """Recordings only after the call's end was told."""
    SWAPPED = "swapped"
    """Each recording before its action; the action of a hang-up after the call's end."""
    NEVER = "never"


class MediaFault(StrEnum):
    """What is wrong with the recordings the provider serves."""

    NONE = "none"
    NOT_YET = "not-yet"
    """404 for the first two requests, as just after a call."""
    ERROR_PAGE = "error-page"
    """An XML error document with status 200."""
    EMPTY = "empty"
    TRUNCATED = "truncated"
    """The connection says more bytes than come."""


@dataclass(frozen=True, slots=True)
class DialOutcome:
    """How a `<Dial>` ends: Twilio's status, and the seconds talked if it was answered."""

    status: str = "no-answer"
    seconds: int = 0


NOT_ANSWERED = DialOutcome()


def random_caller() -> str:
    """A Vietnamese mobile number out of a range nobody is meant by: +8490 and seven random digits."""
    return f"+8490{secrets.randbelow(10**7):07d}"


@dataclass(frozen=True, slots=True)
class CallPlan:
    """One call: whom it calls, from where, what is pressed and said, and what goes wrong.

    `keys` are taken one entry per `<Gather>` in order, `messages` one per `<Record>`; when they run
    out the caller presses and says nothing. `lost_webhooks` (from 1) never reach the hotline.
    `pace` is real seconds per second of the call: 0 runs it at once, 1 in real time.
    """

    line: str
    caller: str = field(default_factory=random_caller)
    keys: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    end_key: str = "#"
    hang_up: HangUp | None = None
    action_on_hang_up: bool = True
    callbacks: Callbacks = Callbacks.ONCE
    late_seconds: float = 0.0
    webhooks_twice: bool = False
    lost_webhooks: frozenset[int] = frozenset()
    media_fault: MediaFault = MediaFault.NONE
    mu_law: bool = False
    dial: DialOutcome = NOT_ANSWERED
    pace: float = 0.0

    def __post_init__(self) -> None:
        """Refuse keys no telephone has."""
        for keys in (*self.keys, self.end_key):
            pressed(keys)


def parse_keys(text: str) -> tuple[str, ...]:
    """Read keys as written on a command line, "1,4,skip": one entry a question; raises PlanError."""
    entries = tuple(entry.strip() for entry in text.split(",")) if text.strip() else ()
    return tuple(pressed(entry) for entry in entries)


def pressed(entry: str) -> str:
    """The keys of one entry, "" where nothing is pressed; raises PlanError if a telephone lacks one."""
    if entry.lower() in NOTHING:
        return ""
    if not set(entry) <= KEYS:
        raise PlanError(f"{entry!r} có phím mà điện thoại không có: chỉ dùng 0-9, * và #")
    return entry


def parse_hang_up(text: str) -> HangUp:
    """Read a moment as written on a command line, "record:2"; raises PlanError."""
    moment, _, count = text.partition(":")
    if moment not in tuple(Moment) or not (count or "1").isdigit():
        raise PlanError(f"{text!r} không phải là say, gather, record hoặc dial kèm số thứ tự, ví dụ record:2")
    return HangUp(Moment(moment), int(count or 1))


class Script:
    """A plan being followed: what comes next at each question."""

    def __init__(self, plan: CallPlan) -> None:
        self._plan = plan
        self._keys = iter(plan.keys)
        self._messages = iter(plan.messages)
        self._moments: dict[Moment, int] = {}

    def hangs_up(self, moment: Moment) -> bool:
        """Note that `moment` has come once more; true if the caller hangs up in it."""
        self._moments[moment] = self._moments.get(moment, 0) + 1
        planned = self._plan.hang_up
        return planned is not None and (planned.moment, planned.count) == (moment, self._moments[moment])

    def keys(self) -> str:
        """The keys pressed at the next `<Gather>`, "" for none."""
        return pressed(next(self._keys, ""))

    def message(self) -> Message:
        """What is said at the next `<Record>`."""
        return next(self._messages, Silence())
