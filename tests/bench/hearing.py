"""One engine measured on clips in one condition: how much it gets right, how sure it is, what names it hears."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from tests.bench.clips import Clip
from tests.bench.scoring import (
    JudgedWord,
    Score,
    area_under_curve,
    calibration_error,
    judged,
    normalised,
    score,
)
from transcription.ports import BiasedEngine, Samples, Segment, SpeechEngine


@dataclass(frozen=True, slots=True)
class Names:
    """Names said in the clips: how many were heard, of how many, and how many where nobody said them."""

    heard: int
    said: int
    invented: int

    def __str__(self) -> str:
        return f"{self.heard}/{self.said} (+{self.invented})"


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one engine made of the clips in one condition; rates in percent, `cpu` in seconds a second."""

    score: Score
    surer: float
    calibration: float
    cpu: float
    names: Names
    biased_words: float | None
    """Rate of word errors with the directory's names expected; None if the engine expects none."""
    biased_names: Names | None


def measure(
    engine: SpeechEngine,
    clips: Sequence[Clip],
    line: Callable[[Samples], Samples],
    directory: Sequence[str],
    pairs: Mapping[str, str],
) -> Hearing:
    """Hear every clip over `line`, without expectations, with the `directory`'s names, and with the `pairs` too."""
    sounds = [line(clip.samples) for clip in clips]
    said = [clip.transcript for clip in clips]
    began = time.process_time()
    segments = [engine.transcribe(sound) for sound in sounds]
    cpu = (time.process_time() - began) / sum(clip.seconds for clip in clips)
    heard = [_text(each) for each in segments]
    words = _judged(said, segments)
    biased_words = biased_names = None
    if expects(engine):
        biased_words = score(said, _expecting(engine, sounds, directory)).words
        biased_names = count_names(clips, _expecting(engine, sounds, [*directory, *pairs.values()]), pairs)
        engine.expect(())
    return Hearing(
        score(said, heard),
        area_under_curve(words),
        calibration_error(words),
        cpu,
        count_names(clips, heard, pairs),
        biased_words,
        biased_names,
    )


def expects(engine: SpeechEngine) -> TypeGuard[BiasedEngine]:
    """Whether the engine can be told which names to expect."""
    return hasattr(engine, "expect")


def count_names(clips: Sequence[Clip], heard: Sequence[str], pairs: Mapping[str, str]) -> Names:
    """How many of the `pairs` (clip's name -> name said in it) were heard where they were said, and elsewhere."""
    found = invented = 0
    for clip, text in zip(clips, heard, strict=True):
        guess, truth = _spaced(text), _spaced(clip.transcript)
        found += clip.name in pairs and _spaced(pairs[clip.name]) in guess
        invented += sum(_spaced(name) in guess and _spaced(name) not in truth for name in set(pairs.values()))
    return Names(found, len(pairs), invented)


def _expecting(engine: BiasedEngine, sounds: Sequence[Samples], phrases: Sequence[str]) -> list[str]:
    engine.expect(phrases)
    return [_text(engine.transcribe(sound)) for sound in sounds]


def _judged(said: Sequence[str], segments: Sequence[Sequence[Segment]]) -> list[JudgedWord]:
    return [
        word
        for truth, each in zip(said, segments, strict=True)
        for word in judged(truth, [(word.text, word.confidence) for segment in each for word in segment.words])
    ]


def _text(segments: Sequence[Segment]) -> str:
    return " ".join(segment.text for segment in segments)


def _spaced(text: str) -> str:
    return f" {normalised(text)} "
