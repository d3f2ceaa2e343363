"""One sentence out of the caller's own words: the stretch that carries most of the matter, nothing invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from .tokens import Token

_LEAST, _MOST = 8, 32
_OPENERS = frozenset(
    [
        "nhưng",
        "mà",
        "rồi",
        "xong",
        "thì",
        "vậy",
        "tôi",
        "em",
        "tui",
        "con",
        "họ",
        "nó",
        "mẹ",
        "má",
        "ba",
        "chồng",
        "vợ",
        "bác",
        "sĩ",
        "cô",
        "anh",
        "ông",
        "bà",
        "khi",
        "lúc",
        "hôm",
        "sáng",
        "chiều",
    ]
)


def best_stretch(tokens: Sequence[Token], weight: Mapping[int, float]) -> tuple[int, int] | None:
    """First and last token of the stretch with most weight: a sentence, or a cut of a long or unpunctuated one."""
    pieces = [cut for sentence in _sentences(tokens) for cut in _cuts(sentence, tokens, weight)]
    if not pieces:
        return None

    def value(piece: tuple[int, int]) -> float:
        length = piece[1] - piece[0] + 1
        held = sum(weight.get(place, 0.0) for place in range(piece[0], piece[1] + 1))
        return held + min(length, _LEAST) / _LEAST - 0.1 * (piece[0] / max(1, len(tokens)))

    return max(pieces, key=value)


def _sentences(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Runs between sentence ends and answers; a run too short to stand alone joins the next."""
    ends = [
        i
        for i, token in enumerate(tokens)
        if token.sentence_end or i + 1 == len(tokens) or token.question != tokens[i + 1].question
    ]
    runs, start = [], 0
    for end in ends:
        last = end + 1 == len(tokens) or tokens[end].question != tokens[end + 1].question
        if end - start + 1 >= _LEAST or last:
            runs.append((start, end))
            start = end + 1
    return [run for run in runs if run[0] <= run[1]]


def _cuts(run: tuple[int, int], tokens: Sequence[Token], weight: Mapping[int, float]) -> list[tuple[int, int]]:
    """The run itself if short enough, else windows in it that begin where a clause may begin."""
    first, last = run
    if last - first < _MOST:
        return [run]
    starts = [first] + [i + 1 for i in range(first, last) if tokens[i].clause_end]
    starts += [i for i in range(first, last) if tokens[i].text in _OPENERS]
    gaps = sorted(set(starts))
    ends = sorted({nxt - 1 for _, nxt in pairwise(gaps)} | {last})
    return [(s, e) for s in gaps for e in ends if _LEAST <= e - s + 1 <= _MOST] or [
        (first, min(last, first + _MOST - 1))
    ]
