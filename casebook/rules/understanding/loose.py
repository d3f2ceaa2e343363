"""Units whose names may have been heard, though not plainly enough to be mentioned: for the learned choice to weigh."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .directory import NUMERALS, Name, Plainness
from .mentions import WARD_POST, Mention, core_heard
from .names import NameRules
from .spotting import Spotted

_MOST, _WARD_REACH = 4, 3
_SUREST, _STEEP = 0.6, 1.5


@dataclass(frozen=True, slots=True)
class Loose:
    """A name that may have been heard at tokens first..last, and how unlike it was (cost a syllable, 0 the same)."""

    name: Name
    first: int
    last: int
    cost: float

    @property
    def mention(self) -> Mention:
        """The unit as a mention, at most half sure."""
        return Mention(self.name.slug, self.first, self.last, round(max(0.1, _SUREST - _STEEP * self.cost), 3))


def find_loose(
    spotted: Iterable[Spotted[tuple[Name, ...]]], mentions: Sequence[Mention], heard: Sequence[str], rules: NameRules
) -> tuple[Loose, ...]:
    """The best few names spotted where nothing is mentioned, of units mentioned nowhere; never where somebody lives."""
    mentioned = {m.slug for m in mentions}
    used = {place for m in mentions for place in range(m.first, m.last + 1)}
    best: dict[str, Loose] = {}
    for found in spotted:
        if _is_something_else(found.first, found.last, heard, rules):
            continue
        for name in found.key:
            loose = Loose(name, found.first, found.last, found.cost)
            better = name.slug not in best or _order(loose) < _order(best[name.slug])
            if better and name.slug not in mentioned and _may_be_meant(loose, found, heard, rules):
                best[name.slug] = loose
    kept: list[Loose] = []
    for loose in sorted(best.values(), key=_order):
        places = set(range(loose.first, loose.last + 1))
        if used.isdisjoint(places):
            used |= places
            kept.append(loose)
    return tuple(kept[:_MOST])


def _may_be_meant(loose: Loose, found: Spotted[tuple[Name, ...]], heard: Sequence[str], rules: NameRules) -> bool:
    """Whether a number in it was heard sharply and whole, and it is no street unless the unit goes by the street."""
    name = loose.name
    street = name.plainness is not Plainness.AREA and rules.not_a_facility.ending_at(heard, loose.first) > 0
    within = not NUMERALS.isdisjoint(heard[max(0, loose.first - 1) : loose.first])
    return not street and (not name.numbered or (not within and core_heard(name, found, heard, rules.plain)))


def _is_something_else(first: int, last: int, heard: Sequence[str], rules: NameRules) -> bool:
    """Whether the words are a ward's little house, where somebody lives, common words."""
    return (
        WARD_POST in heard[max(0, first - _WARD_REACH) : first + 1]
        or rules.dwelling.ending_at(heard, first) > 0
        or " ".join(heard[first : last + 1]) in rules.sound_alikes
    )


def _order(loose: Loose) -> tuple[float, int, str]:
    return loose.cost, loose.first - loose.last, loose.name.slug
