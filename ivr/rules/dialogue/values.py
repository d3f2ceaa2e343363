"""What the conversation is made of: where it stands, what comes in, what goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


class Step(StrEnum):
    """Where the conversation stands, named after what is awaited from the caller."""

    MENU = "menu"
    CATEGORY = "category"
    OPENING = "opening"
    DOOR = "door"
    QUESTION = "question"
    CODE = "code"
    ENTER_CODE = "enter_code"
    LOOKED_UP = "looked_up"
    GUIDANCE = "guidance"
    TRANSFER = "transfer"
    EMERGENCY = "emergency"
    ENDED = "ended"


class Outcome(StrEnum):
    """What became of a call; `NONE` while it is not known yet."""

    NONE = ""
    REPORTED = "reported"
    NOTHING_SAID = "nothing_said"
    LOOKED_UP = "looked_up"
    TRANSFERRED = "transferred"
    EMERGENCY_TRANSFERRED = "emergency_transferred"
    EMERGENCY_UNANSWERED = "emergency_unanswered"
    HUNG_UP_IN_MENU = "hung_up_in_menu"
    HUNG_UP_IN_GUIDANCE = "hung_up_in_guidance"
    HUNG_UP_IN_TRANSFER = "hung_up_in_transfer"
    HUNG_UP_IN_EMERGENCY = "hung_up_in_emergency"
    HUNG_UP_LOOKING_UP = "hung_up_looking_up"
    HUNG_UP_BEFORE_SPEAKING = "hung_up_before_speaking"


@dataclass(frozen=True)
class State:
    """All that is remembered between two requests of one call.

    `misses` counts wrong or absent keys in a row at this step; `short` is a message left without the
    guided questions; `heard` are the questions that something was recorded for.
    """

    step: Step = Step.MENU
    serial: int = 0
    misses: int = 0
    replays: int = 0
    closed: bool = False
    short: bool = False
    category: str = ""
    question: int = 0
    heard: tuple[str, ...] = ()
    anonymous: bool = False
    code: str = ""
    wrong_codes: int = 0
    status: str = ""
    branch: str = ""
    outcome: Outcome = Outcome.NONE


def to_json(state: State) -> dict[str, Any]:
    """Write a state as plain JSON values."""
    return {**asdict(state), "heard": list(state.heard)}


def from_json(stored: Mapping[str, Any]) -> State:
    """Read a state that `to_json` wrote, perhaps by another release: unknown fields are left out."""
    known = {field.name for field in fields(State)}
    values = {name: value for name, value in stored.items() if name in known}
    values["step"] = Step(values.get("step", Step.MENU))
    values["outcome"] = Outcome(values.get("outcome", Outcome.NONE))
    values["heard"] = tuple(values.get("heard", ()))
    return State(**values)


@dataclass(frozen=True)
class Keys:
    """Keys pressed, "" for none in time."""

    digits: str = ""


@dataclass(frozen=True)
class Recorded:
    """Something was recorded; the caller may have hung up while speaking."""

    hung_up: bool = False


@dataclass(frozen=True)
class Dialled:
    """A connection to somebody else ended, or never came about."""

    answered: bool


@dataclass(frozen=True)
class CaseOpened:
    """The case that the call is about to fill exists and has this code."""

    code: str


@dataclass(frozen=True)
class LookedUp:
    """A code was looked up: the case's status, or "" for a code nobody has."""

    status: str


@dataclass(frozen=True)
class LookUpBlocked:
    """Too many wrong codes came from this number, or for this code."""


@dataclass(frozen=True)
class HungUp:
    """The caller is gone."""


Input = Keys | Recorded | Dialled | CaseOpened | LookedUp | LookUpBlocked | HungUp


@dataclass(frozen=True)
class Say:
    """Speak a prompt of the book."""

    prompt: str


@dataclass(frozen=True)
class Spell:
    """Read digits one by one, in groups."""

    digits: str


Spoken = Say | Spell


@dataclass(frozen=True)
class Gather:
    """Speak, and listen for up to `digits` keys meanwhile and `timeout` seconds after."""

    spoken: tuple[Spoken, ...]
    digits: int = 1
    finish_key: str = ""
    timeout: int = 6


@dataclass(frozen=True)
class Record:
    """Record the answer to a question until a finish key, silence or the longest time; seconds."""

    question: str
    max_seconds: int
    silence_seconds: int
    finish_keys: str


@dataclass(frozen=True)
class Dial:
    """Connect the caller to a number or SIP address, ringing it so many seconds."""

    target: str
    ring_seconds: int


@dataclass(frozen=True)
class DialEmergency:
    """Connect the caller to the emergency number at once."""


@dataclass(frozen=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True)
class OpenCase:
    """Have a case opened before recording starts; answered by `CaseOpened`."""

    category: str


@dataclass(frozen=True)
class LookUp:
    """Have a case code looked up; answered by `LookedUp` or `LookUpBlocked`."""

    code: str


Effect = OpenCase | LookUp
Action = Say | Spell | Gather | Record | Dial | DialEmergency | Hangup | OpenCase | LookUp


@dataclass(frozen=True)
class Turn:
    """One turn of the conversation: where it now stands and what is done, in order."""

    state: State
    actions: tuple[Action, ...]
