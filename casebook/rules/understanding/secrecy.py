"""Whether the caller wants to stay unknown: asked for in so many words, or feared for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .sayings import Sayings, Spoken, overlap
from .shapes import Field, WordSpan

_ASKED, _FEARED, _NEITHER = 0.85, 0.7, 0.03
_MORE = 0.6
"""What is left of the doubt with each further saying."""
_SHOWN = 4


def wants_anonymity(
    spoken: Spoken, sayings: Mapping[str, Sayings], show: Callable[[int, int], WordSpan]
) -> Field[bool]:
    """Whether the caller asks to stay unknown or fears reprisal, unless they say that they do not."""
    against = sayings["secrecy.unless"].find(spoken)
    asked, feared = (
        [said for said in sayings[f"secrecy.{kind}"].find(spoken) if not any(overlap(said, no) for no in against)]
        for kind in ("asked", "feared")
    )
    if not asked and not feared:
        return Field(False, _NEITHER, (), "")
    doubt = (1 - (_ASKED if asked else _FEARED)) * _MORE ** (len(asked) + len(feared) - 1)
    because = tuple(show(first, last) for first, last in [*asked, *feared][:_SHOWN])
    return Field(True, round(min(1 - doubt, 0.99), 3), because, "Người gọi xin giữ kín hoặc sợ bị trả thù.")
