"""What the hotline asks of a speech engine, whichever it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Hz; every engine hears mono audio at this rate."""

Samples = NDArray[np.float32]
"""Mono samples in [-1, 1] at SAMPLE_RATE."""


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word: `start` and `end` in seconds from the recording's start, `confidence` 0-1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech between two pauses; `start` and `end` in seconds."""

    start: float
    end: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class EngineIdentity:
    """Which engine heard it: kept with every transcript."""

    engine: str
    model: str
    version: str


class SpeechEngine(Protocol):
    """Turns sound into words with times and confidences. One instance serves many threads."""

    @property
    def identity(self) -> EngineIdentity:
        """The engine's name, model and version."""
        ...

    def transcribe(self, samples: Samples) -> list[Segment]:
        """Hear `samples` (16 kHz mono): the segments said, in order; none when nobody speaks.

        Raises TranscriptionError if the engine fails.
        """
        ...


class SpeechStream(Protocol):
    """One live call being heard while the caller speaks."""

    def accept(self, samples: Samples) -> None:
        """Take the next samples (16 kHz mono) of the call."""
        ...

    def finish(self) -> list[Segment]:
        """Say that the call is over and give everything heard."""
        ...


class StreamingEngine(SpeechEngine, Protocol):
    """An engine that can also hear audio as it arrives."""

    def stream(self) -> SpeechStream:
        """Open a stream for one call."""
        ...


class BiasedEngine(SpeechEngine, Protocol):
    """An engine that can be told which names to expect."""

    def expect(self, phrases: Iterable[str]) -> None:
        """Prefer these phrases (lower case) from the next transcription on."""
        ...
