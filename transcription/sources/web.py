"""Models that a site offers as a zip file: downloaded with resume, unpacked with suspicion."""

from __future__ import annotations

import shutil
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

import requests

from transcription.errors import InstallFailed, ModelDamaged, SiteUnreachable
from transcription.progress import Progress

_CONNECT, _READ = 5, 10
"""Seconds to wait for a connection, and for the next bytes."""

_CHUNK = 1 << 14
"""Bytes written at once; of a connection that breaks, no more than this is lost."""

_ATTEMPTS = 4
"""How often a download that breaks off is taken up again before giving up."""

_MOST_GROWTH = 20
"""An archive that unpacks to more than this many times its size is no speech model."""


@dataclass(frozen=True, slots=True)
class ZipSource:
    """A zip file at `url`; when it holds a single top folder, the model is that folder's contents."""

    url: str

    def fetch(self, target: Path, scratch: Path, progress: Progress) -> None:
        """Download the archive, going on where a broken attempt stopped, and unpack it into `target`.

        Raises SiteUnreachable, InstallFailed or ModelDamaged.
        """
        archive = scratch / PurePosixPath(self.url).name
        if not archive.is_file():
            _download(self.url, archive, progress)
        try:
            unpack(archive, target)
        except ModelDamaged:
            archive.unlink()  # else the next attempt would meet it again
            raise


def _download(url: str, path: Path, progress: Progress) -> None:
    part = path.with_name(path.name + ".part")
    for attempt in range(_ATTEMPTS):
        before = _length(part)
        try:
            _go_on(url, part, progress)
        except requests.RequestException as error:
            # Once nothing more arrives the site is gone; waiting longer would only hide it.
            if attempt == _ATTEMPTS - 1 or _length(part) == before:
                raise SiteUnreachable(_away(url, error)) from error
        else:
            part.rename(path)
            _mark(part).unlink(missing_ok=True)
            return


def _go_on(url: str, part: Path, progress: Progress) -> None:
    """Take what is still missing of `part`; from the start if the site's file is another one now."""
    held = _length(part) if _mark(part).is_file() else 0
    asked = {"Range": f"bytes={held}-", "If-Range": _mark(part).read_text()} if held else {}
    headers = {"Accept-Encoding": "identity", **asked}
    with requests.get(url, headers=headers, stream=True, timeout=(_CONNECT, _READ)) as answer:
        if answer.status_code not in (200, 206):
            raise InstallFailed(f"{url} trả lời {answer.status_code}; địa chỉ mô hình có thể đã đổi.")
        held = held if answer.status_code == 206 else 0
        _remember(answer, part)
        _save(answer, part, held, progress)


def _save(answer: requests.Response, part: Path, held: int, progress: Progress) -> None:
    total = held + int(answer.headers.get("Content-Length", 0))
    step = f"Tải {part.name.removesuffix('.part')}"
    with part.open("ab" if held else "wb") as file:
        for chunk in answer.iter_content(_CHUNK):
            file.write(chunk)
            held += len(chunk)
            progress(step, held, total)
    if held < total:
        raise requests.ConnectionError("the site broke off")


def _remember(answer: requests.Response, part: Path) -> None:
    """Note which version of the file this is, so that halves of two versions are never joined."""
    version = answer.headers.get("ETag") or answer.headers.get("Last-Modified")
    if version and not version.startswith("W/"):
        _mark(part).write_text(version)
    else:
        _mark(part).unlink(missing_ok=True)


def _mark(part: Path) -> Path:
    return part.with_name(part.name + ".version")


def _length(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _away(url: str, error: Exception) -> str:
    return f"Không kết nối được với {url} ({type(error).__name__}); hãy kiểm tra mạng rồi thử lại."


def unpack(archive: Path, target: Path) -> None:
    """Write the archive's files below `target`. Raises ModelDamaged if it is broken or reaches outside."""
    try:
        with ZipFile(archive) as opened:
            files = [member for member in opened.infolist() if not member.is_dir()]
            _inspect(files, archive.stat().st_size)
            top = _single_top(files)
            for member in files:
                path = target / PurePosixPath(member.filename).relative_to(top)
                path.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as source, path.open("wb") as file:
                    shutil.copyfileobj(source, file, 1 << 20)
    except (BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
        # The last two: compressed or encrypted in a way that no model is.
        raise ModelDamaged("Tệp mô hình tải về bị hỏng; hãy chạy lại lệnh cài.") from error


def _inspect(files: list[ZipInfo], packed: int) -> None:
    unsafe = [member.filename for member in files if not _safe(member)]
    if unsafe:
        raise ModelDamaged(f"Tệp mô hình chứa đường dẫn không an toàn: {unsafe[0]}")
    if not files or sum(member.file_size for member in files) > packed * _MOST_GROWTH:
        raise ModelDamaged("Tệp tải về không phải là một mô hình tiếng nói.")


def _safe(member: ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    link = stat.S_ISLNK(member.external_attr >> 16)
    strange = not path.parts or ".." in path.parts or any(sign in member.filename for sign in "\\:")
    return not (link or path.is_absolute() or strange)


def _single_top(files: list[ZipInfo]) -> str:
    tops = {PurePosixPath(member.filename).parts[0] for member in files}
    deep = all(len(PurePosixPath(member.filename).parts) > 1 for member in files)
    return tops.pop() if deep and len(tops) == 1 else "."
