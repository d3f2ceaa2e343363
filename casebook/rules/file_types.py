"""What an attached file is, decided by what is in it; its name and what the browser says count for nothing.

Source: OWASP File Upload Cheat Sheet (a list of what may be, content over name, limits on archives).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NoReturn

from casebook.rules.office_files import office_kind
from casebook.rules.pictures import BrokenPicture, Parted, part_jpeg, part_png, part_webp
from config.errors import PermanentError
from transcription.rules.text import clean

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of one file."""

MOST_FILES = 10
"""Files of one upload."""

LARGEST_UPLOAD = 25 * 1024 * 1024
"""Bytes of all files of one upload."""

LONGEST_NAME = 120


class FileKind(StrEnum):
    """The kinds of files that are taken, by their media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    TEXT = "text/plain"
    SOUND = "audio/wav"
    """Made by us only: a recording in another voice. Nobody can upload sound."""


KIND_NAMES = {
    FileKind.JPEG: "Ảnh JPEG",
    FileKind.PNG: "Ảnh PNG",
    FileKind.WEBP: "Ảnh WEBP",
    FileKind.PDF: "Tài liệu PDF",
    FileKind.DOCX: "Tài liệu Word",
    FileKind.XLSX: "Bảng tính Excel",
    FileKind.TEXT: "Văn bản",
    FileKind.SOUND: "Bản ghi đã đổi giọng",
}

ENDINGS = {
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.PNG: (".png",),
    FileKind.WEBP: (".webp",),
    FileKind.PDF: (".pdf",),
    FileKind.DOCX: (".docx",),
    FileKind.XLSX: (".xlsx",),
    FileKind.TEXT: (".txt", ".csv", ".log"),
    FileKind.SOUND: (".wav",),
}
"""How names of each kind may end; the first is given to a file whose name ends otherwise."""

ACCEPTED = ",".join(ending for kind, endings in ENDINGS.items() for ending in endings[:2] if kind is not FileKind.SOUND)
"""For the browser's file picker. Without HEIC in it, a phone turns its photos into JPEG by itself."""


class BadFile(PermanentError):
    """Tệp này không nhận được."""


class EmptyFile(BadFile):
    """Tệp rỗng: hãy chọn lại tệp."""


class FileTooLarge(BadFile):
    """Tệp lớn hơn 10 MB: hãy thu nhỏ ảnh hoặc chia tài liệu rồi gửi lại."""


class UnknownKind(BadFile):
    """Chỉ nhận ảnh JPEG, PNG, WEBP; tài liệu PDF, DOCX, XLSX; văn bản TXT (UTF-8)."""


class BrokenFile(BadFile):
    """Tệp bị hỏng hoặc tải lên dở: hãy mở thử trên máy rồi chọn lại."""


class ActiveFile(BadFile):
    """Trong tệp có mã chạy được hoặc một tệp khác giấu bên trong: hãy xuất lại thành ảnh hoặc PDF thường."""


_REFUSED: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), told)
    for pattern, told in (
        (rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe", "Nội dung là chương trình máy tính, không nhận."),
        (rb".{4}ftyp(heic|heix|hevc|heim|heis|mif1|msf1)", "Ảnh HEIC của iPhone: hãy lưu thành JPEG rồi gửi lại."),
        (rb"GIF8[79]a|BM.{4}\0{4}|II\*\0|MM\0\*", "Loại ảnh này chưa nhận: hãy lưu thành JPEG hoặc PNG."),
        (rb"\xd0\xcf\x11\xe0", "Tệp Office đời cũ: hãy lưu thành DOCX, XLSX hoặc PDF."),
        (rb"Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ", "Không nhận tệp nén: hãy gửi từng ảnh, tài liệu."),
        (rb"RIFF.{4}WAVE|ID3|OggS|\xff[\xfb\xf3\xf2]|.{4}ftyp", "Không nhận tệp âm thanh, phim."),
        (
            rb"(\xef\xbb\xbf)?\s*<(!doctype|\?xml|html|svg|script|head|body|!--)",
            "Nội dung là trang web hoặc ảnh SVG, không nhận.",
        ),
    )
)
"""What is often tried and never taken, with what to tell."""

