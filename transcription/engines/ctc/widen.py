"""The exported model made to hear more sound at once: its fixed sizes rewritten, its weights untouched.

The graph was exported for 10 frames (43 feature rows) at a time, and the sizes stand as constants in it.
The conformer itself does not mind: every frame of a chunk attends to the whole chunk and the 40 frames
before it, so a longer chunk gives each frame more of the sound that comes after it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from transcription.engines.ctc.wire import BadWire, bytes_field, fields, message, number_field
from transcription.errors import ModelDamaged

EXPORTED_CHUNK = 10
"""Frames at a time the model was exported for."""

PAST = 40
"""Frames before a chunk that attention sees."""

_KERNEL_PAST = 30
"""Frames before a chunk that the convolutions see."""

# Field numbers of onnx.proto: ModelProto, GraphProto, TensorProto, ValueInfoProto and what is in it.
_GRAPH = 7
_INITIALIZER, _INPUT, _OUTPUT = 5, 11, 12
_DIMS, _DATA_TYPE, _RAW_DATA = 1, 2, 9
_TYPE_OF_VALUE, _TENSOR_TYPE, _SHAPE, _DIM, _DIM_VALUE = 2, 1, 2, 1, 1
_INT64 = 7
_MOST = 2**31 - 1
"""What the export wrote for "to the end"."""

_LARGEST_CONSTANT = 1024
"""Bytes; larger tensors are weights."""

Sizes = tuple[int, ...]


def rows(chunk: int) -> int:
    """Feature rows (10 ms each) the model takes to give `chunk` frames: four for each and three more."""
    return 4 * chunk + 3


def widened(model: bytes, chunk: int, stride: int) -> bytes:
    """The ONNX `model` for `chunk` frames at a time, remembering the sound before frame `stride` of them.

    Raises ModelDamaged if it is not the model we know.
    """
    table = dict(zip(_constants(EXPORTED_CHUNK, EXPORTED_CHUNK), _constants(chunk, stride), strict=True))
    found: set[Sizes] = set()
    try:
        content = _rewritten(model, chunk, table, found)
    except (BadWire, struct.error) as error:
        raise ModelDamaged from error
    if found != set(table):
        raise ModelDamaged("Mô hình tiếng nói không có cấu trúc như mong đợi.")
    return content


def _constants(chunk: int, stride: int) -> list[Sizes]:
    """The constants of the graph that hold sizes: shapes, positions, and what is kept as memory.

    The export kept what came before the chunk's end; we keep what came before frame `stride`.
    """
    seen, heard = PAST + chunk, _KERNEL_PAST + chunk
    return [
        (-1, 1, rows(chunk), 80),
        (-1, chunk, 8512),
        (-1, chunk, 448),
        (-1, chunk, 4, 112),
        (-1, seen, 4, 112),
        (-1, heard, 896),
        (0, 0, stride, 0),
        (_MOST, _MOST, stride + PAST, _MOST),
        (0, 0, stride),
        (_MOST, _MOST, stride + _KERNEL_PAST),
        tuple(range(seen)),
    ]


def _rewritten(model: bytes, chunk: int, table: Mapping[Sizes, Sizes], found: set[Sizes]) -> bytes:
    parts: list[bytes | memoryview] = []
    for field in fields(memoryview(model)):
        is_graph = field.number == _GRAPH
        parts.append(bytes_field(_GRAPH, _graph(message(field), chunk, table, found)) if is_graph else field.raw)
    return b"".join(parts)


def _graph(graph: memoryview, chunk: int, table: Mapping[Sizes, Sizes], found: set[Sizes]) -> bytes:
    declared = {rows(EXPORTED_CHUNK): rows(chunk), EXPORTED_CHUNK: chunk}
    parts: list[bytes | memoryview] = []
    for field in fields(graph):
        if field.number == _INITIALIZER:
            parts.append(_tensor(field.raw, message(field), table, found))
        elif field.number in (_INPUT, _OUTPUT):
            parts.append(bytes_field(field.number, _value_info(message(field), declared)))
        else:
            parts.append(field.raw)
    return b"".join(parts)


def _tensor(raw: memoryview, tensor: memoryview, table: Mapping[Sizes, Sizes], found: set[Sizes]) -> bytes | memoryview:
    """The initializer as it was, or with the sizes the table gives for its own."""
    if len(tensor) > _LARGEST_CONSTANT:
        return raw
    parts = list(fields(tensor))
    if not any(part.number == _DATA_TYPE and part.value == _INT64 for part in parts):
        return raw
    data = b"".join(bytes(message(part)) for part in parts if part.number == _RAW_DATA)
    sizes: Sizes = struct.unpack(f"<{len(data) // 8}q", data)
    if sizes not in table:
        return raw
    found.add(sizes)
    dims = [part.value for part in parts if part.number == _DIMS]
    kept = b"".join(part.raw for part in parts if part.number not in (_DIMS, _RAW_DATA))
    return bytes_field(_INITIALIZER, _shape(dims, len(table[sizes])) + kept + _data(table[sizes]))


def _shape(dims: list[int | memoryview], length: int) -> bytes:
    """The tensor's shape with its last dimension, the only one above 1, made `length`."""
    return b"".join(number_field(_DIMS, 1) for _ in dims[1:]) + number_field(_DIMS, length)


def _data(sizes: Sizes) -> bytes:
    return bytes_field(_RAW_DATA, struct.pack(f"<{len(sizes)}q", *sizes))


_TO_DIM_VALUE = (_TYPE_OF_VALUE, _TENSOR_TYPE, _SHAPE, _DIM)


def _value_info(info: memoryview, declared: Mapping[int, int], path: Sizes = _TO_DIM_VALUE) -> bytes:
    """An input's or output's declaration with its dimensions replaced as `declared` says."""
    parts: list[bytes | memoryview] = []
    for field in fields(info):
        if path and field.number == path[0]:
            parts.append(bytes_field(field.number, _value_info(message(field), declared, path[1:])))
        elif not path and field.number == _DIM_VALUE and isinstance(field.value, int):
            parts.append(number_field(_DIM_VALUE, declared.get(field.value, field.value)))
        else:
            parts.append(field.raw)
    return b"".join(parts)
