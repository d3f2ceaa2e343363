"""A telephone call as the review page tells it: when, which keys, which questions, how the line was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Verdict = Literal["good", "fair", "bad"]

GOOD_LOSS, FAIR_LOSS = 0.01, 0.05
"""Shares of lost or late packets up to which speech is clear, and up to which it is followed with effort.

Source: ITU-T G.113, appendix I (G.711 with packet loss concealment).
"""

GOOD_JITTER_MS, FAIR_JITTER_MS = 30.0, 50.0
"""Milliseconds; ITU-T Y.1541 bounds the variation of delay for telephony by 50 ms."""


@dataclass(frozen=True, slots=True)
class PressedKey:
    """A key that the caller pressed and what it meant then."""

    key: str
    meaning: str


@dataclass(frozen=True, slots=True)
class PutQuestion:
    """A question that was put to the caller, by its key, and whether something was recorded for it."""

    question: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class LineQuality:
    """How the line was: the share (0-1) of packets lost or late, jitter in ms, the codec."""

    missing: float
    jitter_ms: float
    codec: str = ""

    @property
    def verdict(self) -> Verdict:
        """Whether what was said came through clearly, with effort, or in pieces."""
        if self.missing <= GOOD_LOSS and self.jitter_ms <= GOOD_JITTER_MS:
            return "good"
        return "fair" if self.missing <= FAIR_LOSS and self.jitter_ms <= FAIR_JITTER_MS else "bad"

    @property
    def words(self) -> str:
        """The verdict for people."""
        return VERDICTS[self.verdict]


VERDICTS: dict[Verdict, str] = {
    "good": "Đường truyền tốt",
    "fair": "Đường truyền có lúc rè, mất tiếng",
    "bad": "Đường truyền kém, nhiều chỗ mất tiếng",
}


@dataclass(frozen=True, slots=True)
class CallTold:
    """One call of a case; `is_closed`: it came outside office hours, `ending`: what became of it, in words.

    `duration_s` is None while it lasts, or where the carrier never told.
    """

    started_at: datetime
    duration_s: int | None
    is_closed: bool
    ending: str
    keys: tuple[PressedKey, ...]
    questions: tuple[PutQuestion, ...]
    quality: LineQuality | None
