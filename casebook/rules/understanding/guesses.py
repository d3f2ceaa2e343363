"""Units named too badly to be found plainly: the one name that comes nearest, where a name must stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transcription.rules.phonetics import distance

from .directory import Directory
from .mentions import WARD_POST, Mention
from .names import NameRules
from .tokens import Token

_HEADS = (("bệnh", "viện"), ("y", "tế"), ("nhà", "thương"), ("trung", "tâm"))
_HEAD_ALIKE = 0.32
_GUESS, _GUESS_COST, _GUESS_LEAD = 0.4, 0.36, 0.1
_BESIDE_COST = 0.25
_ANSWER_COST, _ANSWER_LEAD, _ANSWER_MOST, _ANSWER_STEEP = 0.42, 0.05, 0.85, 1.3
_LONGEST_ANSWER = 40

Nearest = tuple[float, float, Mention]
"""The cost a syllable, by how much the next unit costs more, and the mention."""


def guess(
    tokens: Sequence[Token], mentions: Sequence[Mention], directory: Directory, rules: NameRules
) -> list[Mention]:
    """Further units: named after "bệnh viện", or in the answer to which facility it is, where none is plain."""
    heard = [token.text for token in tokens]
    taken = {place for m in mentions for place in range(m.first, m.last + 1)}
    answered = [i for i, token in enumerate(tokens) if token.question == "facility"]
    found = list(_in_answer(heard, answered, directory)) if answered and not taken & set(answered) else []
    told = {*taken, *answered}
    most = _BESIDE_COST if mentions or found else _GUESS_COST
    for cost, lead, mention in _after_heads(heard, told, directory, rules):
        if cost <= most and lead >= _GUESS_LEAD:
            found.append(mention)
    return sorted([*mentions, *found], key=lambda m: m.first)


def _after_heads(heard: Sequence[str], told: set[int], directory: Directory, rules: NameRules) -> Iterator[Nearest]:
    for place in range(2, len(heard)):
        if place in told or place - 1 in told or heard[place] in rules.private.stops:
            continue
        headed = _is_head(heard[place - 2], heard[place - 1]) and heard[max(0, place - 3)] != WARD_POST
        nearest = _nearest(heard, [place], directory) if headed else None
        if nearest and nearest[2].last not in told and rules.plain.isdisjoint(heard[place : nearest[2].last + 1]):
            yield nearest


def _is_head(one: str, other: str) -> bool:
    return any(distance(a, one) <= _HEAD_ALIKE and distance(b, other) <= _HEAD_ALIKE for a, b in _HEADS)


def _in_answer(heard: Sequence[str], answered: Sequence[int], directory: Directory) -> Iterator[Mention]:
    """The name nearest to anything in the answer to "which facility"; a name is expected there."""
    nearest = _nearest(heard[: answered[-1] + 1], answered[:_LONGEST_ANSWER], directory)
    if nearest and nearest[0] <= _ANSWER_COST and nearest[1] >= _ANSWER_LEAD:
        cost, _, m = nearest
        yield Mention(m.slug, m.first, m.last, round(max(_GUESS, _ANSWER_MOST - _ANSWER_STEEP * cost), 3))


def _nearest(heard: Sequence[str], places: Sequence[int], directory: Directory) -> Nearest | None:
    """The name nearest to the syllables from one of `places` on."""
    best: dict[str, tuple[float, int, int]] = {}
    for place in places:
        for core, slug in directory.cores:
            said = heard[place : place + len(core)]
            if len(said) == len(core) and distance(core[0], said[0]) < 1:
                cost = sum(distance(a, b) for a, b in zip(core, said, strict=True)) / len(core)
                best[slug] = min(best.get(slug, (1.0, 0, 0)), (cost, -len(core), place))
    ranked = sorted((*found, slug) for slug, found in best.items())
    if not ranked:
        return None
    cost, length, place, slug = ranked[0]
    lead = ranked[1][0] - cost if len(ranked) > 1 else 1.0
    return cost, lead, Mention(slug, place, place - length - 1, _GUESS)