_MARKUP = re.compile(rb"<(script|html|svg|iframe|object|embed)[\s/>]|<\?php|<!doctype|javascript:", re.IGNORECASE)
_ARCHIVE, _ARCHIVE_END = b"PK\x03\x04", b"PK\x05\x06"
_PDF_STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
_PDF_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")

_PARTERS: dict[FileKind, Callable[[bytes], Parted]] = {
    FileKind.JPEG: part_jpeg,
    FileKind.PNG: part_png,
    FileKind.WEBP: part_webp,
}


def kind_of(data: bytes) -> FileKind:
    """Say what a file is; raises BadFile, saying why it cannot be taken."""
    if not data:
        raise EmptyFile
    if len(data) > LARGEST_FILE:
        raise FileTooLarge
    if data.startswith(b"\xff\xd8\xff"):
        return _picture(data, FileKind.JPEG)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _picture(data, FileKind.PNG)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _picture(data, FileKind.WEBP)
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"PK"):
        return _office(data)
    return _text(data)


def without_metadata(data: bytes, kind: FileKind) -> bytes:
    """Give a picture without what its camera tells (place, device, time); other kinds as they are."""
    part = _PARTERS.get(kind)
    return part(data).clean if part else data


def _picture(data: bytes, kind: FileKind) -> FileKind:
    """A picture may carry what cameras write, but no page, no program and no other file."""
    try:
        told = _PARTERS[kind](data).told
    except BrokenPicture:
        raise BrokenFile from None
    if _MARKUP.search(told) or b"%PDF-" in told or (_ARCHIVE in told and _ARCHIVE_END in told):
        raise ActiveFile
    return kind


def _pdf(data: bytes) -> FileKind:
    """A PDF must end as one; scripts are looked for outside its streams, also where their names are disguised."""
    if b"%%EOF" not in data[-1024:]:
        raise BrokenFile
    frame = _PDF_STREAM.sub(b"", data)
    plain = _PDF_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), frame)
    if _PDF_ACTIVE.search(plain) or _MARKUP.search(plain):
        raise ActiveFile
    return FileKind.PDF


def _office(data: bytes) -> FileKind:
    found = office_kind(data)
    if found.broken:
        raise BrokenFile
    if found.active:
        raise ActiveFile
    if found.kind is None:
        raise UnknownKind("Không nhận tệp nén: hãy gửi từng ảnh, tài liệu.")
    return FileKind.DOCX if found.kind == "word" else FileKind.XLSX


def _text(data: bytes) -> FileKind:
    for pattern, told in _REFUSED:
        if pattern.match(data):
            raise UnknownKind(told)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        _unknown()
    if _NOT_TEXT.search(text):
        _unknown()
    if _MARKUP.search(data):
        raise ActiveFile
    return FileKind.TEXT


def _unknown() -> NoReturn:
    raise UnknownKind from None


def safe_name(name: str, kind: FileKind) -> str:
    """Give a name that is only a name, and whose ending says what the file is."""
    last = re.split(r"[/\\]", name)[-1]
    plain = " ".join(re.sub(r'[<>:"|?*]', " ", clean(last)).split()).strip(". ")
    stem, _dot, ending = plain.rpartition(".")
    if f".{ending.lower()}" in ENDINGS[kind] and stem:
        return f"{stem[:LONGEST_NAME].strip()}.{ending}"
    # What looked like an ending of another kind stays in the name, as part of it.
    return f"{plain.replace('.', '-')[:LONGEST_NAME] or 'tep'}{ENDINGS[kind][0]}"


def size_name(size: int) -> str:
    """Write a size as people read it: `1,4 MB`, `12 KB`."""
    if size >= 1024 * 1024:
        return f"{size / (1024 * 1024):.1f} MB".replace(".", ",")
    return f"{max(1, round(size / 1024))} KB"
