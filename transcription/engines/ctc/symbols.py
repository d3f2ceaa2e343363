"""Data kept inside a shared library, read out of its file by name: nothing of it is loaded or run."""

from __future__ import annotations

import io

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import Symbol, SymbolTableSection

from config.told import Told
from transcription.errors import ModelDamaged

_SIZE_PARTNER = "_size"
"""The symbol that holds how long the data are: their own symbol says 0."""

_SIZE_BYTES = 8


class DataSymbols:
    """The named data of one ELF file given as bytes."""

    def __init__(self, library: bytes) -> None:
        """Raises ModelDamaged if `library` is no ELF file with a table of symbols."""
        self._library = library
        try:
            self._elf = ELFFile(io.BytesIO(library))
            table = self._elf.get_section_by_name(".dynsym")
        except ELFError as error:
            raise ModelDamaged from error
        if not isinstance(table, SymbolTableSection):
            raise ModelDamaged
        self._symbols: dict[str, Symbol] = {symbol.name: symbol for symbol in table.iter_symbols()}

    def read(self, name: str) -> bytes:
        """The bytes of `name`, as many as its size partner says. Raises ModelDamaged if it is not there."""
        size = int.from_bytes(self._bytes(name + _SIZE_PARTNER, _SIZE_BYTES), "little")
        return self._bytes(name, size)

    def _bytes(self, name: str, size: int) -> bytes:
        if name not in self._symbols:
            raise ModelDamaged(Told("Thư viện không có dữ liệu %(name)s.", name=name))
        symbol = self._symbols[name]
        section = self._elf.get_section(symbol["st_shndx"])
        start = section["sh_offset"] + symbol["st_value"] - section["sh_addr"]
        found = self._library[start : start + size]
        if len(found) != size or start + size > section["sh_offset"] + section["sh_size"]:
            raise ModelDamaged
        return found
