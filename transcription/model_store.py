"""Speech models on disk: listed, installed whole or not at all, and checked against what was installed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.told import Told
from transcription.errors import InstallFailed, ModelDamaged, ModelMissing
from transcription.model_catalogue import CATALOGUE, entry
from transcription.model_source import CatalogueEntry
from transcription.progress import Progress, silent

MANIFEST = "manifest.json"
"""Lies in every installed model: its name, engine, licence, and each file's size and SHA-256."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelState:
    """A model of the catalogue and whether it is here."""

    entry: CatalogueEntry
    path: Path
    installed: bool


def list_models(models_dir: Path, catalogue: tuple[CatalogueEntry, ...] = CATALOGUE) -> list[ModelState]:
    """Every model that can be installed, and whether it is, by a quick look at file sizes."""
    return [ModelState(known, models_dir / known.name, is_installed(known, models_dir)) for known in catalogue]


def is_installed(known: CatalogueEntry, models_dir: Path) -> bool:
    """Whether the model lies there as installed, by the sizes of its files and not by their contents."""
    manifest = _manifest(models_dir / known.name)
    if manifest is None:
        return False
    files = manifest["files"]
    if any(files.get(name, {}).get("sha256") != sha256 for name, sha256 in known.files.items()):
        return False
    return all(_size(models_dir / known.name / name) == recorded["bytes"] for name, recorded in files.items())


def install(
    name: str,
    models_dir: Path,
    progress: Progress = silent,
    catalogue: tuple[CatalogueEntry, ...] = CATALOGUE,
) -> Path:
    """Install the model and give its directory; nothing is done if it is there already.

    It appears whole or not at all, whenever the process is killed. Raises UnknownModel, SiteUnreachable,
    ModelDamaged (what came is not what the catalogue knows) or InstallFailed.
    """
    known = entry(name, catalogue)
    target = models_dir / name
    with _alone(models_dir, name):
        if is_installed(known, models_dir):
            return target
        try:
            if target.exists() and _manifest(target) is None:
                _adopt(known, target, progress)
            else:
                _bring(known, models_dir, progress)
        except OSError as error:
            text = "Không ghi được mô hình vào %(folder)s: %(error)s."
            raise InstallFailed(Told(text, folder=models_dir, error=error.strerror)) from error
    return target


def verify(name: str, models_dir: Path, progress: Progress = silent) -> None:
    """Read every file of an installed model again and compare it with what was installed.

    Raises ModelMissing, or ModelDamaged naming the files that changed.
    """
    folder = models_dir / name
    manifest = _manifest(folder)
    if manifest is None:
        raise ModelMissing(Told("Mô hình %(name)s chưa được cài trong %(folder)s.", name=name, folder=models_dir))
    recorded = manifest["files"]
    found = _inventory(folder, progress)
    wrong = [path for path in recorded if found.get(path) != recorded[path]]
    if wrong:
        text = "Mô hình %(name)s không nguyên vẹn (%(wrong)s); hãy xóa %(folder)s rồi cài lại."
        raise ModelDamaged(Told(text, name=name, wrong=", ".join(wrong), folder=folder))


def _bring(known: CatalogueEntry, models_dir: Path, progress: Progress) -> None:
    """Fetch into a hidden directory, check, and only then give it the model's name."""
    scratch = models_dir / ".scratch" / known.name
    scratch.mkdir(parents=True, exist_ok=True)
    with _fresh(models_dir / ".incoming" / known.name) as incoming:
        known.source.fetch(incoming, scratch, progress)
        files = _inventory(incoming, progress)
        if problem := _unlike(known, files):
            shutil.rmtree(scratch)  # else the next attempt would use the same bytes
            raise ModelDamaged(
                Told("Mô hình %(name)s tải về không đúng: %(problem)s.", name=known.name, problem=problem)
            )
        _write_manifest(known, files, incoming)
        _put(incoming, models_dir / known.name)
    shutil.rmtree(scratch)


def _adopt(known: CatalogueEntry, target: Path, progress: Progress) -> None:
    """Take over a directory that was copied here by hand, if it is the very model."""
    files = _inventory(target, progress)
    if not known.files or _unlike(known, files):
        text = "%(folder)s đã có nhưng không phải mô hình %(name)s; hãy dời đi rồi thử lại."
        raise InstallFailed(Told(text, folder=target, name=known.name))
    _write_manifest(known, files, target)


def _unlike(known: CatalogueEntry, files: dict[str, dict[str, Any]]) -> str:
    """Which files are not what the catalogue expects; empty when all are."""
    wrong = [name for name, sha256 in known.files.items() if files.get(name, {}).get("sha256") != sha256]
    return Told("không có tệp nào") if not files else ", ".join(wrong)


def _put(incoming: Path, target: Path) -> None:
    old = incoming.with_name(incoming.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    incoming.rename(target)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _fresh(folder: Path) -> Iterator[Path]:
    """An empty directory, gone afterwards unless it was moved away."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(models_dir: Path, name: str) -> Iterator[None]:
    """Wait until no other process installs this model."""
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        lock = (models_dir / f".{name}.lock").open("w")
    except OSError as error:
        text = "Không ghi được vào %(folder)s: %(error)s."
        raise InstallFailed(Told(text, folder=models_dir, error=error.strerror)) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _inventory(folder: Path, progress: Progress) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of every file below `folder` but the manifest, by its path there."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST)
    total = sum(path.stat().st_size for path in paths)
    files: dict[str, dict[str, Any]] = {}
    done = 0
    for path in paths:
        digest = hashlib.sha256()
        for chunk in _chunks(path):
            digest.update(chunk)
            done += len(chunk)
            progress(f"Kiểm tra {folder.name}", done, total)
        files[path.relative_to(folder).as_posix()] = {"bytes": path.stat().st_size, "sha256": digest.hexdigest()}
    return files


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _write_manifest(known: CatalogueEntry, files: dict[str, dict[str, Any]], folder: Path) -> None:
    about = {"name": known.name, "engine": known.engine, "licence": known.licence, "files": files}
    (folder / MANIFEST).write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1
