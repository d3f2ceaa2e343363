"""Which facility is complained about: a unit of the directory or a private place, told from those only mentioned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from .cues import Cues
from .evidence import Evidence
from .loose import Loose
from .mentions import Mention
from .names import NameRules
from .private import PrivatePlace
from .tokens import Token

_WINDOW, _BEFORE = 25, 12
_OFFICE, _SUPERIOR, _ADDRESSED, _GONE_TO = 0.6, 0.8, 0.6, 0.6
_UNNAMED, _NO_PLACE = 0.4, 1.6
_THEN = ["thì"]
_PLACED = frozenset({"bên", "chỗ", "ở", "tại", "trong", "của"})


class Standing(IntEnum):
    """What the words around a name make of it: it may be the one, was only passed through, or surely is not it."""

    SUBJECT = 0
    PASSED = 1
    ASIDE = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place the complaint may be about: a unit or a private place, its score, and how it stands in the words.

    `loose` is set where a unit's name was only loosely heard, `times` is how often the place was named, `share` how
    likely a learned choice holds it to be the one (0-1).
    """

    mention: Mention | None
    private: PrivatePlace | None
    score: float
    standing: Standing
    loose: Loose | None = None
    times: int = 1
    share: float | None = None

    @property
    def named(self) -> Mention | PrivatePlace:
        """The mention or the private place itself."""
        named = self.mention or self.private
        assert named is not None, "a candidate is one of the two"
        return named

    @property
    def aside(self) -> bool:
        """Whether the complaint is not about this place."""
        return self.standing is not Standing.SUBJECT

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
    """What choosing looks at: syllables, evidence of blame, the line, whether it is for paperwork, units that do it.

    `superiors` are the authorities above those offices; `kinds` are the kinds of all units.
    """

    tokens: Sequence[Token]
    blame: Sequence[Evidence]
    paperwork: bool
    offices: frozenset[str]
    superiors: frozenset[str]
    rules: NameRules
    line: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)


def candidates(mentions: Sequence[Mention], private: Sequence[PrivatePlace], scene: Scene) -> list[Candidate]:
    """All places named, the likeliest subject first."""
    heard = [token.text for token in scene.tokens]
    starts = sorted([m.first for m in mentions] + [p.first for p in private])
    below = any(m.slug in scene.offices - scene.superiors for m in mentions)
    scored = [Candidate(m, None, *_unit_weight(m, heard, starts, below, scene)) for m in mentions]
    scored += [Candidate(None, p, *_private_weight(p, heard, starts, bool(mentions), scene)) for p in private]
    ranked = sorted(_dwelt_on(scored), key=lambda c: (c.standing, -c.score - c.sureness, c.first))
    return _with_subject(ranked, scene)


def _with_subject(ranked: list[Candidate], scene: Scene) -> list[Candidate]:
    """Where no place stands as the subject, the best of those passed through is it if what is blamed comes after it."""
    if not ranked or ranked[0].standing is not Standing.PASSED:
        return ranked
    best = ranked[0]
    before = sum(e.last < best.first for e in scene.blame if not e.denied)
    after = sum(e.first > best.last for e in scene.blame if not e.denied)
    return [replace(best, standing=Standing.SUBJECT), *ranked[1:]] if after >= before else ranked


def _unit_weight(
    mention: Mention, heard: Sequence[str], starts: Sequence[int], below: bool, scene: Scene
) -> tuple[float, Standing]:
    """The weight of a unit; `below` says that an office of the authority is named too."""
    score, standing = _weight(mention.first, mention.last, heard, starts, scene)
    if mention.slug not in scene.offices or scene.tokens[mention.first].question == "facility":
        return score, standing
    above = below and mention.slug in scene.superiors
    score -= _SUPERIOR * above
    addressed = is_addressed(mention, heard, scene.rules)
    if scene.paperwork:
        score += _GONE_TO * (standing is Standing.PASSED)  # one goes to an office to see to one's papers
        return score + _OFFICE - _ADDRESSED * addressed, Standing.PASSED if above else min(standing, Standing.PASSED)
    passed = max(standing, Standing.PASSED) if mention.slug in scene.superiors else standing
    return score - _ADDRESSED, Standing.ASIDE if addressed else passed


def is_addressed(mention: Mention, heard: Sequence[str], rules: NameRules) -> bool:
    """Whether somebody only turns to the authority ("mong Sở Y tế vào cuộc") or borrows its name."""
    return rules.turned_to.ending_at(heard, mention.first) > 0 or rules.asked.starting_at(heard, mention.last + 1) > 0


