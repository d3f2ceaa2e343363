"""The English of the desk: what needs a translation, and the files that hold it.

`python -m tests.translations` adds what is missing to the catalogue (with an empty translation, for a person to
write), drops what nothing says any more, and compiles it for the web application.
"""

from __future__ import annotations

import ast
import io
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from casebook.queries.dashboard import NUMBER_TITLES
from casebook.queries.troubles import STEP_NAMES
from casebook.rules import wording
from casebook.rules.call_told import VERDICTS
from casebook.rules.desk_words import GROUPS
from casebook.rules.failure_reasons import MEANINGS, UNKNOWN
from casebook.rules.file_types import KIND_NAMES
from casebook.rules.policy import ROLE_NAMES
from casebook.rules.states import LABELS
from casebook.rules.unit_names import KINDS
from casebook.service.hearing import KEY_PRESSED
from casebook.web import nav
from casebook.web.languages import LANGUAGES
from casebook.web.shown import MAIL_KINDS, MAIL_STATES
from ivr.service.telling import ENDINGS

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "casebook"
CATALOGUE = SOURCES / "translations" / "en" / "LC_MESSAGES" / "messages.po"
COMPILED = CATALOGUE.with_suffix(".mo")

METHODS = [
    ("web/**.py", "python"),
    ("rules/wording.py", "python"),
    ("queries/health.py", "python"),
    ("templates/desk/**.html", "jinja2"),
]
OPTIONS = {"templates/desk/**.html": {"silent": "false"}}
KEYWORDS = {"_": None, "gettext": None, "say": None}
"""What looks texts up; rules and queries are given a `say`."""

HOLDERS = (
    "casebook/web/**/*.py",
    "casebook/queries/hints.py",
    "casebook/queries/health.py",
    "casebook/queries/directory_pages.py",
    "casebook/rules/file_types.py",
    "casebook/service/proof.py",
    "ivr/rules/pressing.py",
)
"""Where every Vietnamese text, in a table or given on, is for pages."""

WORDED = (
    "casebook/**/*.py",
    "config/checks.py",
    "config/crypto.py",
    "config/directory/*.py",
    "ivr/adapters/*.py",
    "ivr/gateway/**/*.py",
    "ivr/wiring/operations.py",
    "ivr/wiring/commands/check.py",
    "recordings/**/*.py",
    "transcription/*.py",
    "transcription/engines/**/*.py",
)
"""Where errors are raised that pages show, warnings are worded, and what is well and what is not is found out."""

WORDING = {"Told", "Fault", "Check", "Finding", "well", "mind", "wrong"}
"""What words something for people."""

UNDERSTANDING = SOURCES / "rules" / "understanding"
ROUTING = ROOT / "config" / "data" / "understanding" / "routing.toml"


def said() -> set[str]:
    """Give every text that the pages look up."""
    found = extract_from_dir(SOURCES, METHODS, OPTIONS, keywords=KEYWORDS)
    called = {message for _, _, message, _, _ in found if isinstance(message, str)}
    held = {text for path in holders() for text in literals(path)}
    # A language is called by its own name.
    return (called | set(labels()) | held) - set(LANGUAGES.values())


def holders() -> Iterator[Path]:
    """Give the modules whose Vietnamese texts are shown by pages."""
    for pattern in HOLDERS:
        yield from ROOT.glob(pattern)


def literals(path: Path) -> Iterator[str]:
    """Give the Vietnamese texts that a module holds."""
    return literals_in(ast.parse(path.read_text()))


