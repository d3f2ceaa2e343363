"""Small files as people attach them, made here: photos with what a camera tells, documents, and disguises."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from base64 import b64decode

_JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9"
    "lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAMABAD"
    "ASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAwAF/8QAHRAAAgIDAAMAAAAAAAAAAAAAAQIDEQAEBTFBYf/EABUBAQEAAAAAAAAAAAAAAAAA"
    "AAME/8QAFhEBAQEAAAAAAAAAAAAAAAAAAQAR/9oADAMBAAIRAxEAPwB+Jxtfo6jzTPKrLIVpCAKoH2PuZG3EsG3PChJWORlBPmgawcsalUy//9k="
)
_VP8 = b64decode("VlA4ID4AAAAQAgCdASoQAAwAA4BaJagCdAEQzW0Be6GAAP7Bv037O7OO/qXIE8OhXtzOXxAUUzUa0skBtYoI5G8AYAAAAA==")
PLACE = b"GPS 10.7580 106.6591"
"""Stands for what says where and by whom a photo was taken."""


def jpeg(*, exif: bytes | None = None, comment: bytes = b"", after: bytes = b"") -> bytes:
    """A picture of 16 x 12 points; a camera wrote `exif` and `comment` into it, somebody put `after` behind it."""
    told = segment(0xE1, b"Exif\0\0" + exif) if exif is not None else b""
    told += segment(0xFE, comment) if comment else b""
    return _JPEG[:20] + told + _JPEG[20:] + after


def segment(marker: int, payload: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def tiff(orientation: int = 1) -> bytes:
    """What a camera tells: which way it was held, and PLACE."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"II*\0" + struct.pack("<IH", 8, 1) + entry + b"\0\0\0\0" + PLACE


def png(*, told: bytes = b"", after: bytes = b"", size: tuple[int, int] = (2, 2)) -> bytes:
    """A picture of 2 x 2 points with a text chunk."""
    pixels = zlib.compress(b"\0" + b"\x1f\x5a\x6b" * 2 + b"\0" + b"\xff" * 6)
    header = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    text = chunk(b"tEXt", b"Comment\0" + told) + chunk(b"eXIf", tiff()) if told else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + text + chunk(b"IDAT", pixels) + chunk(b"IEND", b"") + after


def chunk(kind: bytes, payload: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def webp(*, told: bytes = b"", after: bytes = b"") -> bytes:
    """A picture of 16 x 12 points, with Exif and XMP if a camera tells something."""
    flags = 0x0C if told else 0
    extended = _riff(b"VP8X", bytes([flags, 0, 0, 0]) + b"\x0f\0\0\x0b\0\0")
    body = b"WEBP" + extended + _VP8 + (_riff(b"EXIF", told) + _riff(b"XMP ", told) if told else b"")
    return b"RIFF" + struct.pack("<I", len(body)) + body + after


def _riff(kind: bytes, payload: bytes) -> bytes:
    return kind + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def pdf(inside: bytes = b"") -> bytes:
    """A PDF of nothing."""
    return b"%PDF-1.4\n1 0 obj <</Type /Catalog " + inside + b">> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def office(main: str = "word/document.xml", **extra: bytes) -> bytes:
    """A Word document (or what else `main` makes it), with extra parts; `__` in their names stands for `/`."""
    parts = {"[Content_Types].xml": b"<Types/>", main: b"<document/>"}
    parts |= {name.replace("__", "/").replace("_dot_", "."): content for name, content in extra.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def bomb(claims: int | None = None) -> bytes:
    """A document that unpacks to 120 MB, or claims to be of `claims` bytes."""
    packed = office(word__media__big_dot_xml=b"\0" * (120 * 1024 * 1024))
    if claims is None:
        return packed
    true, lie = struct.pack("<I", 120 * 1024 * 1024), struct.pack("<I", claims)
    return packed.replace(true, lie)
