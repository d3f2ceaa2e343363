"""Reads TwiML as Twilio documents it: verbs with their defaults, addresses resolved, text as heard.

Sources: twilio.com/docs/voice/twiml and its pages gather, record, dial, redirect, reject.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from config.errors import PermanentError

ANY_KEY = "1234567890*#"
"""What stops a `<Record>` that names no finishOnKey."""


ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "Say": frozenset({"language", "voice", "loop"}),
    "Play": frozenset({"loop", "digits"}),
    "Pause": frozenset({"length"}),
    "Gather": frozenset(
        {"input", "action", "method", "timeout", "finishOnKey", "numDigits", "actionOnEmptyResult", "language"}
    ),
    "Record": frozenset(
        {"action", "method", "timeout", "finishOnKey", "maxLength", "playBeep", "trim", "transcribe"}
        | {"recordingStatusCallback", "recordingStatusCallbackMethod", "recordingStatusCallbackEvent"}
    ),
    "Dial": frozenset({"action", "method", "timeout", "callerId", "timeLimit", "hangupOnStar"}),
    "Redirect": frozenset({"method"}),
    "Reject": frozenset({"reason"}),
}
"""The attributes that mean something to the carriers of this house; others are skipped with a warning."""


class TwimlError(PermanentError):
    """The answer is not TwiML (Twilio's error 12100)."""


@dataclass(frozen=True, slots=True)
class Say:
    """Text read aloud, `loop` times over (0: until the call ends)."""

    text: str
    language: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """A sound file played by its absolute address, `loop` times over (0: until the call ends); or keys sent."""

    url: str
    loop: int = 1
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence of `length` seconds."""

    length: int = 1


Prompt = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """Asks for keys; `action` is absolute, `timeout` in seconds, `num_digits` None for unlimited."""

    action: str
    prompts: tuple[Prompt, ...] = ()
    method: str = "POST"
    timeout: int = 5
    finish_on_key: str = "#"
    num_digits: int | None = None
    action_on_empty_result: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Records the caller; `timeout` (of silence) and `max_length` in seconds; `trim` cuts silence at both ends."""

    action: str
    method: str = "POST"
    timeout: int = 5
    finish_on_key: str = ANY_KEY
    max_length: int = 3600
    play_beep: bool = True
    callback: str | None = None
    callback_method: str = "POST"
    callback_events: frozenset[str] = frozenset({"completed"})
    trim: bool = True


@dataclass(frozen=True, slots=True)
class Dial:
    """Rings somebody else, `timeout` seconds at most; without `action` the call goes on with the next verb.

    `time_limit` in seconds of talk; `hangup_on_star` lets the caller leave the other side with `*`.
    """

    numbers: tuple[str, ...]
    action: str | None = None
    method: str = "POST"
    timeout: int = 30
    caller_id: str = ""
    time_limit: int = 14400
    hangup_on_star: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """Goes on with the document at `url`."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Hangup:
    """Ends the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuses the call, with `reason` rejected or busy."""

    reason: str = "rejected"


Verb = Say | Play | Pause | Gather | Record | Dial | Redirect | Hangup | Reject


@dataclass(frozen=True, slots=True)
class Document:
    """One TwiML answer and the address it came from; `warnings` are what Twilio would log as 12200."""

    url: str
    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = ()


def parse(content: bytes, url: str) -> Document:
    """Read the TwiML `content` that came from `url`; raises TwimlError."""
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - the hotline under test is the only author
    except ElementTree.ParseError as error:
        raise TwimlError(f"not XML: {error}") from error
    if root.tag != "Response":
        raise TwimlError(f"the root is <{root.tag}>, not <Response>")
    reader = _Reader(url)
    return Document(url, reader.verbs(root, _VERBS), tuple(reader.warnings))


@dataclass
class _Reader:
    """Reads elements of one document, noting what Twilio would warn about."""

    url: str
    warnings: list[str] = field(default_factory=list)

    def verbs(self, parent: Element, known: dict[str, Callable[[_Reader, Element], Verb]]) -> tuple[Verb, ...]:
        """The children of `parent` among the `known` verbs; another is skipped with a warning."""
        found = []
        for child in parent:
            if child.tag in known:
                self._mind_attributes(child)
                found.append(known[child.tag](self, child))
            else:
                self.warnings.append(f"<{child.tag}> in <{parent.tag}> is not known here")
        return tuple(found)

    def _mind_attributes(self, element: Element) -> None:
        unknown = sorted(set(element.attrib) - ATTRIBUTES.get(element.tag, frozenset()))
        self.warnings.extend(f"{name} of <{element.tag}> is not known here" for name in unknown)

    def prompts(self, parent: Element) -> tuple[Prompt, ...]:
        """What a `<Gather>` says while it waits."""
        return tuple(verb for verb in self.verbs(parent, _PROMPTS) if isinstance(verb, Prompt))

    def address(self, element: Element, name: str) -> str | None:
        """An attribute's address made absolute against the document's own; None without it."""
        value = element.get(name)
        return None if value is None else urljoin(self.url, value)

    def number(self, element: Element, name: str, default: int) -> int:
        """A whole number; what is none counts as the default, with a warning."""
        value = element.get(name)
        if value is None or value.isdigit():
            return default if value is None else int(value)
        self.warnings.append(f"{name}={value!r} in <{element.tag}> is not a whole number")
        return default


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _flag(element: Element, name: str, default: bool) -> bool:
    value = element.get(name)
    return default if value is None else value.lower() == "true"


def _method(element: Element, name: str = "method") -> str:
    return element.get(name, "POST").upper()


def _say(reader: _Reader, element: Element) -> Say:
    return Say(_text(element), element.get("language", ""), reader.number(element, "loop", 1))


def _play(reader: _Reader, element: Element) -> Play:
    url, digits = _text(element), element.get("digits", "")
    return Play(urljoin(reader.url, url) if url else "", reader.number(element, "loop", 1), digits)


def _pause(reader: _Reader, element: Element) -> Pause:
    return Pause(reader.number(element, "length", 1))


def _gather(reader: _Reader, element: Element) -> Gather:
    return Gather(
        action=reader.address(element, "action") or reader.url,
        prompts=reader.prompts(element),
        method=_method(element),
        timeout=reader.number(element, "timeout", 5),
        finish_on_key=element.get("finishOnKey", "#"),
        num_digits=reader.number(element, "numDigits", 0) or None,
        action_on_empty_result=_flag(element, "actionOnEmptyResult", False),
    )


def _record(reader: _Reader, element: Element) -> Record:
    return Record(
        action=reader.address(element, "action") or reader.url,
        method=_method(element),
        timeout=reader.number(element, "timeout", 5),
        finish_on_key=element.get("finishOnKey", ANY_KEY),
        max_length=reader.number(element, "maxLength", 3600),
        play_beep=_flag(element, "playBeep", True),
        trim=element.get("trim", "trim-silence") == "trim-silence",
        callback=reader.address(element, "recordingStatusCallback"),
        callback_method=_method(element, "recordingStatusCallbackMethod"),
        callback_events=frozenset(element.get("recordingStatusCallbackEvent", "completed").split()),
    )


def _dial(reader: _Reader, element: Element) -> Dial:
    nested = tuple(_text(child) for child in element)
    return Dial(
        numbers=nested or (_text(element),),
        action=reader.address(element, "action"),
        method=_method(element),
        timeout=reader.number(element, "timeout", 30),
        caller_id=element.get("callerId", ""),
        time_limit=reader.number(element, "timeLimit", 14400),
        hangup_on_star=_flag(element, "hangupOnStar", False),
    )


def _redirect(reader: _Reader, element: Element) -> Redirect:
    return Redirect(urljoin(reader.url, _text(element)), _method(element))


def _hangup(_reader: _Reader, _element: Element) -> Hangup:
    return Hangup()


def _reject(_reader: _Reader, element: Element) -> Reject:
    return Reject(element.get("reason", "rejected"))


_PROMPTS: dict[str, Callable[[_Reader, Element], Verb]] = {"Say": _say, "Play": _play, "Pause": _pause}
_VERBS: dict[str, Callable[[_Reader, Element], Verb]] = {
    **_PROMPTS,
    "Gather": _gather,
    "Record": _record,
    "Dial": _dial,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
}
