"""Vosk: a Kaldi model, loaded once in a process, that hears with little memory and little time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import vosk

from config.told import Told
from transcription.condense import condense
from transcription.errors import EngineFailed, ModelDamaged, ModelMissing
from transcription.ports import SAMPLE_RATE, EngineIdentity, Samples, Segment, Word
from transcription.vad import VoiceDetector, sane, shared_detector

_PIECE = SAMPLE_RATE // 2
"""Samples handed to the recogniser at once."""

_models: dict[Path, Any] = {}
_loading = Lock()


class VoskEngine:
    """A Vosk model directory; its Model is shared by all engines and threads of the process."""

    def __init__(self, model_dir: Path, detector: VoiceDetector | None = None) -> None:
        """Load the model, or take the one already loaded. Raises ModelMissing or ModelDamaged."""
        self._model = _shared_model(model_dir.resolve())
        self._identity = EngineIdentity("vosk", model_dir.name, version("vosk"))
        self._detector = detector or shared_detector()

    @property
    def identity(self) -> EngineIdentity:
        """`vosk`, the directory's name, and Vosk's version."""
        return self._identity

    def transcribe(self, samples: Samples) -> list[Segment]:
        """Hear `samples` (16 kHz mono); none when nobody speaks. Raises EngineFailed."""
        sound = sane(samples)
        pieces = condense(sound, self._detector.spans(sound))
        return [segment for piece in pieces for segment in piece.place(self._words(piece.samples))]

    def _words(self, samples: Samples) -> Iterator[Word]:
        recognizer = vosk.KaldiRecognizer(self._model, SAMPLE_RATE)
        recognizer.SetWords(True)
        pcm = (samples * 32767).astype(np.int16)
        for first in range(0, len(pcm), _PIECE):
            if _accepted(recognizer, pcm[first : first + _PIECE].tobytes()):
                yield from _spoken(recognizer.Result())
        yield from _spoken(recognizer.FinalResult())


def _accepted(recognizer: Any, pcm: bytes) -> bool:
    """Whether the recogniser has come to the end of an utterance."""
    try:
        return bool(recognizer.AcceptWaveform(pcm))
    except Exception as error:  # Vosk raises nothing narrower
        raise EngineFailed(Told("Vosk gặp lỗi: %(error)s", error=str(error))) from error


def _spoken(result: str) -> Iterator[Word]:
    for said in json.loads(result).get("result", ()):
        yield Word(said["word"], said["start"], said["end"], said["conf"])


def _shared_model(model_dir: Path) -> Any:
    if not (model_dir / "conf").is_dir() and not (model_dir / "final.mdl").is_file():
        raise ModelMissing(Told("Không có mô hình Vosk ở %(folder)s.", folder=model_dir))
    with _loading:
        if model_dir not in _models:
            _models[model_dir] = _loaded(model_dir)
        return _models[model_dir]


def _loaded(model_dir: Path) -> Any:
    vosk.SetLogLevel(-1)
    try:
        return vosk.Model(str(model_dir))
    except Exception as error:  # Vosk raises nothing narrower
        raise ModelDamaged(Told("Vosk không nạp được mô hình ở %(folder)s.", folder=model_dir)) from error
