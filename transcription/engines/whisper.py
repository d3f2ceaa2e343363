"""Whisper through faster-whisper: any CTranslate2 directory, from Whisper base to a converted PhoWhisper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import faster_whisper
from faster_whisper.transcribe import Segment as Heard

from config.told import Told
from transcription.condense import condense
from transcription.engines.inventions import without_inventions
from transcription.errors import EngineFailed, ModelDamaged, ModelMissing
from transcription.ports import EngineIdentity, Samples, Segment, Word
from transcription.vad import VoiceDetector, sane, shared_detector

_NEEDED = ("model.bin", "config.json", "tokenizer.json")
"""Without its tokenizer faster-whisper would go and download one."""


class WhisperEngine:
    """A Whisper model in CTranslate2's format, int8 on the CPU, listening for Vietnamese."""

    def __init__(self, model_dir: Path, threads: int = 2, detector: VoiceDetector | None = None) -> None:
        """Load the model on `threads` cores. Raises ModelMissing or ModelDamaged."""
        _require(model_dir)
        self._identity = EngineIdentity("whisper", model_dir.name, faster_whisper.__version__)
        self._detector = detector or shared_detector()
        try:
            self._model = faster_whisper.WhisperModel(
                str(model_dir), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelDamaged(
                Told("Không nạp được mô hình Whisper ở %(folder)s: %(error)s", folder=model_dir, error=str(error))
            ) from error

    @property
    def identity(self) -> EngineIdentity:
        """`whisper`, the directory's name, and faster-whisper's version."""
        return self._identity

    def transcribe(self, samples: Samples) -> list[Segment]:
        """Hear Vietnamese in `samples` (16 kHz mono); none when nobody speaks. Raises EngineFailed."""
        sound = sane(samples)
        # Each stretch of speech by itself: laid together they would take half the time, but Whisper then
        # leaves whole sentences out (79 to 200 syllables of 500 on the development speech, against 15 to 114).
        pieces = condense(sound, self._detector.spans(sound), longest=0.0)
        return [segment for piece in pieces for segment in piece.place(self._words(piece.samples))]

    def _words(self, samples: Samples) -> Iterator[Word]:
        try:
            # The n-gram limit and the penalty keep Whisper from going round in circles. Measured against
            # temperature fallback they hear as well for two thirds of the time, and always the same.
            heard, _ = self._model.transcribe(
                samples,
                language="vi",
                beam_size=5,
                temperature=0.0,
                no_repeat_ngram_size=4,
                repetition_penalty=1.1,
                condition_on_previous_text=False,
                word_timestamps=True,
                no_speech_threshold=0.6,
                log_prob_threshold=-1.0,
                compression_ratio_threshold=2.4,
            )
            words = list(_spoken(heard))
        except (RuntimeError, ValueError) as error:
            raise EngineFailed(Told("Whisper gặp lỗi: %(error)s", error=str(error))) from error
        yield from without_inventions(words)


def _spoken(heard: Iterable[Heard]) -> Iterator[Word]:
    for segment in heard:
        for word in segment.words or ():
            yield Word(word.word, float(word.start), float(word.end), float(word.probability))


def _require(model_dir: Path) -> None:
    missing = [name for name in _NEEDED if not (model_dir / name).is_file()]
    if missing:
        raise ModelMissing(
            Told("Không có mô hình Whisper ở %(folder)s: thiếu %(files)s.", folder=model_dir, files=", ".join(missing))
        )
