"""Finding the unit that a person means by what they typed: name, other name, place, with or without diacritics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from casebook.rules.understanding.places import Area
from config.directory.units import Unit
from config.told import Told
from transcription.rules.text import fold, syllables

SHOWN = 5
"""Candidates that are named to somebody whose words fit several units, or none."""

OFFERED = 8
"""Units that a picker offers at once: as many as are read at a glance."""

NEAR_ENOUGH = 0.75
"""How alike (0-1) a misspelt name must be to a name to be offered."""

KINDS = {
    "authority": "Sở",
    "department": "Phòng, ban của Sở",
    "emergency": "Cấp cứu",
    "centre": "Trung tâm",
    "hospital": "Bệnh viện",
    "agency": "Cơ quan khác",
}
"""What kinds of units are called."""

REGIONS = {"hcm": "TP.HCM", "binh_duong": "Bình Dương", "vung_tau": "Bà Rịa - Vũng Tàu"}
"""The three provinces that are one city since 1-7-2025, as people still call them."""

_SHORT = {
    "bv": "benh vien",
    "bvdk": "benh vien da khoa",
    "bvdkkv": "benh vien da khoa khu vuc",
    "dk": "da khoa",
    "kv": "khu vuc",
    "p": "phuong",
    "q": "quan",
    "tp": "thanh pho",
    "tt": "trung tam",
    "ttyt": "trung tam y te",
    "tx": "thi xa",
    "yhct": "y hoc co truyen",
}
"""How officials shorten names in writing; folded."""

_NUMBERS = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai")
_SAID_DISTRICT = re.compile(rf"\bquan ({'|'.join(reversed(_NUMBERS))})\b")
_WRITTEN_DISTRICT = re.compile(r"\b([qp])(\d{1,2})\b")
_LEADS = frozenset({"quan", "huyen", "phuong", "xa", "thanh", "pho", "thi", "tran", "dac", "khu", "o", "cu"})
"""Words that stand before or after the name of a place and say nothing about which one it is."""

Words = tuple[str, ...]


def find_unit(text: str, units: Iterable[Unit]) -> Unit | None:
    """Give the one unit that `text` names, else the one whose names contain it; None where it is not one.

    Retired units are not found.
    """
    wanted, listed = words_of_name(text), _serving(units)
    if not wanted:
        return None
    exact = [unit for unit in listed if wanted in _names(unit)]
    if len(exact) == 1:
        return exact[0]
    near = exact or close_units(text, listed)
    return near[0] if len(near) == 1 else None


def close_units(text: str, units: Iterable[Unit]) -> list[Unit]:
    """List the units, none retired, one of whose names has every word of `text`, shortest name first."""
    words = words_of_name(text)
    found = [unit for unit in _serving(units) if any(_begin(words, name) for name in _names(unit))]
    return sorted(found, key=lambda unit: (len(unit.name), unit.name))


def _serving(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return tuple(unit for unit in units if not unit.retired)


def _names(unit: Unit) -> set[Words]:
    return {words_of_name(name) for name in (unit.slug, unit.name, *unit.aliases)}


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit that fits what was typed; `by` says by what, where that is not its own name."""

    unit: Unit
    by: str = ""

    @property
    def kind(self) -> str:
        """What kind of unit it is, in words."""
        return KINDS.get(self.unit.kind, self.unit.kind)

    @property
    def place(self) -> str:
        """Which of the three former provinces it belongs to."""
        return REGIONS.get(self.unit.region, self.unit.region)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A unit with its names ready for comparing, its own name first, and the areas that its names tell of."""

    unit: Unit
    names: tuple[Words, ...]
    spelled: tuple[Words, ...]
    areas: tuple[Area, ...]


class UnitIndex:
    """Units made ready for finding them while somebody types; retired ones are not found."""

    def __init__(self, units: Iterable[Unit], areas: Iterable[Area]) -> None:
        self._areas = tuple(areas)
        self._entries = tuple(_entry(unit, self._areas) for unit in _serving(units))

    def search(self, text: str, limit: int = OFFERED) -> list[FoundUnit]:
        """List the units that `text` may mean, the likeliest first.

        By name before other name before place; a name spelled with the same diacritics goes first.
        """
        words, spelled = words_of_name(text), tuple(syllables(text))
        if not words:
            return []
        places = self._places(words)
        ranked = []
        for entry in self._entries:
            found = _fit(entry, words, places)
            if found is not None:
                rank, by = found
                accents = any(_begin(spelled, name) for name in entry.spelled)
                ranked.append((rank, not accents, len(entry.unit.name), entry.unit.name, by, entry.unit))
        ranked.sort(key=lambda row: row[:4])
        return [FoundUnit(row[5], row[4]) for row in ranked[:limit]] or self._misspelt(words, limit)

    def _places(self, words: Words) -> dict[str, str]:
        """The areas that `words` name, by themselves or by a ward of theirs, each with how to say so."""
        bare = tuple(word for word in words if word not in _LEADS) or words
        told: dict[str, str] = {}
        for area in self._areas:
            wards = [ward for ward in area.wards if _begin(bare, words_of_name(ward))]
            if _begin(words, words_of_name(area.name)) or _begin(bare, words_of_name(area.name)):
                told[area.name] = Told("ở %(area)s (trước 7/2025)", area=area.name)
            elif wards:
                told[area.name] = Told("phường, xã %(ward)s; trước 7/2025 là %(area)s", ward=wards[0], area=area.name)
        return told

    def _misspelt(self, words: Words, limit: int) -> list[FoundUnit]:
        spoken = {" ".join(name): entry.unit for entry in reversed(self._entries) for name in entry.names}
        near = get_close_matches(" ".join(words), spoken, n=limit, cutoff=NEAR_ENOUGH)
        return [FoundUnit(unit, Told("gần giống")) for unit in dict.fromkeys(spoken[name] for name in near)]


@lru_cache(maxsize=4)
def unit_index(units: tuple[Unit, ...], areas: tuple[Area, ...]) -> UnitIndex:
    """Make the index of these units, once for as long as they stay the same."""
    return UnitIndex(units, areas)


def words_of_name(name: str) -> Words:
    """Split a name into folded words, what officials shorten written out: `BV Q.2` is `benh vien quan 2`."""
    split = _WRITTEN_DISTRICT.sub(r"\1 \2", fold(name))
    full = " ".join(_SHORT.get(word, word) for word in split.split())
    numbered = _SAID_DISTRICT.sub(lambda said: f"quan {_NUMBERS.index(said.group(1)) + 1}", full)
    return tuple(numbered.split())


def _entry(unit: Unit, areas: Iterable[Area]) -> _Entry:
    named = (unit.name, *unit.aliases)
    names = tuple(words_of_name(name) for name in named)
    there = tuple(area for area in areas if any(_inside(words_of_name(area.name), name) for name in names))
    return _Entry(unit, names, tuple(tuple(syllables(name)) for name in named), there)


def _fit(entry: _Entry, words: Words, places: dict[str, str]) -> tuple[int, str] | None:
    """How well a unit fits (0 best) and by what; None where it does not."""
    own, others = entry.names[0], list(zip(entry.names[1:], entry.unit.aliases, strict=True))
    for fits, rank in ((_equal, 0), (_starts, 1), (_begin, 2)):
        if fits(words, own):
            return rank, ""
        alias = next((alias for name, alias in others if fits(words, name)), None)
        if alias is not None:
            return rank, Told("còn gọi là %(alias)s", alias=alias)
    area = next((area for area in entry.areas if area.name in places), None)
    if area is not None:
        return 3, places[area.name]
    return (4, "") if _begin(words, tuple(_all_words(entry))) else None


def _all_words(entry: _Entry) -> Iterator[str]:
    """Every word by which a unit and its place are known."""
    for name in entry.names:
        yield from name
    yield from words_of_name(REGIONS.get(entry.unit.region, ""))
    for area in entry.areas:
        for place in (area.name, *area.wards):
            yield from words_of_name(place)


def _equal(words: Words, name: Sequence[str]) -> bool:
    return words == tuple(name)


def _starts(words: Words, name: Sequence[str]) -> bool:
    return " ".join(name).startswith(" ".join(words))


def _begin(words: Words, name: Sequence[str]) -> bool:
    """Whether each of `words` begins a word of `name`."""
    return bool(words) and all(any(part.startswith(word) for part in name) for word in words)


def _inside(part: Words, name: Words) -> bool:
    """Whether the words `part` stand in `name` one after another."""
    return any(name[at : at + len(part)] == part for at in range(len(name) - len(part) + 1))
