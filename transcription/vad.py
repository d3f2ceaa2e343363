"""Where somebody speaks: Silero's voice detector, run in onnxruntime without torch.

Silence and noise found here cost the engines nothing and give them nothing to invent words from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from transcription.errors import ModelMissing
from transcription.ports import SAMPLE_RATE, Samples

FRAME = 512
"""Samples the detector judges at once: 32 ms."""

_CONTEXT = 64
"""Samples of the frame before that the detector wants to see again."""

_FRAMES_A_RUN = 1024
"""33 s at once: keeps memory flat however long the recording is."""

_LOUDNESS, _MOST_GAIN = 0.1, 30.0
"""Root mean square the loudest frames are brought up to (-20 dBFS), and how much that may take."""

_MODEL_FILE = "silero_vad_16k_sequence.onnx"
"""The wheel's model that takes many frames in one call: an order of magnitude less overhead."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of speech, in samples: from `start` up to but not including `end`."""

    start: int
    end: int

    @property
    def seconds(self) -> tuple[float, float]:
        """Start and end in seconds."""
        return self.start / SAMPLE_RATE, self.end / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class SpanRules:
    """How probabilities become spans; the defaults are Silero's own, with more room around speech.

    Speech begins at `enter` and ends below `leave` (0-1); the rest is in seconds.
    """

    enter: float = 0.5
    leave: float = 0.35
    min_speech: float = 0.25
    min_silence: float = 0.5
    padding: float = 0.2


def speech_spans(
    probabilities: Sequence[float] | NDArray[np.float32], length: int, rules: SpanRules | None = None
) -> list[Span]:
    """Spans of speech in a recording of `length` samples, from one probability for each frame.

    A probability that is not a number counts as silence.
    """
    rules = rules or SpanRules()
    silence, speech = _frames(rules.min_silence), _frames(rules.min_speech)
    spoken = _bridged(_runs(np.nan_to_num(probabilities, nan=0.0), rules), silence)
    kept = [(first, last) for first, last in spoken if last - first >= speech]
    return _padded(kept, round(rules.padding * SAMPLE_RATE), length)


def _frames(seconds: float) -> float:
    return seconds * SAMPLE_RATE / FRAME


def _runs(probabilities: NDArray[np.float32], rules: SpanRules) -> Iterator[tuple[int, int]]:
    """Runs of frames that begin at `enter` and last until a frame falls below `leave`."""
    first: int | None = None
    for index, probability in enumerate(probabilities):
        if first is None and probability >= rules.enter:
            first = index
        elif first is not None and probability < rules.leave:
            yield first, index
            first = None
    if first is not None:
        yield first, len(probabilities)


def _bridged(runs: Iterator[tuple[int, int]], silence: float) -> list[tuple[int, int]]:
    """Runs joined across pauses shorter than `silence` frames."""
    joined: list[tuple[int, int]] = []
    for first, last in runs:
        if joined and first - joined[-1][1] < silence:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def _padded(runs: list[tuple[int, int]], padding: int, length: int) -> list[Span]:
    """Frames as spans of samples with `padding` on each side, neighbours sharing a short pause evenly."""
    edges = [(first * FRAME, min(last * FRAME, length)) for first, last in runs]
    gaps = [after[0] - before[1] for before, after in pairwise(edges)]
    room = [padding, *(min(padding, gap // 2) for gap in gaps), padding]
    return [
        Span(max(0, start - room[index]), min(length, end + room[index + 1]))
        for index, (start, end) in enumerate(edges)
    ]


class VoiceDetector:
    """Silero's detector on one thread; one instance serves many threads."""

    def __init__(self, model: Path | None = None, rules: SpanRules | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        path = str(model or _installed_model())
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self._rules = rules or SpanRules()

    def spans(self, samples: Samples) -> list[Span]:
        """Where somebody speaks in `samples`, in order; none in silence or noise."""
        return speech_spans(self.probabilities(samples), len(samples), self._rules)

    def probabilities(self, samples: Samples) -> NDArray[np.float32]:
        """How likely each frame of 32 ms is speech, 0-1."""
        heard = [np.zeros(0, dtype=np.float32)]
        hidden = cell = np.zeros((1, 1, 128), dtype=np.float32)
        for frames in _framed(_audible(sane(samples))):
            given = {"input": frames, "h": hidden, "c": cell}
            probabilities, hidden, cell = self._session.run(None, given)
            heard.append(probabilities.reshape(-1))
        return np.concatenate(heard)


def sane(samples: Samples) -> Samples:
    """The samples as mono float32 within [-1, 1]; whatever is not a number becomes silence."""
    plain = np.asarray(samples, dtype=np.float32).reshape(-1)
    return np.clip(np.nan_to_num(plain, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)


def _audible(samples: Samples) -> Samples:
    """Faint recordings made louder, because the detector misses whispers below about -35 dBFS."""
    whole = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    if not len(whole):
        return samples
    loud = float(np.percentile(np.sqrt(np.mean(np.square(whole), axis=1)), 95))
    gain = min(max(_LOUDNESS / max(loud, 1e-9), 1.0), _MOST_GAIN)
    louder: Samples = np.clip(samples * np.float32(gain), -1.0, 1.0)
    return louder


def _framed(samples: Samples) -> Iterator[NDArray[np.float32]]:
    """Rows of 64 samples of context and 512 new ones, some thousand rows at a time."""
    count = -(-len(samples) // FRAME)
    padded = np.pad(samples, (_CONTEXT, count * FRAME - len(samples)))
    if not count:
        return
    rows = np.lib.stride_tricks.sliding_window_view(padded, _CONTEXT + FRAME)[::FRAME]
    for first in range(0, count, _FRAMES_A_RUN):
        yield np.ascontiguousarray(rows[first : first + _FRAMES_A_RUN])


def _installed_model() -> Path:
    """The model in the installed wheel, found without importing it: importing it would need torch."""
    spec = find_spec("silero_vad")
    for place in (spec and spec.submodule_search_locations) or ():
        model = Path(place) / "data" / _MODEL_FILE
        if model.is_file():
            return model
    raise ModelMissing("Thiếu mô hình phát hiện tiếng nói: hãy cài lại gói silero-vad.")


@lru_cache(maxsize=1)
def shared_detector() -> VoiceDetector:
    """The process's one detector with the default rules."""
    return VoiceDetector()
