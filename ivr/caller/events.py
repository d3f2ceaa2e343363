"""What happens in a call, as it happens, and what is left of it at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from casebook.rules.codes import CODE_LENGTH, is_valid


@dataclass(frozen=True, slots=True)
class Heard:
    """The hotline said `text`; `played` is the address where it was a sound file."""

    text: str
    played: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The caller pressed `keys`, none if ""."""

    keys: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """The caller spoke for `seconds`; `words` where they are known, `name` of the file where not."""

    seconds: float
    words: str = ""
    name: str = ""
    recording: str = ""


@dataclass(frozen=True, slots=True)
class Dialled:
    """The provider rang `number`, which ended with Twilio's `status`."""

    number: str
    status: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One webhook: its parameters, the hotline's answer, and the seconds it took.

    `status` is the HTTP status, 0 if no answer came; `body` the answer.
    """

    url: str
    method: str
    params: Mapping[str, str]
    status: int
    body: bytes
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether the hotline answered with success."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something the provider would log as an error or warning, with Twilio's `code`."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over: `by` caller, hotline or provider; Twilio's `status`."""

    by: str
    status: str


What = Heard | Pressed | Spoke | Dialled | Asked | Trouble | Ended


@dataclass(frozen=True, slots=True)
class Event:
    """`what` happened `at` seconds of the call."""

    at: float
    what: What


Listener = Callable[[Event], None]
"""Is told each event as it happens."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """A call that is over, as seen by the caller and by the provider.

    `duration` in seconds of the call, which are not seconds of real time unless the plan's pace is 1.
    """

    sid: str
    caller: str
    called: str
    events: tuple[Event, ...]
    recordings: tuple[str, ...]
    status: str
    ended_by: str
    duration: int

    @property
    def spoken(self) -> tuple[str, ...]:
        """All the hotline said, in order; a sound file is its address."""
        heard = (event.what for event in self.events if isinstance(event.what, Heard))
        return tuple(what.text or what.played for what in heard)

    @property
    def case_code(self) -> str | None:
        """The case code that was read out digit by digit, spoken or played; None if none was."""
        return spoken_code(_PLAYED_DIGIT.sub(r"\1", said) for said in self.spoken)

    @property
    def webhooks(self) -> tuple[Asked, ...]:
        """Every request the provider made of the hotline, in order."""
        return tuple(event.what for event in self.events if isinstance(event.what, Asked))

    @property
    def documents(self) -> tuple[Asked, ...]:
        """The webhooks that were answered with TwiML."""
        return tuple(asked for asked in self.webhooks if asked.ok and b"<Response" in asked.body)

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What the provider would log as errors and warnings."""
        return tuple(event.what for event in self.events if isinstance(event.what, Trouble))

    @property
    def slowest(self) -> float:
        """Seconds of the slowest webhook; 0 if there was none."""
        return max((asked.seconds for asked in self.webhooks), default=0.0)


_DIGIT_WORDS = {
    word: str(digit)
    for digit, words in enumerate(("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy|bẩy", "tám", "chín"))
    for word in words.split("|")
}
_PLAYED_DIGIT = re.compile(r"^\S*/digit-(\d)\.\w+$")
"""The address of a recorded digit, by the name of its prompt."""
_TOKEN = re.compile(r"\d+|\w+")


def spoken_code(texts: Iterable[str]) -> str | None:
    """The valid case code read out in `texts`, as digits or as Vietnamese words; None without one.

    A pause or a new sentence between two digits does not end the code; any other word does.
    """
    runs = _digit_runs(" ".join(texts))
    for run in sorted(runs, key=len):  # a code that stands alone before one glued to another number
        for start in range(len(run) - CODE_LENGTH + 1):
            if is_valid(run[start : start + CODE_LENGTH]):
                return run[start : start + CODE_LENGTH]
    return None


def _digit_runs(text: str) -> list[str]:
    """The stretches of `text` that are digits only, whatever stands between them."""
    runs = [""]
    for token in _TOKEN.findall(text.lower()):
        digits = token if token.isdigit() else _DIGIT_WORDS.get(token)
        if digits is None:
            runs.append("")
        else:
            runs[-1] += digits
    return [run for run in runs if len(run) >= CODE_LENGTH]
