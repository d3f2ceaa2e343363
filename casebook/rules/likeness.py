"""How alike two stories are, and marks by which nearly equal ones are found among a million.

A story is taken as the set of its runs of three words; how alike two are is the share that they have in
common (Jaccard). Marks are bands of a MinHash (Broder 1997; Leskovec, Rajaraman, Ullman: Mining of Massive
Datasets, 3.4): of two stories alike by s, the chance that they share a mark is 1 - (1 - s²)^16, so 78 % at
0.3 and 99 % at 0.5, and hardly any two strangers do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from casebook.rules.wording import WITHHELD
from transcription.rules.text import fold

RUN = 3
"""Words in a run: two calls about one hospital share many pairs, few triples."""

BANDS, ROWS = 16, 2
ALIKE = 0.3
"""From here on two stories are worth reading side by side."""

FEWEST = 5
"""A story with fewer runs says too little to be compared."""

_PRIME = (1 << 61) - 1
_WITHHELD = fold(WITHHELD).split()


def runs_of(text: str) -> frozenset[str]:
    """Give the runs of three words of a folded text; what was withheld and numbers bind no two stories."""
    words = [word for word in text.split() if not word.isdigit() and word not in _WITHHELD]
    return frozenset(" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def likeness(one: str, other: str) -> float:
    """Say how alike two folded texts are: 0 nothing in common, 1 the same runs of words."""
    first, second = runs_of(one), runs_of(other)
    if min(len(first), len(second)) < FEWEST:
        return 0.0
    return len(first & second) / len(first | second)


def marks_of(text: str) -> tuple[str, ...]:
    """Give the marks of a folded text, each a short word of letters and digits; none for a text too short."""
    runs = runs_of(text)
    if len(runs) < FEWEST:
        return ()
    numbers = [int.from_bytes(hashlib.blake2b(run.encode(), digest_size=7).digest()) for run in runs]
    least = [min((a * number + b) % _PRIME for number in numbers) for a, b in _MIXERS]
    bands = (least[at : at + ROWS] for at in range(0, len(least), ROWS))
    return tuple(f"b{number}x{_digest(band)}" for number, band in enumerate(bands))


def _digest(values: Iterable[int]) -> str:
    return hashlib.blake2b(repr(tuple(values)).encode(), digest_size=5).hexdigest()


def _mixer(number: int) -> tuple[int, int]:
    """Give the factors of one of the hash functions: the same in every process and version."""
    seed = hashlib.blake2b(f"mixer {number}".encode(), digest_size=16).digest()
    return int.from_bytes(seed[:8]) % (_PRIME - 1) + 1, int.from_bytes(seed[8:]) % _PRIME


_MIXERS = tuple(_mixer(number) for number in range(BANDS * ROWS))
