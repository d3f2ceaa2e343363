"""Protocol buffers taken apart and put together again, field by field, without a schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_WIDTH = {FIXED64: 8, FIXED32: 4}


class BadWire(ValueError):
    """These bytes are not a protocol buffer."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message: its number, its value, and all its bytes with tag and length."""

    number: int
    value: int | memoryview
    raw: memoryview


def fields(message: memoryview) -> Iterator[Field]:
    """The fields of `message` in order. Raises BadWire if it is cut short or of an unknown kind."""
    place = 0
    while place < len(message):
        tag, after = _varint(message, place)
        value, end = _value(message, tag & 7, after)
        if end > len(message):
            raise BadWire
        yield Field(tag >> 3, value, message[place:end])
        place = end


def varint(value: int) -> bytes:
    """`value` (64 bits) as protocol buffers write numbers."""
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number_field(number: int, value: int) -> bytes:
    """A field holding a number."""
    return varint(number << 3 | VARINT) + varint(value)


def bytes_field(number: int, content: bytes) -> bytes:
    """A field holding bytes, text or a message."""
    return varint(number << 3 | BYTES) + varint(len(content)) + content


def _value(message: memoryview, kind: int, place: int) -> tuple[int | memoryview, int]:
    if kind == VARINT:
        return _varint(message, place)
    if kind == BYTES:
        size, start = _varint(message, place)
        return message[start : start + size], start + size
    if kind in _WIDTH:
        end = place + _WIDTH[kind]
        return message[place:end], end
    raise BadWire


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(message):
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
    raise BadWire


def message(field: Field) -> memoryview:
    """The field's content as bytes. Raises BadWire if it holds a number."""
    if isinstance(field.value, int):
        raise BadWire
    return field.value
