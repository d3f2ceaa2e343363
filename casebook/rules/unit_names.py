"""Finding the unit that a person means by what they typed: name, other name, with or without diacritics."""

from __future__ import annotations

from collections.abc import Iterable

from config.directory.units import Unit
from transcription.rules.text import fold

SHOWN = 5
"""Candidates that are named to somebody whose words fit several units, or none."""


def find_unit(text: str, units: Iterable[Unit]) -> Unit | None:
    """Give the one unit that `text` names, else the one whose names contain it; None where it is not one.

    Retired units are not found.
    """
    wanted, listed = fold(text), tuple(unit for unit in units if not unit.retired)
    if not wanted:
        return None
    exact = [unit for unit in listed if wanted in _names(unit)]
    if len(exact) == 1:
        return exact[0]
    near = exact or close_units(text, listed)
    return near[0] if len(near) == 1 else None


def close_units(text: str, units: Iterable[Unit]) -> list[Unit]:
    """List the units, none retired, one of whose names has every word of `text`, shortest name first."""
    return matching_units(text, (unit for unit in units if not unit.retired))


def matching_units(text: str, units: Iterable[Unit]) -> list[Unit]:
    """List the units, retired ones too, one of whose names has every word of `text`, shortest name first."""
    words = fold(text).split()
    found = [unit for unit in units if words and any(_has(name, words) for name in _names(unit))]
    return sorted(found, key=lambda unit: (len(unit.name), unit.name))


def _has(name: str, words: list[str]) -> bool:
    said = name.split()
    return all(any(part.startswith(word) for part in said) for word in words)


def _names(unit: Unit) -> set[str]:
    return {fold(name) for name in (unit.slug, unit.name, *unit.aliases)}
