"""Two engines on one recording: the words they do not agree on are marked less sure."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Protocol, TypeGuard

from transcription.errors import TranscriptionError
from transcription.ports import BiasedEngine, EngineIdentity, Samples, Segment, SpeechEngine, Word
from transcription.rules.text import syllables

_ALIKE = 0.1
"""How often two engines make the same mistake."""

_MISSED, _WORTH = 0.3, 20.0
"""How often a second engine misses what was said, believed until about so many words have shown it."""

_MOST_SURE = 0.99
"""No engine is so sure that another could not make it doubt."""

_APART = 2.0
"""Seconds between the two engines' times beyond which the same word is another occasion of it."""

_log = logging.getLogger(__name__)


class SecondOpinion:
    """The primary engine's words, less sure where the second engine heard something else."""

    def __init__(self, primary: SpeechEngine, second: SpeechEngine) -> None:
        self._primary, self._second = primary, second

    @property
    def identity(self) -> EngineIdentity:
        """Both engines' names, models and versions, joined with +."""
        first, second = self._primary.identity, self._second.identity
        return EngineIdentity(
            f"{first.engine}+{second.engine}", f"{first.model}+{second.model}", f"{first.version}+{second.version}"
        )

    def expect(self, phrases: Iterable[str]) -> None:
        """Tell the phrases to whichever of the two can be told."""
        known = tuple(phrases)
        for engine in (self._primary, self._second):
            if _can_expect(engine):
                engine.expect(known)

    def transcribe(self, samples: Samples) -> list[Segment]:
        """What the primary hears, compared with the second; only the primary's failure is a failure."""
        heard = self._primary.transcribe(samples)
        if not heard:
            return heard
        try:
            other = self._second.transcribe(samples)
        except TranscriptionError as error:
            _log.warning("no second opinion from %s: %s", self._second.identity.engine, error)
            return heard
        return less_sure(heard, other)


def less_sure(heard: list[Segment], other: list[Segment]) -> list[Segment]:
    """`heard` with less confidence in every word that `other` has not at about the same time.

    How much less follows from how often `other` misses words that `heard` is sure of: the doubt of an engine
    that hears little counts for little (Bayes' rule on the odds). Words both heard stay as sure as they were.
    """
    mine = [word for segment in heard for word in segment.words]
    agreed = _agreed(mine, [word for segment in other for word in segment.words])
    weight = min(_missed(mine, agreed) / (1 - _ALIKE), 1.0)
    marked = iter(word if index in agreed else _doubted(word, weight) for index, word in enumerate(mine))
    return [replace(segment, words=tuple(next(marked) for _ in segment.words)) for segment in heard]


def _missed(mine: list[Word], agreed: set[int]) -> float:
    """How often the other engine misses a word that is right, each word counting as much as it is sure."""
    sure = sum(word.confidence for word in mine)
    missed = sum(word.confidence for index, word in enumerate(mine) if index not in agreed)
    return (_MISSED * _WORTH + missed) / (_WORTH + sure)


def _doubted(word: Word, weight: float) -> Word:
    """The word with the odds of being right times `weight`."""
    right = min(word.confidence, _MOST_SURE) * weight
    return replace(word, confidence=round(right / (right + 1 - min(word.confidence, _MOST_SURE)), 4))


def _agreed(mine: list[Word], theirs: list[Word]) -> set[int]:
    """Places in `mine` of the words that stand in `theirs` too, in the same order and near in time."""
    matcher = SequenceMatcher(None, list(map(_sound, mine)), list(map(_sound, theirs)), autojunk=False)
    pairs = ((block.a + step, block.b + step) for block in matcher.get_matching_blocks() for step in range(block.size))
    return {a for a, b in pairs if abs(mine[a].start - theirs[b].start) <= _APART}


def _sound(word: Word) -> str:
    return " ".join(syllables(word.text))


class _Tellable(BiasedEngine, Protocol):
    """An engine found to have `expect`."""


def _can_expect(engine: SpeechEngine) -> TypeGuard[_Tellable]:
    return callable(getattr(engine, "expect", None))
