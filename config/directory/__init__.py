"""The directory: hotlines, units and prompts, as data that an administrator edits."""

from config.directory.lines import (
    CATEGORIES,
    Branch,
    Choice,
    Door,
    Line,
    MenuOption,
    Notice,
    Policy,
    Question,
    Silence,
    Span,
    default_line,
    line_for,
)
from config.directory.lines_file import read_lines
from config.directory.prompts import Prompt, PromptBook, prompt_book, read_prompts
from config.directory.store import DATA, Loaded, lines_of, load_directory, save_line, save_unit, units_of
from config.directory.units import DirectoryError, SharedAlias, Unit, read_units, shared_aliases

__all__ = [
    "CATEGORIES",
    "DATA",
    "Branch",
    "Choice",
    "DirectoryError",
    "Door",
    "Line",
    "Loaded",
    "MenuOption",
    "Notice",
    "Policy",
    "Prompt",
    "PromptBook",
    "Question",
    "SharedAlias",
    "Silence",
    "Span",
    "Unit",
    "default_line",
    "line_for",
    "lines_of",
    "load_directory",
    "prompt_book",
    "read_lines",
    "read_prompts",
    "read_units",
    "save_line",
    "save_unit",
    "shared_aliases",
    "units_of",
]
