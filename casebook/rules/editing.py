"""What a person types over a transcript: new words on old times, and what differs between two texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from transcription.ports import Segment, Word
from transcription.rules.retiming import retimed
from transcription.rules.text import clean, nfc

AROUND = 4
"""Words left standing on each side of a change where a text is shown for its changes."""

Change = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that two texts share, or that only the old or the new one has."""

    change: Change
    text: str


def editable_text(segments: Sequence[Segment]) -> str:
    """Give an answer as lines to edit, one for each stretch of speech."""
    return "\n".join(segment.text for segment in segments)


def rewritten(segments: Sequence[Segment], text: str, duration_s: float) -> list[Segment]:
    """Give an answer saying `text`: words that stay keep their times, new ones share the room between.

    Where the lines break does not matter: a word belongs to the stretch of speech in whose time it falls.
    """
    if not segments:
        whole = retimed(Segment(0.0, duration_s, ()), text)
        return [whole] if whole.words else []
    return _cut_as(segments, _spoken(segments, clean(text).split()))


def _spoken(segments: Sequence[Segment], new: list[str]) -> tuple[Word, ...]:
    """Put `new` words on the old times. What stands the same at both ends is taken as it is.

    So one changed word is one changed word, however often its neighbours come again elsewhere in the text.
    """
    old = tuple(word for segment in segments for word in segment.words)
    texts = [nfc(word.text) for word in old]
    head = _shared(texts, new)
    tail = _shared(texts[head:][::-1], new[head:][::-1])
    last = len(old) - tail
    start = old[head - 1].end if head else segments[0].start
    end = old[last].start if tail else segments[-1].end
    between = retimed(Segment(start, max(start, end), old[head:last]), " ".join(new[head : len(new) - tail]))
    return (*old[:head], *between.words, *old[last:])


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the words that two texts have in common from their first one on."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _cut_as(segments: Sequence[Segment], words: Sequence[Word]) -> list[Segment]:
    """Cut `words` where the pauses between `segments` were; a stretch that lost its words goes."""
    starts = [segment.start for segment in segments[1:]]
    shares: list[list[Word]] = [[] for _ in segments]
    for word in words:
        shares[sum(word.start >= start for start in starts)].append(word)
    pairs = zip(segments, shares, strict=True)
    return [Segment(segment.start, segment.end, tuple(share)) for segment, share in pairs if share]


def differences(old: str, new: str) -> list[Piece]:
    """Say word by word what `new` leaves out of `old` and what it adds."""
    before, after = old.split(), new.split()
    pieces: list[Piece] = []
    for kind, old_first, old_last, new_first, new_last in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", " ".join(before[old_first:old_last])))
            continue
        if old_first < old_last:
            pieces.append(Piece("gone", " ".join(before[old_first:old_last])))
        if new_first < new_last:
            pieces.append(Piece("new", " ".join(after[new_first:new_last])))
    return pieces


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """Leave of what stayed the same only the words next to a change; a text without changes stays whole."""
    if len(pieces) == 1:
        return list(pieces)
    last = len(pieces) - 1
    return [
        piece if piece.change != "same" else Piece("same", _abridged(piece.text.split(), at == 0, at == last))
        for at, piece in enumerate(pieces)
    ]


def _abridged(words: list[str], opens: bool, closes: bool) -> str:
    before = [] if opens else words[:AROUND]
    after = [] if closes else words[-AROUND:]
    if len(words) <= len(before) + len(after) + 1:
        return " ".join(words)
    return " ".join([*before, "…", *after])
