from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.unit.transcription.ctc.elf import library
from transcription.engines.ctc.package import LIBRARY, read_wheel
from transcription.errors import ModelDamaged

CONTENTS = {"model.onnx": b"weights", "vocab.txt": b"<blank> 0\n"}
DATA = {"vietasr_asr_model_onnx": CONTENTS["model.onnx"], "vietasr_asr_vocab": CONTENTS["vocab.txt"]}
RUNNING = ("ctypes.", "subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork", "import", "exec")
"""Beginnings of the interpreter's audit events that tell of code being loaded or run."""

_watched: list[list[str]] = []


def _listen(event: str, _: object) -> None:
    if _watched and event.startswith(RUNNING):
        _watched[-1].append(event)


# An audit hook cannot be taken away again: there is one, and it only listens while a test watches.
sys.addaudithook(_listen)


@contextmanager
def watched() -> Iterator[list[str]]:
    """The events of code being loaded or run meanwhile."""
    events: list[str] = []
    _watched.append(events)
    try:
        yield events
    finally:
        _watched.pop()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


FILES = {name: sha256(content) for name, content in CONTENTS.items()}


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return packed(tmp_path, library(DATA))


def packed(folder: Path, content: bytes, member: str = LIBRARY) -> Path:
    path = folder / "viet_asr-0.1.0.dev11-cp311-cp311-manylinux_2_28_x86_64.whl"
    with ZipFile(path, "w") as archive:
        archive.writestr(member, content)
        archive.writestr("vietasr/__init__.py", "raise SystemExit('the wheel was run')")
    return path


def test_the_model_is_read_out_of_the_wheel(wheel: Path) -> None:
    assert read_wheel(wheel, FILES, sha256(wheel.read_bytes())) == CONTENTS


def test_nothing_of_the_wheel_is_ever_loaded_run_or_unpacked(wheel: Path) -> None:
    read_wheel(wheel, FILES, sha256(wheel.read_bytes()))  # once unwatched: what pyelftools itself imports
    with watched() as events:
        read_wheel(wheel, FILES, sha256(wheel.read_bytes()))
    assert events == []
    assert [path.name for path in wheel.parent.iterdir()] == [wheel.name]
    assert not [name for name in sys.modules if name.startswith("vietasr")]


def test_another_wheel_is_thrown_away_unread(wheel: Path) -> None:
    with pytest.raises(ModelDamaged):
        read_wheel(wheel, FILES)
    assert not wheel.exists()


def test_another_model_in_the_wheel_is_refused(wheel: Path) -> None:
    with pytest.raises(ModelDamaged, match=r"model\.onnx"):
        read_wheel(wheel, {"model.onnx": sha256(b"something else")}, sha256(wheel.read_bytes()))


@pytest.mark.parametrize("content", [b"", b"not a library"])
def test_a_wheel_with_something_else_in_its_place_is_refused(tmp_path: Path, content: bytes) -> None:
    path = packed(tmp_path, content)
    with pytest.raises(ModelDamaged):
        read_wheel(path, FILES, sha256(path.read_bytes()))


def test_a_wheel_without_its_library_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, library(DATA), member="elsewhere.so")
    with pytest.raises(ModelDamaged):
        read_wheel(path, FILES, sha256(path.read_bytes()))
