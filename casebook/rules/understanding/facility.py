"""Which facility is complained about: a unit of the directory or a private place, told from those only mentioned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .evidence import Evidence
from .mentions import Mention
from .names import NameRules
from .private import PrivatePlace
from .tokens import Token

_WINDOW = 25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place the complaint may be about, with its score: a mention of a unit, or a private place."""

    mention: Mention | None
    private: PrivatePlace | None
    score: float

    @property
    def named(self) -> Mention | PrivatePlace:
        """The mention or the private place itself."""
        named = self.mention or self.private
        assert named is not None, "a candidate is one of the two"
        return named

    @property
    def sureness(self) -> float:
        """How surely the words name this place, whether or not the complaint is about it."""
        return self.named.sureness

    @property
    def first(self) -> int:
        """The first token of its name."""
        return self.named.first

    @property
    def last(self) -> int:
        """The last token of its name."""
        return self.named.last


def candidates(
    mentions: Sequence[Mention],
    private: Sequence[PrivatePlace],
    tokens: Sequence[Token],
    blame: Sequence[Evidence],
    rules: NameRules,
) -> list[Candidate]:
    """All places named, the likeliest subject first."""
    heard = [token.text for token in tokens]
    starts = sorted([m.first for m in mentions] + [p.first for p in private])
    scored = [
        Candidate(m, None, m.sureness + _weight(m.first, m.last, heard, tokens, starts, blame, rules)) for m in mentions
    ] + [
        Candidate(None, p, p.sureness + _weight(p.first, p.last, heard, tokens, starts, blame, rules)) for p in private
    ]
    return sorted(_dwelt_on(scored), key=lambda c: (-c.score, c.first))


def _weight(
    first: int,
    last: int,
    heard: Sequence[str],
    tokens: Sequence[Token],
    starts: Sequence[int],
    blame: Sequence[Evidence],
    rules: NameRules,
) -> float:
    """How much the words around a name say that the complaint is about it."""
    score = 3.0 if tokens[first].question == "facility" else 0.0
    score += 0.5 if first == starts[0] else 0.0
    start = first - rules.head_cues.ending_at(heard, first)
    score += 0.4 if rules.complained.ending_at(heard, start) else 0.0
    score -= 1.0 if rules.passed.ending_at(heard, start) else 0.0
    following = next((s for s in starts if s > last), len(heard))
    end = min(last + _WINDOW, following - 1)
    score -= 0.6 if rules.praised.within(heard, last + 1, min(last + 8, following - 1)) else 0.0
    weight = sum(0.15 for e in blame if last < e.first <= end and not e.denied)
    return score + min(weight, 0.75)


def _dwelt_on(scored: Sequence[Candidate]) -> list[Candidate]:
    """One candidate a place: the best, and a little more for each further time it is named."""
    best: dict[str, Candidate] = {}
    for candidate in sorted(scored, key=lambda c: -c.score):
        key = candidate.mention.slug if candidate.mention else candidate.private.text if candidate.private else ""
        seen = best.get(key)
        best[key] = candidate if seen is None else Candidate(seen.mention, seen.private, seen.score + 0.2)
    return list(best.values())
