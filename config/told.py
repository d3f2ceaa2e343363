"""Texts for people with values filled in, which another language can fill in for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self

Look = Callable[[str], str]
"""Looks a text up, as it is written, in another language."""


class Told(str):
    """A Vietnamese text, filled in, which remembers the text as it was written and the values.

    Values that are `Told` are texts of ours too; a tuple holds several texts of ours, joined by semicolons.
    """

    __slots__ = ("text", "values")

    text: str
    values: Mapping[str, object]

    def __new__(cls, text: str, /, **values: object) -> Self:
        """Fill `values` into `text`."""
        told = super().__new__(cls, _filled(text, values, str))
        told.text, told.values = text, values
        return told


def said(text: str, look: Look) -> str:
    """Say a text in another language; one that is no `Told` is looked up whole, and nothing stays nothing."""
    if isinstance(text, Told):
        return _filled(look(text.text), text.values, look)
    return look(text) if text else ""


def _filled(text: str, values: Mapping[str, object], look: Look) -> str:
    return text % {name: _value(value, look) for name, value in values.items()} if values else text


def _value(value: object, look: Look) -> object:
    if isinstance(value, tuple):
        return "; ".join(said(each, look) for each in value)
    return said(value, look) if isinstance(value, Told) else value
