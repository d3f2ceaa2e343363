"""What a carrier's request says, taken out of its parameters and never trusted to be sane."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from config.errors import PermanentError
from config.phone import e164
from ivr.rules.dialogue import Dialled, HungUp, Input, Keys, Recorded

_SID = re.compile(r"[A-Za-z0-9_-]{2,64}")
_STATUSES = frozenset({"ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"})
LONGEST_CALL = 86_400
"""Seconds; a longer duration is no duration."""

ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})

_KEPT = frozenset(
    {
        "CallStatus",
        "CallDuration",
        "DialCallDuration",
        "DialCallSid",
        "DialCallStatus",
        "Direction",
        "ErrorCode",
        "RecordingDuration",
        "RecordingErrorCode",
        "RecordingSid",
        "RecordingSource",
        "RecordingStatus",
        "SequenceNumber",
        "SipResponseCode",
        "StirVerstat",
    }
)
"""Parameters that say nothing about a person."""

_KEPT_LENGTH = 100

QUALITY_PREFIX = "X-Quality-"
"""What the names of the parameters begin with by which our own gateway tells how the line was."""

_QUALITY_NUMBERS = ("Received", "Lost", "Late", "Jitter", "Setup")


class BadRequest(PermanentError):
    """The request lacks a CallSid or RecordingSid that could be one."""


@dataclass(frozen=True)
class CallFacts:
    """Which call a request is about; `dialled` and `caller` in the form of `config.phone.e164`."""

    sid: str
    dialled: str = ""
    caller: str = ""
    status: str = ""
    duration_s: int | None = None

    @property
    def has_ended(self) -> bool:
        """Whether the carrier says that the call is over."""
        return self.status in ENDED


def quality_in(params: Mapping[str, str]) -> dict[str, float | str]:
    """Read how the line was from the callback that ends a call: packets, jitter and set-up in ms, codec.

    Only our own gateway tells it, as parameters `X-Quality-…`; what is no number is left out.
    """
    found: dict[str, float | str] = {}
    for name in _QUALITY_NUMBERS:
        value = params.get(f"{QUALITY_PREFIX}{name}", "")
        if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", value):
            found[name.lower()] = float(value)
    codec = params.get(f"{QUALITY_PREFIX}Codec", "")
    return found | ({"codec": codec} if re.fullmatch(r"[A-Z0-9]{1,12}", codec) else {})


def call_facts(params: Mapping[str, str]) -> CallFacts:
    """Read which call a request is about. Raises BadRequest without a possible CallSid."""
    status = params.get("CallStatus", "")
    return CallFacts(
        sid=_sid(params, "CallSid"),
        dialled=e164(params.get("To") or params.get("Called") or ""),
        caller=e164(params.get("From") or params.get("Caller") or ""),
        status=status if status in _STATUSES else "",
        duration_s=_seconds(params.get("CallDuration")),
    )


@dataclass(frozen=True)
class RecordingFacts:
    """What a recording callback says; `question` and `serial` name what was recorded ("" and -1: unknown)."""

    sid: str
    status: str
    url: str
    question: str
    serial: int

    @property
    def is_there(self) -> bool:
        """Whether there is something to fetch."""
        return self.status == "completed" and bool(self.url)


def recording_facts(params: Mapping[str, str], query: Mapping[str, str]) -> RecordingFacts:
    """Read a recording callback. Raises BadRequest without a possible RecordingSid."""
    question = query.get("q", "")
    return RecordingFacts(
        sid=_sid(params, "RecordingSid"),
        status=_printable(params.get("RecordingStatus", "completed"))[:20],
        url=_printable(params.get("RecordingUrl", ""))[:2048],
        question=question if re.fullmatch(r"[a-z_]{1,32}", question) else "message",
        serial=serial(query),
    )


def _sid(params: Mapping[str, str], name: str) -> str:
    sid = params.get(name, "")
    if not _SID.fullmatch(sid):
        raise BadRequest(f"{name} is missing or no identifier")
    return sid


def _seconds(text: str | None) -> int | None:
    if text is None or not re.fullmatch(r"[0-9]{1,9}", text):
        return None
    return int(text) if int(text) <= LONGEST_CALL else None


def serial(query: Mapping[str, str]) -> int:
    """Read which reply a request answers, -1 where it does not say."""
    number = query.get("n", "")
    return int(number) if re.fullmatch(r"[0-9]{1,6}", number) else -1


def heard_in(params: Mapping[str, str]) -> Input:
    """Read what the caller did: keys, a recording, the end of a connection, or a hang-up."""
    digits = params.get("Digits", "")
    if "DialCallStatus" in params:
        return Dialled(answered=params["DialCallStatus"] in {"completed", "answered"})
    if params.get("RecordingUrl") and _seconds(params.get("RecordingDuration")) != 0:
        return Recorded(hung_up=digits == "hangup" or params.get("CallStatus") in ENDED)
    if digits == "hangup" or params.get("CallStatus") in ENDED:
        return HungUp()
    return Keys(re.sub(r"[^0-9*#]", "", digits)[:32])


def without_person(params: Mapping[str, str]) -> dict[str, str]:
    """Keep of a request what may be logged: no number, no code, at most the one key of a menu."""
    kept = {name: _printable(value)[:_KEPT_LENGTH] for name, value in params.items() if name in _KEPT}
    digits = params.get("Digits", "")
    return kept | ({"Digits": digits} if re.fullmatch(r"[0-9*#]|hangup", digits) else {})


def _printable(text: str) -> str:
    """Leave out control characters, which no column of the database takes in full."""
    return "".join(character for character in text if character.isprintable())
