"""The acoustic model in onnxruntime: features in, chances of every piece of text out, chunk by chunk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from config.told import Told
from transcription.engines.ctc.features import BINS, Features
from transcription.engines.ctc.vocabulary import BLANK
from transcription.engines.ctc.widen import PAST, rows, widened
from transcription.errors import EngineFailed, ModelDamaged, ModelMissing

FRAME = 0.04
"""Seconds a frame of the model stands for."""

TOP = 16
"""Pieces kept for each frame, the likeliest: memory stays flat however long the message is."""

ROWS_A_FRAME = 4
"""Feature rows a frame stands for."""

_OFFSET_HELD = 1000
"""The table of positions ends at 5040; attention looks only at distances, so the offset may stand still."""

_SURE = math.log(0.99)
"""Log-probability from which a frame is taken to be blank without looking further."""

_QUIET_BEFORE, _QUIET_AFTER = 16, 12
"""Blank frames around a place that make it the middle of a pause; words are told about 8 frames late."""

_LAYERS, _HEADS, _WIDTH, _CHANNELS, _KERNEL_PAST = 12, 4, 224, 448, 30

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the model remembers of the sound before a chunk."""

    attention: Floats
    convolution: Floats
    offset: int

    @classmethod
    def blank(cls) -> Memory:
        """Before any sound."""
        return cls(
            np.zeros((1, _LAYERS, _HEADS, PAST, _WIDTH), np.float32),
            np.zeros((1, _LAYERS, _CHANNELS, _KERNEL_PAST), np.float32),
            0,
        )


@dataclass(frozen=True, slots=True)
class Frames:
    """The likeliest pieces of some frames: for each, TOP `tokens` and their `log_probs`, best first."""

    tokens: NDArray[np.int64]
    log_probs: Floats

    @property
    def blank(self) -> NDArray[np.bool_]:
        """Which frames surely say nothing."""
        sure: NDArray[np.bool_] = (self.tokens[:, 0] == BLANK) & (self.log_probs[:, 0] > _SURE)
        return sure


class AcousticModel:
    """The network, loaded once and shared by threads; each stream carries its own Memory."""

    def __init__(self, path: Path, chunk: int, stride: int, threads: int) -> None:
        """Load it to hear `chunk` frames at once. Raises ModelMissing or ModelDamaged."""
        if not path.is_file():
            raise ModelMissing(
                Told("Không có mô hình CTC ở %(folder)s: thiếu %(file)s.", folder=path.parent, file=path.name)
            )
        self._chunk = chunk
        self.stride = stride
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Waiting threads sleep: on a shared machine spinning takes the time of the other workers.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                widened(path.read_bytes(), chunk, stride), options, providers=["CPUExecutionProvider"]
            )
        except (RuntimeError, ValueError) as error:  # onnxruntime's errors are RuntimeErrors or bare Fail
            raise ModelDamaged(Told("Không nạp được mô hình CTC ở %(path)s.", path=path)) from error
        self.fresh = Memory.blank()
        """What the model remembers when a message begins."""

    @property
    def rows(self) -> int:
        """Feature rows wanted at once; the next chunk begins ROWS_A_FRAME * stride rows later."""
        return rows(self._chunk)

    def settle(self, silence: Features) -> None:
        """Let every message begin as if this much silence had come before it.

        The model was not taught an empty memory: it hears the first words of a message badly with one.
        """
        while len(silence) >= self.rows:
            _, self.fresh = self._run(silence[: self.rows], self.fresh)
            silence = silence[ROWS_A_FRAME * self.stride :]

    def hear(self, features: Features, memory: Memory) -> tuple[Frames, Memory]:
        """The first `stride` frames of one chunk of features, and what to remember. Raises EngineFailed.

        In the middle of a pause that is the memory a message begins with: the next words are heard better.
        """
        frames, memory = self._run(features, memory)
        around = frames.blank[max(0, self.stride - _QUIET_BEFORE) : self.stride + _QUIET_AFTER]
        kept = Frames(frames.tokens[: self.stride], frames.log_probs[: self.stride])
        return kept, self.fresh if around.all() else memory

    def _run(self, features: Features, memory: Memory) -> tuple[Frames, Memory]:
        """All frames of one chunk, and the memory of what came before the frame `stride` of them."""
        offset = np.array([[min(memory.offset, _OFFSET_HELD)]], np.int64)
        try:
            scores, attention, convolution = self._session.run(
                None,
                {
                    "chunk": features.reshape(1, self.rows, BINS),
                    "offset": offset,
                    "att_cache": memory.attention,
                    "cnn_cache": memory.convolution,
                },
            )
        except (RuntimeError, ValueError) as error:
            raise EngineFailed(Told("Mô hình tiếng nói gặp lỗi: %(error)s", error=str(error))) from error
        return _best(scores[0]), Memory(attention, convolution, memory.offset + self.stride)


def _best(scores: Floats) -> Frames:
    """The TOP likeliest pieces of each frame, best first."""
    some = np.argpartition(scores, -TOP, axis=1)[:, -TOP:]
    chances = np.take_along_axis(scores, some, axis=1)
    order = np.argsort(-chances, axis=1)
    return Frames(np.take_along_axis(some, order, axis=1), np.take_along_axis(chances, order, axis=1))
