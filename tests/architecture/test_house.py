"""The shape of the house, tested: layers, migrations, jobs, addresses, words."""

from __future__ import annotations

import ast
import subprocess
import unicodedata
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

import casebook.learning.models
import casebook.models
import config.directory.models
import config.jobs.models
import config.throttle
import ivr.models
import recordings.models
import transcription.models
from casebook import pipeline
from config.database.base import Base
from config.database.schema import MIGRATIONS, missing_revisions

ROOT = Path(__file__).parents[2]
PACKAGES = ("config", "recordings", "transcription", "casebook", "ivr")
MODELS = (casebook, config, ivr, recordings, transcription)
"""Imported for their tables."""


def sources() -> Iterator[Path]:
    yield ROOT / "app.py"
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")


def texts() -> Iterator[Path]:
    for suffix in ("*.py", "*.html", "*.txt", "*.toml", "*.csv", "*.md", "*.js", "*.css"):
        for package in PACKAGES:
            yield from (ROOT / package).rglob(suffix)


def test_app_py_only_names_the_commands() -> None:
    tree = ast.parse((ROOT / "app.py").read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"__future__", "ivr.wiring.cli"}


def test_nothing_below_imports_the_wiring() -> None:
    for path in sources():
        if "wiring" not in path.parts and path.name != "app.py":
            assert "ivr.wiring" not in path.read_text("utf-8"), path


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{path}:{inner.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_migrations_are_numbered_with_one_head() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    assert len(script.get_heads()) == 1


def test_the_migrated_database_is_what_the_models_say(database_url: str) -> None:
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        assert missing_revisions(connection) == []
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def _is_ours(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    # The job queue's tables are its package's; PostgreSQL reports expression indexes in its own words.
    return not str(name).startswith(("procrastinate", "alembic", "ix_cases_search", "ix_cases_desk"))


def test_every_job_that_is_fired_or_queued_has_a_step() -> None:
    known = {step.name for step in pipeline.steps(None)}  # type: ignore[arg-type]  # only the names are looked at
    fired = {periodic.job for periodic in pipeline.periodics(forward_every=pipeline.SILENT_INTAKE, daily_at=time())}
    assert fired - known == {"retry_stalled_jobs"}


@pytest.mark.parametrize("path", sorted(texts()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_is_in_nfc(path: Path) -> None:
    text = path.read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)


def test_nothing_private_or_heavy_is_in_the_repository() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert not [name for name in tracked if name.endswith((".wav", ".mp3", ".flac", ".onnx", ".bin", ".env"))]
    assert not [name for name in tracked if (ROOT / name).is_file() and (ROOT / name).stat().st_size > 3_000_000]
