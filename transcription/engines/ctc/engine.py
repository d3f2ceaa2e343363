"""The CTC engine: one model shared by every thread, a stream for each message."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from transcription.engines.ctc.acoustic import AcousticModel
from transcription.engines.ctc.bias import BiasTrie
from transcription.engines.ctc.features import FeatureStream
from transcription.engines.ctc.settings import MODEL_FILE, VOCABULARY_FILE, CtcSettings
from transcription.engines.ctc.stream import CtcStream
from transcription.engines.ctc.vocabulary import Vocabulary
from transcription.ports import SAMPLE_RATE, EngineIdentity, Samples, Segment

VERSION = "viet-asr 0.1.0.dev11, loop 1"
"""The wheel the model comes from, and our own loop; a change of either changes what is heard."""

_SETTLING = 6 * SAMPLE_RATE
"""Samples of silence the model has heard before a message begins."""

_PORTION = 10 * SAMPLE_RATE
"""Samples fed at once, so that memory stays flat however long the message is."""


class CtcEngine:
    """The Vietnamese CTC model in `model_dir`, as a speech, streaming and biased engine."""

    def __init__(self, model_dir: Path, threads: int = 1, settings: CtcSettings | None = None) -> None:
        """Load the model, `threads` for one message. Raises ModelMissing or ModelDamaged."""
        self._settings = settings or CtcSettings()
        self._vocabulary = Vocabulary.read(model_dir / VOCABULARY_FILE)
        self._model = AcousticModel(model_dir / MODEL_FILE, self._settings.chunk, self._settings.stride, threads)
        self._model.settle(FeatureStream(self._settings.dither).push(np.zeros(_SETTLING, np.float32)))
        self._identity = EngineIdentity("ctc", model_dir.name, VERSION)
        self._bias = BiasTrie((), self._vocabulary, self._settings.bonus)

    @property
    def identity(self) -> EngineIdentity:
        """`ctc`, the directory's name, and the versions of model and loop."""
        return self._identity

    def expect(self, phrases: Iterable[str]) -> None:
        """Prefer these phrases from the next message on; messages being heard keep those they began with."""
        # One assignment: a thread opening a stream sees the old trie or the new one, both whole.
        self._bias = BiasTrie(phrases, self._vocabulary, self._settings.bonus)

    def stream(self) -> CtcStream:
        """Open a stream for one message."""
        return CtcStream(self._model, self._vocabulary, self._bias, self._settings)

    def transcribe(self, samples: Samples) -> list[Segment]:
        """Hear a whole message (16 kHz mono); none when nobody speaks. Raises EngineFailed."""
        stream = self.stream()
        for start in range(0, len(samples), _PORTION):
            stream.accept(samples[start : start + _PORTION])
        return stream.finish()
