"""Every text a caller can hear, by line: the words, and the audio file that may take their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from config.directory.lines import Line
from config.directory.lines_file import read_toml
from config.directory.units import DirectoryError

AUDIO_SUFFIXES = (".wav", ".mp3")
"""The kinds of file that a carrier plays, in the order they are looked for."""


@dataclass(frozen=True)
class Prompt:
    """A text with its name; the name is also the audio file's, without the suffix."""

    name: str
    text: str

    @property
    def is_fixed(self) -> bool:
        """Whether the words are always the same, so that a voice can record them once."""
        return "{" not in self.text


@dataclass(frozen=True)
class PromptBook:
    """All prompts; a line's own wording (`line.prompt`) goes before the common one."""

    prompts: Mapping[str, Prompt]

    def find(self, line: str, name: str) -> Prompt:
        """Give the prompt that `line` says for `name`. Raises KeyError if there is none."""
        return self.prompts.get(f"{line}.{name}") or self.prompts[name]

    def knows(self, line: str, name: str) -> bool:
        """Tell whether `line` has words for `name`."""
        return f"{line}.{name}" in self.prompts or name in self.prompts


def read_prompts(path: Path) -> dict[str, str]:
    """Read the texts of a TOML file as name -> words. Raises DirectoryError where one is empty."""
    tables = read_toml(path)
    texts = dict(tables.get("prompts", {}))
    for line, own in tables.get("lines", {}).items():
        texts |= {f"{line}.{name}": text for name, text in own.items()}
    for name, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise DirectoryError(f"{path}: prompt {name} says nothing")
    return texts


def prompt_book(texts: Mapping[str, str], lines: Iterable[Line]) -> PromptBook:
    """Join the common texts with what each line itself says: its greeting and its notice.

    Raises DirectoryError where a line asks a question that has no words.
    """
    listed = tuple(lines)
    own = {name: text for line in listed for name, text in _own_texts(line).items()}
    prompts = {name: Prompt(name, text) for name, text in {**texts, **own}.items()}
    book = PromptBook(MappingProxyType(prompts))
    for line in listed:
        for name in _asked_by(line):
            if not book.knows(line.slug, name):
                raise DirectoryError(f"line {line.slug}: prompt {name} has no words")
    return book


def notice_prompt(line: Line) -> str:
    """Name the prompt of a line's notice; the version is in it, so that old audio is never played."""
    return f"notice-{line.notice.version}"


def _own_texts(line: Line) -> dict[str, str]:
    return {
        f"{line.slug}.greeting": line.greeting,
        f"{line.slug}.{notice_prompt(line)}": line.notice.text,
    }


def _asked_by(line: Line) -> tuple[str, ...]:
    doors = (question.door.prompt for question in line.questions if question.door)
    return (*(question.prompt for question in line.questions), *doors)


def audio_file(directory: Path, prompt: Prompt) -> Path | None:
    """Find the operator's recording of a prompt in `directory`, None where there is none."""
    if not prompt.is_fixed:
        return None
    candidates = (directory / f"{prompt.name}{suffix}" for suffix in AUDIO_SUFFIXES)
    return next((path for path in candidates if path.is_file()), None)
