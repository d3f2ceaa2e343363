"""The smallest shared library that holds named data: for tests that read some out of one."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_HEADER, _SECTION, _SYMBOL = 64, 64, 24
_PROGBITS, _STRTAB, _DYNSYM = 1, 3, 11
_OBJECT = 0x11
_ADDRESS = 0x4000
"""Where the data would be loaded: not where they lie in the file."""


def library(data: Mapping[str, bytes]) -> bytes:
    """An ELF64 file with `data` by name, each with its length in a symbol `NAME_size`; symbols say size 0."""
    names, symbols, content = b"\0", bytes(_SYMBOL), b""
    for name, value in data.items():
        for symbol, held in ((name, value), (f"{name}_size", struct.pack("<Q", len(value)))):
            symbols += struct.pack("<IBBHQQ", len(names), _OBJECT, 0, 1, _ADDRESS + len(content), 0)
            names += symbol.encode() + b"\0"
            content += held
    return _file([(b".data", _PROGBITS, content), (b".dynstr", _STRTAB, names), (b".dynsym", _DYNSYM, symbols)])


def _file(sections: list[tuple[bytes, int, bytes]]) -> bytes:
    titles = b"\0" + b"\0".join(title for title, _, _ in sections) + b"\0.shstrtab\0"
    sections = [*sections, (b".shstrtab", _STRTAB, titles)]
    body, table = b"", bytes(_SECTION)
    for title, kind, content in sections:
        link, entry = (2, _SYMBOL) if kind == _DYNSYM else (0, 0)
        address = _ADDRESS if kind == _PROGBITS else 0
        table += struct.pack(
            *("<IIQQQQIIQQ", titles.index(title), kind, 2, address, _HEADER + len(body)),
            *(len(content), link, 0, 8, entry),
        )
        body += content
    return _header(_HEADER + len(body), len(sections) + 1) + body + table


def _header(table: int, sections: int) -> bytes:
    identity = b"\x7fELF\x02\x01\x01" + bytes(9)
    return identity + struct.pack(
        *("<HHIQQQIHHHHHH", 3, 62, 1, 0, 0, table, 0, _HEADER, 0, 0, _SECTION),
        *(sections, sections - 1),
    )
