from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from config.errors import SettingsError
from transcription.choice import choose, load
from transcription.engines.scripted import ScriptedEngine
from transcription.errors import ModelMissing
from transcription.model_catalogue import entry
from transcription.model_store import MANIFEST


def pretend(models_dir: Path, name: str) -> Path:
    """A directory that looks installed: the catalogue's hashes in its manifest, empty files."""
    folder = models_dir / name
    names = dict(entry(name).files) or {"conf/model.conf": hashlib.sha256(b"").hexdigest()}
    for path in names:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()
    files = {path: {"bytes": 0, "sha256": sha256} for path, sha256 in names.items()}
    (folder / MANIFEST).write_text(json.dumps({"name": name, "files": files}))
    return folder


@pytest.mark.parametrize(
    ("installed", "expected", "why"),
    [
        (["whisper-base"], "whisper", "tự chọn Whisper"),
        (["whisper-base", "vosk-small-vn"], "vosk", "mô hình vosk-small-vn đã cài"),
        (["whisper-base", "vosk-small-vn", "vosk-vn"], "vosk", "mô hình vosk-vn đã cài"),
        (["whisper-base", "vosk-ko"], "whisper", "chưa có mô hình Vosk tiếng Việt và CTC tiếng Việt"),
    ],
)
def test_the_best_liked_engine_that_has_a_model_is_chosen(
    tmp_path: Path, installed: list[str], expected: str, why: str
) -> None:
    for name in installed:
        pretend(tmp_path, name)
    choice = choose("auto", None, tmp_path)
    assert choice.name == expected
    assert why in choice.why
    assert choice.model_path is not None
    assert choice.model_path.parent == tmp_path


def test_the_ctc_engine_is_liked_better_than_whisper_and_less_than_vosk(tmp_path: Path) -> None:
    pretend(tmp_path, "viet-ctc")
    pretend(tmp_path, "whisper-base")
    assert choose("auto", None, tmp_path).name == "ctc"
    pretend(tmp_path, "vosk-vn")
    assert choose("auto", None, tmp_path).name == "vosk"


def test_an_engine_that_is_set_is_used_though_a_better_liked_one_is_there(tmp_path: Path) -> None:
    pretend(tmp_path, "vosk-vn")
    pretend(tmp_path, "whisper-base")
    choice = choose("whisper", None, tmp_path)
    assert (choice.name, choice.model_path) == ("whisper", tmp_path / "whisper-base")
    assert "được đặt trong cấu hình" in choice.why


@pytest.mark.parametrize(("files", "expected"), [(["model.bin"], "whisper"), (["conf/mfcc.conf"], "vosk")])
def test_the_kind_of_a_model_that_is_set_is_seen_from_its_files(
    tmp_path: Path, files: list[str], expected: str
) -> None:
    for file in files:
        (tmp_path / "own" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "own" / file).touch()
    assert choose("auto", tmp_path / "own", tmp_path).name == expected


@pytest.mark.parametrize(
    ("engine", "message"),
    [("auto", "models install viet-ctc"), ("vosk", "models install vosk-vn"), ("whisper", "whisper-base")],
)
def test_without_a_model_the_command_that_installs_one_is_named(tmp_path: Path, engine: str, message: str) -> None:
    with pytest.raises(ModelMissing, match=message):
        choose(engine, None, tmp_path)


def test_a_directory_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="không phải là mô hình"):
        choose("auto", tmp_path / "nowhere", tmp_path)


def test_an_unknown_engine_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="sphinx"):
        choose("sphinx", None, tmp_path)


def test_the_scripted_engine_needs_no_model(tmp_path: Path) -> None:
    assert isinstance(load(choose("scripted", None, tmp_path)), ScriptedEngine)
