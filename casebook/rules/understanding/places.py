"""Places said by their names of before 2025, and the wards and communes of today they may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .spotting import PhraseBook
from .tokens import Token, syllables_of

_LEADS = frozenset(
    ["ở", "quận", "huyện", "phường", "xã", "thành", "tại", "ngoài", "dưới", "trên", "bên", "về", "khu", "thị", "đường"]
)


@dataclass(frozen=True, slots=True)
class Area:
    """A district or city of before July 2025: name, region, and the wards and communes made from it."""

    name: str
    region: str
    wards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaSaid:
    """An area, or one of its wards, named at tokens first..last."""

    area: Area
    ward: str
    first: int
    last: int
    sureness: float


class Gazetteer:
    """All areas and wards, found by sound."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.areas = tuple(areas)
        names = {tuple(syllables_of(area.name)): (area, "") for area in reversed(self.areas)}
        wards = {tuple(syllables_of(w)): (area, w) for area in reversed(self.areas) for w in area.wards}
        self.book = PhraseBook([(key, phrase) for phrase, key in {**wards, **names}.items()])

    def names(self) -> list[str]:
        """Every name of an area or ward."""
        return [area.name for area in self.areas] + [ward for area in self.areas for ward in area.wards]

    def find(self, tokens: Sequence[Token], taken: set[int]) -> list[AreaSaid]:
        """Areas and wards in `tokens` outside the tokens `taken`, the surest first."""
        heard = [token.text for token in tokens]
        said = []
        for spotted in self.book.find(heard):
            led = spotted.first > 0 and heard[spotted.first - 1] in _LEADS
            named = heard[spotted.first] == "quận"
            if spotted.first in taken or not (led or named) or spotted.cost > 0.15:
                continue
            (area, ward), sureness = spotted.key, 0.8 - 2 * spotted.cost
            said.append(AreaSaid(area, ward, spotted.first, spotted.last, sureness))
        return sorted(said, key=lambda s: (-s.sureness, s.first))
