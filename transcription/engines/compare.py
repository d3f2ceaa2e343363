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

DOUBT = 0.5
"""What the confidence of a word is multiplied with when the second engine did not hear it there."""

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


def less_sure(heard: list[Segment], other: list[Segment], doubt: float = DOUBT) -> list[Segment]:
    """`heard` with the confidence of every word times `doubt` that `other` has not at about the same time."""
    mine = [word for segment in heard for word in segment.words]
    agreed = _agreed(mine, [word for segment in other for word in segment.words])
    marked = iter(
        word if index in agreed else replace(word, confidence=word.confidence * doubt)
        for index, word in enumerate(mine)
    )
    return [replace(segment, words=tuple(next(marked) for _ in segment.words)) for segment in heard]


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
