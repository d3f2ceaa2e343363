from __future__ import annotations

import pytest

from transcription.engines.ctc.wire import BadWire, bytes_field, fields, message, number_field, varint


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, b"\x00"), (1, b"\x01"), (127, b"\x7f"), (300, b"\xac\x02"), (-1, b"\xff" * 9 + b"\x01")],
)
def test_numbers_are_written_as_the_format_says(value: int, written: bytes) -> None:
    assert varint(value) == written


def test_fields_come_back_as_they_were_written() -> None:
    written = number_field(3, 150) + bytes_field(2, b"testing") + b"\x0d\x01\x02\x03\x04" + b"\x11" + b"12345678"
    found = list(fields(memoryview(written)))
    assert [field.number for field in found] == [3, 2, 1, 2]
    assert [bytes(field.value) if not isinstance(field.value, int) else field.value for field in found] == [
        150,
        b"testing",
        b"\x01\x02\x03\x04",
        b"12345678",
    ]
    assert b"".join(field.raw for field in found) == written


@pytest.mark.parametrize("broken", [b"\x12\x07test", b"\x08", b"\x80", b"\x0b\x01", b"\x0d\x01", b"\x0f"])
def test_what_is_cut_short_or_of_an_unknown_kind_is_refused(broken: bytes) -> None:
    with pytest.raises(BadWire):
        list(fields(memoryview(broken)))


def test_a_number_is_no_message() -> None:
    (field,) = fields(memoryview(number_field(1, 5)))
    with pytest.raises(BadWire):
        message(field)
