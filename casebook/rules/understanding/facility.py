"""Which facility is complained about: a unit of the directory or a private place, told from those only mentioned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .evidence import Evidence
from .mentions import Mention
from .names import NameRules
from .private import PrivatePlace
from .tokens import Token

_WINDOW = 25
_OFFICE = 0.6
_UNNAMED, _NO_PLACE = 0.4, 1.0
_PLACED = frozenset({"bên", "chỗ", "ở", "tại", "trong", "của"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place the complaint may be about: a unit or a private place, its score, and if only passed through."""

    mention: Mention | None
    private: PrivatePlace | None
    score: float
    aside: bool

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


@dataclass(frozen=True, slots=True)
class Scene:
    """What choosing looks at: syllables, evidence of blame, whether the line is for paperwork, units that do it."""

    tokens: Sequence[Token]
    blame: Sequence[Evidence]
    paperwork: bool
    offices: frozenset[str]
    rules: NameRules


def candidates(mentions: Sequence[Mention], private: Sequence[PrivatePlace], scene: Scene) -> list[Candidate]:
    """All places named, the likeliest subject first."""
    heard = [token.text for token in scene.tokens]
    starts = sorted([m.first for m in mentions] + [p.first for p in private])
    scored = [Candidate(m, None, *_unit_weight(m, heard, starts, scene)) for m in mentions]
    scored += [Candidate(None, p, *_private_weight(p, heard, starts, scene)) for p in private]
    return sorted(_dwelt_on(scored), key=lambda c: (c.aside, -c.score - c.sureness, c.first))


def _unit_weight(mention: Mention, heard: Sequence[str], starts: Sequence[int], scene: Scene) -> tuple[float, bool]:
    score, aside = _weight(mention.first, mention.last, heard, starts, scene)
    at_its_desk = scene.paperwork and mention.slug in scene.offices
    return score + _OFFICE * at_its_desk, aside and not at_its_desk


def _private_weight(
    place: PrivatePlace, heard: Sequence[str], starts: Sequence[int], scene: Scene
) -> tuple[float, bool]:
    score, aside = _weight(place.first, place.last, heard, starts, scene)
    score -= _UNNAMED * (not place.named) + _NO_PLACE * (not place.placed)
    around = (place.first - 6, place.last + 2)
    own = scene.rules.own_place.within(heard, *around)
    own = own or (scene.paperwork and scene.rules.own_papers.within(heard, *around))
    return score - 1.0 * own - 0.6 * scene.paperwork, aside or own


def _weight(first: int, last: int, heard: Sequence[str], starts: Sequence[int], scene: Scene) -> tuple[float, bool]:
    """How much the words around a name say that the complaint is about it, and whether they say it is not."""
    rules = scene.rules
    following = next((s for s in starts if s > last), len(heard))
    start = first - rules.head_cues.ending_at(heard, first)
    passed = _passed_before(heard, start, rules)
    rechecked = _rechecked_after(heard, last, following, rules)
    score = 3.0 if scene.tokens[first].question == "facility" else 0.0
    score += 0.5 if first == starts[0] else 0.0
    score += 0.4 if rules.complained.ending_at(heard, start) else 0.0
    score -= 1.0 * passed + 1.0 * rechecked + 0.6 * (rules.beside.ending_at(heard, start) > 0)
    score -= 0.6 if rules.praised.within(heard, last + 1, min(last + 8, following - 1)) else 0.0
    end = min(last + _WINDOW, following - 1)
    weight = sum(0.15 for e in scene.blame if last < e.first <= end and not e.denied)
    return score + min(weight, 0.75), (passed or rechecked) and score < 1


def _passed_before(heard: Sequence[str], start: int, rules: NameRules) -> bool:
    """Whether the words before `start`, or before a word of place there, say that somebody only went by."""
    placed = start - (start > 0 and heard[start - 1] in _PLACED)
    return rules.passed.ending_at(heard, start) > 0 or rules.passed.ending_at(heard, placed) > 0


def _rechecked_after(heard: Sequence[str], last: int, following: int, rules: NameRules) -> bool:
    """Whether the words after a name say that something was looked at again there, and not that it was not."""
    places = range(last + 1, min(last + 9, following, len(heard)))
    return any(rules.rechecked.starting_at(heard, p) and heard[p - 1] not in ("không", "chưa") for p in places)


def _dwelt_on(scored: Sequence[Candidate]) -> list[Candidate]:
    """One candidate a place: the best, and a little more for each further time it is named."""
    best: dict[str, Candidate] = {}
    for candidate in sorted(scored, key=lambda c: -c.score):
        key = candidate.mention.slug if candidate.mention else candidate.private.text if candidate.private else ""
        seen = best.get(key)
        best[key] = candidate if seen is None else replace(seen, score=seen.score + 0.2, aside=False)
    return list(best.values())