def literals_in(tree: ast.AST) -> Iterator[str]:
    """Give the Vietnamese texts that code holds, but for its docstrings and what it puts together at once."""
    nodes = list(ast.walk(tree))
    left_out = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    left_out |= {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if not isinstance(node, ast.Constant) or id(node) in left_out:
            continue
        if isinstance(node.value, str) and is_vietnamese(node.value):
            yield node.value


def is_vietnamese(text: str) -> bool:
    """Tell whether a text has a letter that English has not."""
    return any(letter.isalpha() and not letter.isascii() for letter in text)


def labels() -> Iterator[str]:
    """Give the texts that rules hold and pages show: names of states, groups, roles, faults."""
    tables: tuple[dict[Any, str], ...] = (
        LABELS,
        wording.CATEGORIES,
        wording.QUESTIONS,
        wording.LEVELS,
        ROLE_NAMES,
        KIND_NAMES,
        MAIL_STATES,
        MAIL_KINDS,
        STEP_NAMES,
        NUMBER_TITLES,
        VERDICTS,
        ENDINGS,
        KINDS,
        dict(MEANINGS),
    )
    for table in tables:
        yield from table.values()
    yield from (title for title, _ in GROUPS.values())
    yield from (entry.title for entry in nav.ENTRIES)
    yield from faults()
    yield from reasons()
    yield from worded()
    yield UNKNOWN


def reasons() -> Iterator[str]:
    """Give why something is suggested: the understanding's sentences, and what its routing rules say of themselves."""
    yield KEY_PRESSED
    for path in UNDERSTANDING.glob("*.py"):
        yield from (text for text in literals(path) if text[0].isupper() and text.endswith("."))
    for rules in tomllib.loads(ROUTING.read_text()).values():
        yield from (rule["reason"] for rule in rules)


def worded() -> Iterator[str]:
    """Give what is worded below the web: texts with values, what errors are raised with, what is wrong with fields."""
    for path in (path for pattern in WORDED for path in ROOT.glob(pattern)):
        tree = ast.parse(path.read_text())
        yield from (text for text in literals_in(tree) if "%(" in text)
        yield from (text for node in ast.walk(tree) if words_people(node) for text in literals_in(node))


def words_people(node: ast.AST) -> bool:
    """Whether code raises an error, or words something for people."""
    named = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    return isinstance(node, ast.Raise) or named in WORDING


def put_together(tree: ast.AST) -> Iterator[int]:
    """Give the lines where Vietnamese for people is put together at once, so that nobody can translate it."""
    for node in (node for node in ast.walk(tree) if words_people(node)):
        for part in (part for part in ast.walk(node) if isinstance(part, ast.JoinedStr)):
            if any(isinstance(piece, ast.Constant) and is_vietnamese(str(piece.value)) for piece in part.values):
                yield part.lineno


def faults() -> Iterator[str]:
    """Give what our errors say, which is their docstring, where it is Vietnamese."""
    for package in ("casebook", "config", "ivr", "recordings", "transcription"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                said_of = ast.get_docstring(node) if isinstance(node, ast.ClassDef) and _may_be_raised(node) else None
                if said_of and is_vietnamese(said_of):
                    yield " ".join(said_of.split())


def _may_be_raised(of: ast.ClassDef) -> bool:
    return bool(of.bases) and "NamedTuple" not in map(ast.unparse, of.bases)


def catalogue() -> Catalog:
    """Read the translations."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def translations() -> dict[str, str]:
    """Give the translations by text."""
    return {str(message.id): str(message.string) for message in catalogue() if message.id}


def compiled() -> dict[str, str]:
    """Give the translations as the web application reads them."""
    with COMPILED.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_mo(file) if message.id}


def main() -> None:
    """Bring the catalogue up to date with what is said, and compile it."""
    known = translations() if CATALOGUE.exists() else {}
    fresh = Catalog(locale="en", project="Lắng Nghe", charset="utf-8")
    for text in sorted(said()):
        fresh.add(text, known.get(text, ""))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(_written(fresh))
    with COMPILED.open("wb") as file:
        write_mo(file, fresh)
    missing = sum(not string for string in translations().values())
    print(f"{len(list(fresh)) - 1} texts, {missing} without a translation: {CATALOGUE.relative_to(ROOT)}")


def _written(fresh: Catalog) -> bytes:
    written = io.BytesIO()
    write_po(written, fresh, omit_header=True, width=0)
    return (
        b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: en\\n"\n\n' + written.getvalue()
    )


if __name__ == "__main__":
    main()
