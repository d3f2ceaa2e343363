"""Frames gathered into utterances, and each utterance read once the speaker pauses."""

from __future__ import annotations

import numpy as np

from transcription.engines.ctc.acoustic import Frames
from transcription.engines.ctc.align import align
from transcription.engines.ctc.bias import BiasTrie
from transcription.engines.ctc.search import BeamSearch
from transcription.engines.ctc.vocabulary import Vocabulary
from transcription.engines.ctc.words import HeardWord, heard_words

_PAUSE = 12
"""Blank frames after which an utterance is over: about half a second."""

_LONG, _SHORT_PAUSE = 500, 3
"""After this many frames (20 s) without a pause, a shorter one will do."""

_LONGEST = 1500
"""Frames (60 s) after which an utterance ends at any blank."""


class UtteranceReader:
    """Reads one stream of frames; holds no more of it than the utterance being said."""

    def __init__(self, vocabulary: Vocabulary, bias: BiasTrie, width: int) -> None:
        self._vocabulary = vocabulary
        self._bias = bias
        self._width = width
        self._search = BeamSearch(bias, width)
        self._tokens: list[list[int]] = []
        self._log_probs: list[list[float]] = []
        self._quiet = 0
        self._frame = 0

    def push(self, frames: Frames) -> list[HeardWord]:
        """Take the next frames; give the words of the utterances that ended."""
        words: list[HeardWord] = []
        lists = frames.tokens.tolist(), frames.log_probs.tolist(), frames.blank.tolist()
        for tokens, log_probs, blank in zip(*lists, strict=True):
            self._take(tokens, log_probs, blank)
            if self._is_over():
                words += self.finish()
        return words

    def finish(self) -> list[HeardWord]:
        """Give the words of the utterance being said, and begin another."""
        if not self._tokens:
            return []
        base = self._frame - len(self._tokens)
        places = align(self._text(), np.array(self._tokens), np.array(self._log_probs, np.float32))
        self._search = BeamSearch(self._bias, self._width)
        self._tokens, self._log_probs, self._quiet = [], [], 0
        return heard_words(places, self._vocabulary, base)

    def partial(self) -> str:
        """What the utterance being said says so far."""
        return self._vocabulary.text(self._text())

    def _text(self) -> tuple[int, ...]:
        return tuple(token for token in self._search.best() if self._vocabulary.spoken(token))

    def _take(self, tokens: list[int], log_probs: list[float], blank: bool) -> None:
        self._frame += 1
        if blank and not self._tokens:
            return
        self._tokens.append(tokens)
        self._log_probs.append(log_probs)
        self._quiet = self._quiet + 1 if blank else 0
        if blank:
            self._search.pass_blank()
        else:
            self._search.advance(tokens, log_probs)

    def _is_over(self) -> bool:
        length = len(self._tokens)
        enough = _PAUSE if length < _LONG else _SHORT_PAUSE if length < _LONGEST else 1
        return length > 0 and self._quiet >= enough
