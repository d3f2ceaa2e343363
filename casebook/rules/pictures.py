"""Pictures in two parts: what is drawn, and what the camera or somebody else tells beside it.

Nothing is decoded and no pixel changes: the formats' own blocks are kept or left out.
Sources: ITU-T T.81 (JPEG), JEITA CP-3451 (Exif), W3C PNG 3rd edition, RFC 9649 (WebP).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_PIXELS = 200_000_000
"""A picture with more points than any camera takes fills the memory of whoever opens it."""

JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
PNG_START = b"\x89PNG\r\n\x1a\n"

_SCAN, _EXIF, _NO_LENGTH = 0xDA, 0xE1, frozenset({0x01, *range(0xD0, 0xD8)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_DRAWS_JPEG = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF})
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_DRAWS_PNG = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)
_DRAWS_WEBP = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"})
_WEBP_TELLS = 0x08 | 0x04
"""The flags of VP8X that announce Exif and XMP."""


class BrokenPicture(ValueError):
    """The picture is cut off, or is not built as its format says."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A picture in two: `clean` shows the same and tells nothing else; `told` is what was left out."""

    clean: bytes
    told: bytes


def part_jpeg(data: bytes) -> Parted:
    """Part a JPEG; it stays the right way up by an Exif block that says nothing else. Raises BrokenPicture."""
    clean, told, sized = bytearray(JPEG_START), bytearray(), False
    for marker, raw in _jpeg_segments(data):
        sized = sized or marker in _FRAMES
        if marker in _FRAMES:
            _check_size(*_jpeg_size(raw))
        if marker is None:
            told += raw
        elif marker == _EXIF and raw[4:10] == b"Exif\0\0":
            clean += _upright(raw[10:])
            told += raw
        elif marker == 0xE0 and raw[4:9] == b"JFIF\0":
            # Without the thumbnail that may follow.
            clean += b"\xff\xe0\x00\x10" + raw[4:16].ljust(12, b"\0") + b"\0\0"
        elif _draws(marker, raw):
            clean += raw
        else:
            told += raw
    if not sized:
        raise BrokenPicture
    return Parted(bytes(clean + JPEG_END), bytes(told))


def _draws(marker: int, raw: bytes) -> bool:
    """Whether a segment is needed to draw: the picture itself, its colour profile, Adobe's colour order."""
    profile = marker == 0xE2 and raw[4:16] == b"ICC_PROFILE\0"
    return marker in _DRAWS_JPEG or profile or (marker == 0xEE and raw[4:9] == b"Adobe")


def _jpeg_segments(data: bytes) -> Iterator[tuple[int | None, bytes]]:
    """Give each segment with its marker, a scan with its points; at last, as None, what follows the end."""
    at = len(JPEG_START)
    while data[at : at + 1] == b"\xff" and at + 1 < len(data):
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == JPEG_END[1]:
            yield None, data[at + 2 :]
            return
        end = at + 2 if marker in _NO_LENGTH else at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if marker == _SCAN:
            following = _AFTER_SCAN.search(data, end)
            end = following.start() if following else len(data) + 1
        if end > len(data) or end < at + 2:
            raise BrokenPicture
        yield marker, data[at:end]
        at = end
    raise BrokenPicture


def _jpeg_size(frame: bytes) -> tuple[int, int]:
    if len(frame) < 9:
        raise BrokenPicture
    return int.from_bytes(frame[5:7]), int.from_bytes(frame[7:9])


def _upright(tiff: bytes) -> bytes:
    """Write an Exif segment that says which way up the picture is, if `tiff` says so, and nothing else."""
    turned = _orientation(tiff)
    if not 2 <= turned <= 8:
        return b""
    tag = struct.pack(">HHIHH", 0x0112, 3, 1, turned, 0)
    body = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + tag + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _orientation(tiff: bytes) -> int:
    """Read the orientation (1-8) of a TIFF structure; 1 where it has none that can be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    if first + 2 > len(tiff):
        return 1
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for number in range(count):
        at = first + 2 + 12 * number
        if at + 12 > len(tiff):
            break
        tag, kind, _many, value = struct.unpack_from(f"{order}HHIH", tiff, at)
        if (tag, kind) == (0x0112, 3):
            return int(value)
    return 1


def part_png(data: bytes) -> Parted:
    """Part a PNG; raises BrokenPicture, also where a checksum is wrong."""
    clean, told, drawn = bytearray(PNG_START), bytearray(), False
    for kind, raw in _png_chunks(data):
        drawn = drawn or kind == b"IDAT"
        if kind == b"IHDR":
            _check_size(*struct.unpack(">II", raw[8:16]))
        if kind in _DRAWS_PNG:
            clean += raw
        else:
            told += raw
    if not drawn:
        raise BrokenPicture
    return Parted(bytes(clean), bytes(told))


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give each chunk with its kind, and at last, of no kind, what follows the end."""
    at, kind = len(PNG_START), b""
    while kind != b"IEND":
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data) or (at == len(PNG_START) and (kind, length) != (b"IHDR", 13)):
            raise BrokenPicture
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            raise BrokenPicture
        yield kind, data[at:end]
        at = end
    yield b"", data[at:]


def part_webp(data: bytes) -> Parted:
    """Part a WebP picture; raises BrokenPicture."""
    clean, told, drawn = bytearray(), bytearray(), False
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise BrokenPicture
    for kind, raw in _riff_chunks(data[:end]):
        drawn = drawn or kind in {b"VP8 ", b"VP8L", b"ANMF"}
        if kind == b"VP8X" and len(raw) > 8:
            clean += raw[:8] + bytes([raw[8] & ~_WEBP_TELLS]) + raw[9:]
        elif kind in _DRAWS_WEBP:
            clean += raw
        else:
            told += raw
    if not drawn:
        raise BrokenPicture
    body = b"WEBP" + bytes(clean)
    return Parted(b"RIFF" + len(body).to_bytes(4, "little") + body, bytes(told) + data[end:])


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at < len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if at + 8 + length > len(data):
            raise BrokenPicture
        yield data[at : at + 4], data[at:end].ljust(8 + length + length % 2, b"\0")
        at = end


def _check_size(height: int, width: int) -> None:
    if not 0 < height * width <= MOST_PIXELS:
        raise BrokenPicture
