"""What an Office document is, looked at without trusting what its archive says of itself.

Source: ECMA-376 part 2 (Open Packaging Conventions): a ZIP with `[Content_Types].xml` and the parts it names.
"""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass
from typing import Literal
from zipfile import BadZipFile, ZipFile, ZipInfo

MOST_PARTS = 3_000
LARGEST_UNPACKED = 100 * 1024 * 1024
"""Bytes of all parts together; an archive that unpacks to more is taken for a bomb."""

_CHUNK = 64 * 1024
_ENCRYPTED = 0x1
_CONTENTS = "[Content_Types].xml"
_MAIN: dict[str, Literal["word", "excel"]] = {"word/document.xml": "word", "xl/workbook.xml": "excel"}
_ACTIVE = re.compile(
    r"vbaproject|/activex/|/macrosheets/|/embeddings/.*\.bin$"
    r"|\.(exe|dll|js|vbs|bat|cmd|scr|ps1|jar|html?|svg|com|lnk|docm|xlsm)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class OfficeFile:
    """What an archive turned out to be; `kind` is None for one that is no document of ours."""

    kind: Literal["word", "excel"] | None = None
    broken: bool = False
    active: bool = False


def office_kind(data: bytes) -> OfficeFile:
    """Look into an archive: macros and programs make it active; lies, bombs and wrong checksums broken."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if not data.startswith(b"PK\x03\x04") or not _modest(parts, len(data)) or not _sound(archive, parts):
                return OfficeFile(broken=True)
            return _judged(archive, {part.filename for part in parts})
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        # Whatever the archive reader stumbles over, a person's program would too.
        return OfficeFile(broken=True)


def _modest(parts: list[ZipInfo], size: int) -> bool:
    """Whether the archive says that it unpacks to a sensible amount, from parts that do not overlap."""
    packed = sum(part.compress_size for part in parts)
    unpacked = sum(part.file_size for part in parts)
    secret = any(part.flag_bits & _ENCRYPTED for part in parts)
    return len(parts) <= MOST_PARTS and packed <= size and unpacked <= LARGEST_UNPACKED and not secret


def _sound(archive: ZipFile, parts: list[ZipInfo]) -> bool:
    """Unpack every part, a bit at a time, keeping none: reading to the end checks its length and checksum."""
    for part in parts:
        with archive.open(part) as content:
            while content.read(_CHUNK):
                pass
    return True


def _judged(archive: ZipFile, names: set[str]) -> OfficeFile:
    if _CONTENTS not in names:
        return OfficeFile()
    if any(_ACTIVE.search(f"/{name}") for name in names) or b"macroEnabled" in archive.read(_CONTENTS):
        return OfficeFile(active=True)
    return OfficeFile(kind=next((kind for main, kind in _MAIN.items() if main in names), None))
