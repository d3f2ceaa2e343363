"""One message being heard, from its samples to its words, as it comes in."""

from __future__ import annotations

import numpy as np

from transcription.engines.ctc.acoustic import ROWS_A_FRAME, AcousticModel
from transcription.engines.ctc.bias import BiasTrie
from transcription.engines.ctc.features import BINS, ROW, Features, FeatureStream
from transcription.engines.ctc.level import LevelControl
from transcription.engines.ctc.settings import CtcSettings
from transcription.engines.ctc.silence import SilenceGate
from transcription.engines.ctc.utterance import UtteranceReader
from transcription.engines.ctc.vocabulary import Vocabulary
from transcription.engines.ctc.words import HeardWord, segmented, timed, without_tones
from transcription.ports import SAMPLE_RATE, Samples, Segment, Word


class CtcStream:
    """Hears one message; used by one thread at a time. What is not needed any more is not kept."""

    def __init__(self, model: AcousticModel, vocabulary: Vocabulary, bias: BiasTrie, settings: CtcSettings) -> None:
        self._model = model
        self._settings = settings
        self._gate = SilenceGate()
        self._level = LevelControl(settings.target_level, settings.most_gain)
        self._features = FeatureStream(settings.dither)
        self._reader = UtteranceReader(vocabulary, bias, settings.beam)
        self._memory = model.fresh
        self._rows: Features = np.zeros((0, BINS), np.float32)
        self._words: list[HeardWord] = []
        self._length = 0
        self._hear(self._silence(settings.lead))

    def accept(self, samples: Samples) -> None:
        """Take the next samples, however many; what is not a number counts as silence."""
        sound = np.clip(np.nan_to_num(np.asarray(samples, np.float32)), -1.0, 1.0)
        self._length += len(sound)
        self._hear(self._level.push(self._gate.push(sound)))

    def partial(self) -> str:
        """What has been understood so far; it lags a few seconds behind and may still change at its end."""
        said = [word.text for word in self._words]
        return " ".join((*said, self._reader.partial())).strip()

    def finish(self) -> list[Segment]:
        """Hear what is left and give all segments; none if there was no sound."""
        ending = self._gate.finish()
        if not self._gate.anything:
            return []
        self._hear(np.concatenate((self._level.push(ending), self._level.finish())))
        self._hear(self._silence(self._settings.tail))
        self._fill_chunk()
        self._words += self._reader.finish()
        return segmented(without_tones(self._placed()), self._settings.pause)

    def _hear(self, samples: Samples) -> None:
        self._rows = np.concatenate((self._rows, self._features.push(samples)))
        while len(self._rows) >= self._model.rows:
            frames, self._memory = self._model.hear(self._rows[: self._model.rows], self._memory)
            self._rows = self._rows[ROWS_A_FRAME * self._model.stride :]
            self._words += self._reader.push(frames)

    def _fill_chunk(self) -> None:
        """Hear the rows still waiting, with silence after them to make up whole chunks."""
        missing = len(self._rows)
        while missing > 3:
            self._hear(self._silence((self._model.rows - len(self._rows)) * ROW))
            missing -= ROWS_A_FRAME * self._model.stride

    def _placed(self) -> list[Word]:
        """The words with their times in the message as it was before silences were taken out."""
        original = self._gate.original
        length = self._length / SAMPLE_RATE
        words = timed(self._words, self._settings.lead, length)
        return [
            Word(word.text, original(word.start), min(original(word.end), length), word.confidence) for word in words
        ]

    def _silence(self, seconds: float) -> Samples:
        return np.zeros(round(seconds * SAMPLE_RATE), np.float32)