def _private_weight(
    place: PrivatePlace, heard: Sequence[str], starts: Sequence[int], beside: bool, scene: Scene
) -> tuple[float, Standing]:
    """The weight of a private place; `beside` says that a unit is named too, before which people stand back."""
    score, standing = _weight(place.first, place.last, heard, starts, scene)
    standing = Standing.SUBJECT if place.named and standing is Standing.PASSED else standing
    standing = max(standing, Standing.PASSED) if beside and not place.placed else standing
    public = scene.rules.private.public.starting_at(heard, place.first) > 0
    score -= _UNNAMED * (not place.named) + _NO_PLACE * (not place.placed)
    around = (place.first - 6, place.last + 2)
    own = scene.rules.own_place.within(heard, *around)
    own = not public and (own or (scene.paperwork and scene.rules.own_papers.within(heard, *around)))
    return score - 1.0 * own - 0.6 * (scene.paperwork and not public), Standing.ASIDE if own else standing


def _weight(first: int, last: int, heard: Sequence[str], starts: Sequence[int], scene: Scene) -> tuple[float, Standing]:
    """How much the words around a name say that the complaint is about it, and how it stands in them."""
    rules = scene.rules
    following = next((s for s in starts if s > last), len(heard))
    start = first - rules.head_cues.ending_at(heard, first)
    passed = led_by(rules.passed, heard, start) or rules.beside.ending_at(heard, start) > 0
    elsewhere = led_by(rules.elsewhere, heard, start)
    rechecked = rechecked_after(heard, last, following, rules)
    score = 3.0 if scene.tokens[first].question == "facility" else 0.0
    score += 0.5 if first == starts[0] else 0.0
    score += 0.4 if rules.complained.ending_at(heard, start) else 0.0
    score += 0.4 if rules.turned.ending_at(heard, start) or rules.turned.ending_at(heard, start - 1) else 0.0
    score -= 1.0 * (passed + (elsewhere or rechecked))
    score += 0.3 * (heard[last + 1 : last + 2] == _THEN) - 0.4 * (rules.sent_on.starting_at(heard, last + 1) > 0)
    score -= 0.6 if rules.praised.within(heard, last + 1, min(last + 8, following - 1)) else 0.0
    score += _blamed(first, last, following, max((s for s in starts if s < first), default=-1), scene)
    if score >= 1:
        return score, Standing.SUBJECT
    alone = len(starts) == 1  # nobody is checked again where no other place was named
    aside = elsewhere or (rechecked and not alone)
    return score, Standing.ASIDE if aside else Standing.PASSED if passed or rechecked else Standing.SUBJECT


def _blamed(first: int, last: int, following: int, previous: int, scene: Scene) -> float:
    """The weight of what is blamed after a name and, less, before it, up to the next name."""
    end, begin = min(last + _WINDOW, following - 1), max(first - _BEFORE, previous + 1)
    after = sum(0.15 for e in scene.blame if last < e.first <= end and not e.denied)
    before = sum(0.1 for e in scene.blame if begin <= e.first and e.last < first and not e.denied)
    return min(after, 0.75) + min(before, 0.2)


def led_by(cues: Cues, heard: Sequence[str], start: int) -> bool:
    """Whether a cue stands before `start`, or before a word of place there."""
    placed = start - (start > 0 and heard[start - 1] in _PLACED)
    return cues.ending_at(heard, start) > 0 or cues.ending_at(heard, placed) > 0


def rechecked_after(heard: Sequence[str], last: int, following: int, rules: NameRules) -> bool:
    """Whether the words after a name say that something was looked at again there, and not that it was not."""
    places = range(last + 1, min(last + 9, following, len(heard)))
    return any(rules.rechecked.starting_at(heard, p) and heard[p - 1] not in ("không", "chưa") for p in places)


def _both(one: Standing, other: Standing) -> Standing:
    """How a place named twice stands: once surely not it is never it, and passed through only if both times."""
    return Standing.ASIDE if Standing.ASIDE in (one, other) else min(one, other)


def _dwelt_on(scored: Sequence[Candidate]) -> list[Candidate]:
    """One candidate a place: the best, and a little more for each further time it is named."""
    best: dict[str, Candidate] = {}
    for candidate in sorted(scored, key=lambda c: -c.score):
        key = candidate.mention.slug if candidate.mention else candidate.private.text if candidate.private else ""
        seen = best.get(key)
        if seen is None:
            best[key] = candidate
        else:
            standing = _both(seen.standing, candidate.standing)
            best[key] = replace(seen, score=seen.score + 0.2, standing=standing, times=seen.times + 1)
    return list(best.values())
