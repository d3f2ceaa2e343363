from __future__ import annotations

import pytest

from tests.unit.transcription.ctc.elf import library
from transcription.engines.ctc.symbols import DataSymbols
from transcription.errors import ModelDamaged

DATA = {"the_model": b"weights" * 100, "the_words": "▁chợ 2\n".encode(), "empty": b""}


def test_data_are_read_by_name_with_the_length_their_partner_tells() -> None:
    symbols = DataSymbols(library(DATA))
    assert {name: symbols.read(name) for name in DATA} == DATA


def test_data_that_are_not_there_are_named() -> None:
    with pytest.raises(ModelDamaged, match="nothing_size"):
        DataSymbols(library(DATA)).read("nothing")


def test_a_length_that_reaches_beyond_the_data_is_refused() -> None:
    lying = library({"the_model": b"short"}).replace((5).to_bytes(8, "little"), (500).to_bytes(8, "little"), 1)
    with pytest.raises(ModelDamaged):
        DataSymbols(lying).read("the_model")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x7fELF", library(DATA)[:200]])
def test_what_is_no_library_is_refused(content: bytes) -> None:
    with pytest.raises(ModelDamaged):
        DataSymbols(content)
