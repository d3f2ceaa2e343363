from __future__ import annotations

import struct

import pytest

from transcription.engines.ctc.widen import EXPORTED_CHUNK, PAST, rows, widened
from transcription.engines.ctc.wire import bytes_field, fields, message, number_field
from transcription.errors import ModelDamaged

MOST = 2**31 - 1
EXPORTED = [
    (-1, 1, 43, 80),
    (-1, 10, 8512),
    (-1, 10, 448),
    (-1, 10, 4, 112),
    (-1, 50, 4, 112),
    (-1, 40, 896),
    (0, 0, 10, 0),
    (MOST, MOST, 50, MOST),
    (0, 0, 10),
    (MOST, MOST, 40),
    tuple(range(50)),
]
WEIGHTS = bytes(range(256)) * 40


def tensor(sizes: tuple[int, ...], dims: tuple[int, ...] | None = None) -> bytes:
    shape = b"".join(number_field(1, size) for size in dims or (len(sizes),))
    data = struct.pack(f"<{len(sizes)}q", *sizes)
    return bytes_field(5, shape + number_field(2, 7) + bytes_field(8, b"name") + bytes_field(9, data))


def declaration(number: int, name: bytes, *sizes: int) -> bytes:
    dims = b"".join(bytes_field(1, number_field(1, size)) for size in sizes)
    kind = bytes_field(1, number_field(1, 1) + bytes_field(2, dims))
    return bytes_field(number, bytes_field(1, name) + bytes_field(2, kind))


def model(constants: list[tuple[int, ...]]) -> bytes:
    """A graph with the constants and declarations of the real one, and some weights."""
    graph = b"".join(tensor(sizes, (1, 1, 50) if len(sizes) == 50 else None) for sizes in constants)
    weights = bytes_field(5, number_field(1, len(WEIGHTS)) + number_field(2, 3) + bytes_field(9, WEIGHTS))
    ends = declaration(11, b"chunk", 1, 43, 80) + declaration(12, b"output", 1, 10, 4968)
    return number_field(1, 8) + bytes_field(7, weights + graph + tensor((-1, 1, 1)) + ends)


def graph_of(content: bytes) -> bytes:
    return next(bytes(message(field)) for field in fields(memoryview(content)) if field.number == 7)


def constants_of(content: bytes) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Shape and values of each small tensor."""
    found = []
    for field in fields(memoryview(graph_of(content))):
        parts = list(fields(message(field))) if field.number == 5 and len(field.raw) < 1000 else []
        dims = tuple(part.value for part in parts if part.number == 1 and isinstance(part.value, int))
        for data in (bytes(message(part)) for part in parts if part.number == 9):
            found.append((dims, struct.unpack(f"<{len(data) // 8}q", data)))
    return found


def test_every_size_follows_the_chunk_and_memory_follows_the_stride() -> None:
    found = dict(zip(EXPORTED, constants_of(widened(model(EXPORTED), 60, 40)), strict=False))
    assert {exported: values for exported, (_, values) in found.items()} == {
        (-1, 1, 43, 80): (-1, 1, 243, 80),
        (-1, 10, 8512): (-1, 60, 8512),
        (-1, 10, 448): (-1, 60, 448),
        (-1, 10, 4, 112): (-1, 60, 4, 112),
        (-1, 50, 4, 112): (-1, 100, 4, 112),
        (-1, 40, 896): (-1, 90, 896),
        (0, 0, 10, 0): (0, 0, 40, 0),
        (MOST, MOST, 50, MOST): (MOST, MOST, 80, MOST),
        (0, 0, 10): (0, 0, 40),
        (MOST, MOST, 40): (MOST, MOST, 70),
        tuple(range(50)): tuple(range(100)),
    }
    assert found[tuple(range(50))][0] == (1, 1, PAST + 60)


def test_the_declared_shapes_follow_the_chunk() -> None:
    graph = graph_of(widened(model(EXPORTED), 20, 20))
    assert declaration(11, b"chunk", 1, rows(20), 80) in graph
    assert declaration(12, b"output", 1, 20, 4968) in graph


def test_weights_and_other_constants_are_untouched() -> None:
    content = widened(model(EXPORTED), 60, 40)
    assert WEIGHTS in content
    assert constants_of(content)[-1] == ((3,), (-1, 1, 1))


def test_the_exported_sizes_give_the_exported_model() -> None:
    assert widened(model(EXPORTED), EXPORTED_CHUNK, EXPORTED_CHUNK) == model(EXPORTED)


@pytest.mark.parametrize("damaged", [model(EXPORTED[1:]), model([]), model(EXPORTED)[:-30], b"not a model", b""])
def test_another_model_is_refused(damaged: bytes) -> None:
    with pytest.raises(ModelDamaged):
        widened(damaged, 60, 40)
