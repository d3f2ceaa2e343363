"""Names with a word of place put into them: "bệnh viện mắt dưới Bà Rịa", "phòng dược trên Sở"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .directory import Directory, Name, Plainness
from .mentions import Mention
from .spotting import Spotted
from .tokens import Token

_BRIDGES = frozenset({"dưới", "ngoài", "trên", "ở", "tại", "bên", "của", "tỉnh"})
_HOUSES = frozenset({"viện", "tế", "khoa", "phòng", "tâm", "thương", "truyền", "nhi", "mắt", "dược"})
_REACH, _LEAST = 6, 3
_SURENESS, _MOST_COST, _STEEP = 0.85, 0.1, 1.5


def find_bridged(tokens: Sequence[Token], directory: Directory) -> Iterator[tuple[Mention, float]]:
    """Units whose name is heard once a word of place is left out, each with how strongly it is named."""
    heard = [token.text for token in tokens]
    for place in range(2, len(heard) - 1):
        if heard[place] in _BRIDGES and not _HOUSES.isdisjoint(heard[max(0, place - 3) : place]):
            begin = _begin(tokens, place)
            said = [*heard[begin:place], *heard[place + 1 : place + _REACH]]
            for spotted in directory.names.find(said):
                for name in _crossing(spotted, place - begin):
                    sureness = _SURENESS - _STEEP * spotted.cost
                    first, last = begin + spotted.first, begin + spotted.last + 1
                    yield Mention(name.slug, first, last, sureness), (last - first) * (1 - 2 * spotted.cost)


def _begin(tokens: Sequence[Token], place: int) -> int:
    """Where the clause before `place` begins, at most a name's length before it."""
    ends = (i + 1 for i in range(place - 1, max(0, place - _REACH) - 1, -1) if tokens[i].clause_end)
    return next(ends, max(0, place - _REACH))


def _crossing(spotted: Spotted[tuple[Name, ...]], seam: int) -> list[Name]:
    """The names spotted that have a kind of house before the seam and more after it."""
    crosses = spotted.first + 1 < seam <= spotted.last and spotted.last - spotted.first >= _LEAST - 1
    clear = crosses and spotted.cost <= _MOST_COST
    return [name for name in spotted.key if name.plainness is Plainness.HEADED] if clear else []
