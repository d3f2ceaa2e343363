"""Where in the frames each piece of a text was said: the best path of the text through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcription.engines.ctc.vocabulary import BLANK

_UNSEEN = -20.0
"""Log-probability of a piece that is not among those kept of a frame."""

_NEVER = -1e30

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of text with the frames it was said in, `first` to `last`, and its mean probability there."""

    token: int
    first: int
    last: int
    probability: float


def align(text: Sequence[int], tokens: NDArray[np.int64], log_probs: NDArray[np.float32]) -> list[Place]:
    """The places of the pieces of `text`, given each frame's likeliest `tokens` and their `log_probs`.

    Gives none if there are fewer frames than the text needs.
    """
    states = [BLANK, *(state for token in text for state in (token, BLANK))]
    scores = _scores(states, tokens, log_probs)
    if not text or len(tokens) < len(text):
        return []
    path = _best_path(states, scores)
    places = []
    for number, token in enumerate(text):
        frames = np.flatnonzero(path == 2 * number + 1)
        if len(frames):
            mean = float(np.exp(scores[frames, 2 * number + 1]).mean())
            places.append(Place(token, int(frames[0]), int(frames[-1]), mean))
    return places


def _scores(states: Sequence[int], tokens: NDArray[np.int64], log_probs: NDArray[np.float32]) -> Floats:
    """Log-probability of every state in every frame."""
    scores = np.full((len(tokens), len(states)), _UNSEEN)
    wanted = np.array(states)
    for column in range(tokens.shape[1]):
        frame, state = np.nonzero(tokens[:, column, None] == wanted)
        scores[frame, state] = log_probs[frame, column]
    return scores


def _best_path(states: Sequence[int], scores: Floats) -> NDArray[np.int64]:
    """The state of every frame on the best path (Viterbi) from the first to the last state."""
    skippable = np.array([i > 1 and state not in (BLANK, states[i - 2]) for i, state in enumerate(states)])
    reach = np.full(len(states), _NEVER)
    reach[:2] = scores[0, :2]
    steps = np.zeros(scores.shape, np.int64)
    for frame in range(1, len(scores)):
        stay = np.full((3, len(states)), _NEVER)
        stay[0] = reach
        stay[1, 1:] = reach[:-1]
        stay[2, 2:] = np.where(skippable[2:], reach[:-2], _NEVER)
        steps[frame] = stay.argmax(axis=0)
        reach = stay.max(axis=0) + scores[frame]
    return _walk_back(steps, int(len(states) - 1 - (reach[-2] > reach[-1])))


def _walk_back(steps: NDArray[np.int64], state: int) -> NDArray[np.int64]:
    path = np.zeros(len(steps), np.int64)
    for frame in range(len(steps) - 1, -1, -1):
        path[frame] = state
        state -= int(steps[frame, state])
    return path
