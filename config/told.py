"""Texts for people with values filled in, which another language can fill in for itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Self

Look = Callable[[str], str]
"""Looks a text up, as it is written, in another language."""


LEAST_OF_ITS_OWN = 10
"""A text of fewer letters of its own, such as `%(one)s và %(other)s`, fits much that never came of it."""

_PLACE = re.compile(r"%\((\w+)\)s")


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


class Written:
    """Texts as they are written, among which one that was kept filled in, as a plain `str`, is found again."""

    def __init__(self, texts: Iterable[str]) -> None:
        own = {text: sum(map(str.isalpha, _PLACE.sub("", text))) for text in texts if _PLACE.search(text)}
        telling = [text for text, letters in own.items() if letters >= LEAST_OF_ITS_OWN]
        # Of two that fit, the one that says more by itself.
        telling.sort(key=lambda text: -own[text])
        self._patterns = tuple((text, _pattern(text)) for text in telling)

    def recall(self, text: str) -> str:
        """Give what `text` was filled in from, with its values; itself where nothing written here fits."""
        for written, pattern in self._patterns:
            if found := pattern.fullmatch(text):
                return Told(written, **found.groupdict())
        return text


def _pattern(text: str) -> re.Pattern[str]:
    """Fit what comes of a text; a value that stands in it twice is the same twice."""
    parts, names = _PLACE.split(text), set[str]()
    for place in range(1, len(parts), 2):
        name = parts[place]
        parts[place] = f"(?P={name})" if name in names else f"(?P<{name}>.*?)"
        names.add(name)
    parts[::2] = map(re.escape, parts[::2])
    return re.compile("".join(parts), re.DOTALL)


def _filled(text: str, values: Mapping[str, object], look: Look) -> str:
    return text % {name: _value(value, look) for name, value in values.items()} if values else text


def _value(value: object, look: Look) -> object:
    if isinstance(value, tuple):
        return "; ".join(said(each, look) for each in value)
    return said(value, look) if isinstance(value, Told) else value
