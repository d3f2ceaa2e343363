"""Which prompts still have a synthetic voice, and the script for recording a real one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from config.directory.lines import Line
from config.directory.prompts import Prompt, audio_file, read_prompts
from config.directory.store import DATA
from ivr.book import call_book


def recordable_prompts(lines: Iterable[Line], data: Path = DATA) -> tuple[Prompt, ...]:
    """List every prompt that a voice can record once and for all, by name."""
    book = call_book(read_prompts(data / "prompts.toml"), lines)
    return tuple(prompt for _, prompt in sorted(book.prompts.items()) if prompt.is_fixed)


def missing_files(lines: Iterable[Line], directory: Path, data: Path = DATA) -> tuple[Prompt, ...]:
    """List the prompts that have no audio file in `directory` and so are spoken by the synthesiser."""
    return tuple(prompt for prompt in recordable_prompts(lines, data) if audio_file(directory, prompt) is None)


def studio_script(prompts: Iterable[Prompt]) -> str:
    """Write prompts as a table (CSV with a header) of file name and words, for a recording studio."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("file", "words"))
    rows.writerows((f"{prompt.name}.wav", prompt.text) for prompt in prompts)
    return text.getvalue()
