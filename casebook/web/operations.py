"""What the operator's pages reach beyond the case book: prompts as they sound, a call as it goes, the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from config.checks import Finding
from config.directory.lines import Line
from config.directory.prompt_files import PromptFiles
from config.directory.prompts import PromptBook, prompt_book, read_prompts
from config.directory.store import DATA
from config.errors import PermanentError

SHIPPED = PromptFiles(DATA.parent / "prompts")
"""Where recordings lie when no setting says otherwise."""


class NoVoice(PermanentError):
    """Máy đọc lời thoại chưa được cài, nên chưa nghe thử được."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One thing that happens in a rehearsed call: a prompt is said, a key pressed, or an answer recorded."""

    prompt: str = ""
    pressed: str = ""
    recorded: str = ""
    seconds: int = 0


def _shipped_book(lines: Iterable[Line]) -> PromptBook:
    return prompt_book(read_prompts(DATA / "prompts.toml"), lines)


def _mute(text: str) -> bytes:
    raise NoVoice


@dataclass(frozen=True, slots=True)
class Operations:
    """The means of the operator's pages.

    `book` gives all prompts of some lines, `rehearse` what a caller of a line hears (open, or closed if said
    so), `speak` the synthesiser's voice as WAV (raises HotlineError), `checks` what `app.py check` finds.
    """

    prompts: PromptFiles = SHIPPED
    book: Callable[[Iterable[Line]], PromptBook] = _shipped_book
    rehearse: Callable[[Line, bool], tuple[Rehearsed, ...]] = lambda line, closed: ()
    speak: Callable[[str], bytes] = _mute
    checks: Callable[[], list[tuple[str, Finding]]] = list
