"""Private and unregistered places, kept as the caller's words: "phòng khám … Kim Quy Việt", "tiệm spa Mây Hồng"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .cues import Cues
from .names import PrivateRules
from .tokens import Token

_LONGEST_NAME = 5
_UNPLACED = 0.4
_DENIED = ["không", "phải"]
_BELONGS = frozenset({"của", "trong"})


@dataclass(frozen=True, slots=True)
class PrivatePlace:
    """A private place named: first and last token, the words, sureness 0-1, if a name was said, if it is a place."""

    first: int
    last: int
    text: str
    sureness: float
    named: bool
    placed: bool = True


def find_private(
    tokens: Sequence[Token], rules: PrivateRules, taken: set[int], *, house_named: bool
) -> list[PrivatePlace]:
    """Private places in `tokens` outside the tokens `taken` by units.

    Where none is named: a hospital that is not listed, if none of the directory is named either (`house_named`); and
    people and groups.
    """
    places = _headed(tokens, rules.sure_heads, rules, taken)
    unlisted = [] if house_named or places else [p for p in _headed(tokens, rules.unlisted, rules, taken) if p.named]
    places += [replace(hospital, sureness=_UNPLACED) for hospital in unlisted[:1]]
    others = _headed(tokens, rules.unplaced, rules, taken)
    return places + [replace(other, sureness=_UNPLACED, placed=False) for other in others]


def _headed(tokens: Sequence[Token], heads: Cues, rules: PrivateRules, taken: set[int]) -> list[PrivatePlace]:
    heard = [token.text for token in tokens]
    found, place = [], 0
    while place < len(heard):
        length = heads.starting_at(heard, place)
        if not length or place in taken or heard[max(0, place - 2) : place] == _DENIED:
            place += 1
            continue
        if place + length in taken or _is_part_of_a_hospital(heard, place + length):
            place += length
            continue
        end, named = _name_end(tokens, heard, place + length, rules, taken)
        text = _text(tokens, place, end)
        found.append(PrivatePlace(place, end, text, 0.75 if named else 0.45, named))
        place = end + 1
    return found


def _is_part_of_a_hospital(heard: Sequence[str], after: int) -> bool:
    """Whether the head is part of something else: "nhà thuốc bệnh viện", "nhà thuốc trong bệnh viện"."""
    after += heard[after : after + 1] != [] and heard[after] in _BELONGS
    return heard[after : after + 1] in (["bệnh"], ["viện"])


def _name_end(
    tokens: Sequence[Token], heard: Sequence[str], start: int, rules: PrivateRules, taken: set[int]
) -> tuple[int, bool]:
    """The last token of the name that begins at `start`, and whether there is a name at all."""
    place = start
    while filler := rules.fillers.starting_at(heard, place):
        place += filler
    named = 0
    while place < len(heard) and named < _LONGEST_NAME and not _ends(tokens, place, rules, taken):
        place, named = place + 1, named + 1
    return place - 1, named > 0


def _ends(tokens: Sequence[Token], place: int, rules: PrivateRules, taken: set[int]) -> bool:
    token, before = tokens[place], tokens[place - 1]
    if place in taken or before.clause_end or token.question != before.question:
        return True
    return token.text in rules.stops and not token.raw.lstrip("\"“'(")[:1].isupper()


def _text(tokens: Sequence[Token], first: int, last: int) -> str:
    words = dict.fromkeys((token.word, token.raw) for token in tokens[first : last + 1])
    return " ".join(word for _, word in words).strip(" .,;:!?\"“”'")
