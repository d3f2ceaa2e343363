"""An engine that says what it was told to: for tests, demonstrations and machines without a model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transcription.condense import condense
from transcription.errors import EngineFailed
from transcription.ports import SAMPLE_RATE, EngineIdentity, Samples, Segment, Word
from transcription.vad import VoiceDetector, sane, shared_detector

STORY = "tôi muốn phản ánh việc chờ khám quá lâu ở bệnh viện"


class ScriptedEngine:
    """Hears `text` wherever somebody speaks, its words spread evenly over the speech, all `confidence` sure."""

    def __init__(
        self, text: str = STORY, confidence: float = 0.9, *, fails: bool = False, detector: VoiceDetector | None = None
    ) -> None:
        """With `fails`, every transcription raises EngineFailed."""
        self._words = text.split()
        self._confidence = confidence
        self._fails = fails
        self._detector = detector or shared_detector()
        self.expected: tuple[str, ...] = ()

    @property
    def identity(self) -> EngineIdentity:
        """`scripted`, with no model."""
        return EngineIdentity("scripted", "none", "1")

    def expect(self, phrases: Iterable[str]) -> None:
        """Remember the phrases in `expected`; they change nothing."""
        self.expected = tuple(phrases)

    def transcribe(self, samples: Samples) -> list[Segment]:
        """Hear the script in `samples`; none when nobody speaks. Raises EngineFailed if told to."""
        if self._fails:
            raise EngineFailed
        sound = sane(samples)
        pieces = condense(sound, self._detector.spans(sound))
        return [segment for piece in pieces for segment in piece.place(self._spread(len(piece.samples)))]

    def _spread(self, length: int) -> Sequence[Word]:
        step = length / SAMPLE_RATE / max(len(self._words), 1)
        return [
            Word(text, index * step, (index + 1) * step, self._confidence) for index, text in enumerate(self._words)
        ]
