"""Names that nobody introduces: "tui Tư Ếch", "dạ em mỹ dung em thi …", "ai hỏi gọi Năm Rô, 0834 …"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .tokens import DIGITS, Token

_OPENING = 7
"""So near the start of a call, or right at the start of a sentence, callers say who they are."""
_LIKE_SELF = frozenset({"thôi", "toi", "đôi", "tui", "tuôi", "qua"})
_SURE, _LIKELY, _PERHAPS = 0.75, 0.65, 0.55
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class BareName:
    """A name that ends at token `last`, and how sure (0-1)."""

    last: int
    sureness: float


@dataclass(frozen=True)
class BareNames:
    """The words by which such names are known, from people.toml."""

    selves: frozenset[str]
    elders: frozenset[str]
    orders: frozenset[str]
    given: frozenset[str]
    surnames: frozenset[str]
    counted: frozenset[str]
    followers: frozenset[str]
    asking: frozenset[str]
    no_pairs: frozenset[str]
    not_names: frozenset[str]
    stops: frozenset[str]

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> BareNames:
        """Read what people.toml says of them; raises KeyError naming what is missing."""
        return cls(
            selves=frozenset(table["pronouns"]),
            elders=frozenset(table["elders"]),
            orders=frozenset(table["orders"]),
            given=frozenset(table["given"]),
            surnames=frozenset(table["surnames"]),
            counted=frozenset(table["counted"]),
            followers=frozenset(table["followers"]),
            asking=frozenset(table["asking"]),
            no_pairs=frozenset(table["no_names"]),
            not_names=frozenset(table["not_names"]),
            stops=frozenset(table["stops"]),
        )

    def at(self, tokens: Sequence[Token], place: int, *, cased: bool) -> BareName | None:
        """The caller's name that begins at `place`, if one does; `cased` if names are written with capitals."""
        if cased and not is_capital(tokens[place]):
            return None
        opening = place > 0 and self._is_self(tokens, place - 1) and self._opens(tokens, place - 1)
        asked = self._asked_for(tokens, place)
        here = place < _OPENING or place + 1 == len(tokens)
        if not (opening or asked or here or tokens[place].text in self.orders):
            return None
        return self._nickname(tokens, place, opening, asked, cased) or (
            self._written(tokens, place, opening, asked) if cased else self._heard(tokens, place, opening, asked)
        )

    def _nickname(
        self, tokens: Sequence[Token], place: int, opening: bool, asked: bool, cased: bool
    ) -> BareName | None:
        """Tư Ếch, Út Mén: an order of birth and a word that is not counted."""
        last = place + 1
        if tokens[place].text not in self.orders or last >= len(tokens) or tokens[place].clause_end:
            return None
        nick = tokens[last]
        plain = nick.text in self.counted or nick.text in self.orders or nick.text in self.selves
        if (cased and not is_capital(nick)) or (plain and not cased) or not nick.text.isalpha():
            return None
        if _text(tokens, last + 1) == "đây" or (asked and self._number_follows(tokens, last + 1)):
            return BareName(last, _SURE)
        return BareName(last, _LIKELY) if opening else None

    def _written(self, tokens: Sequence[Token], place: int, opening: bool, asked: bool) -> BareName | None:
        """A run of capitals right after "em" at the start, or right before the number to call."""
        last = place
        while last + 1 < len(tokens) and not tokens[last].clause_end and is_capital(tokens[last + 1]):
            last += 1
        known = tokens[place].text in self.given | self.surnames | self.orders
        if last - place >= _LONGEST or not known or self._is_no_pair(tokens, place):
            return None
        if asked and self._number_follows(tokens, last + 1):
            return BareName(last, _LIKELY)
        parts = all(token.text in self.given for token in tokens[place + 1 : last + 1])
        return BareName(last, _LIKELY) if opening and parts else None

    def _heard(self, tokens: Sequence[Token], place: int, opening: bool, asked: bool) -> BareName | None:
        """Two syllables of given names, and then what can only follow a name."""
        first, second = tokens[place].text, _text(tokens, place + 1)
        if asked and first in self.given - self.not_names:
            for last in (place + 1, place):
                if _text(tokens, last) in self.given and self._number_follows(tokens, last + 1):
                    return BareName(last, _PERHAPS)
        if self._ends_the_call(tokens, place) and first not in self.not_names | self.stops:
            return BareName(place, _PERHAPS)
        pair = first in self.given and second in self.given and not self._is_no_pair(tokens, place)
        follows = _text(tokens, place + 2) in self.followers | self.selves
        return BareName(place + 1, _PERHAPS) if opening and pair and follows else None

    def _ends_the_call(self, tokens: Sequence[Token], place: int) -> bool:
        """ "Con là bin" at the very end."""
        last = place + 1 == len(tokens) and place > 1
        return last and tokens[place - 1].text == "là" and tokens[place - 2].text in self.selves

    def _is_no_pair(self, tokens: Sequence[Token], place: int) -> bool:
        return f"{tokens[place].text} {_text(tokens, place + 1)}" in self.no_pairs

    def _is_self(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether "tôi" or the like stands there; at the very start it is often heard as "thôi"."""
        return tokens[place].text in self.selves or (place < 2 and tokens[place].text in _LIKE_SELF)

    def _opens(self, tokens: Sequence[Token], pronoun: int) -> bool:
        return pronoun < _OPENING or tokens[pronoun - 1].sentence_end

    def _asked_for(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether somebody is to call or ask for whom is named here: "gọi Năm Rô", "hỏi chị Bảy"."""
        before = place - 1 - (_text(tokens, place - 1) in self.elders)
        return before >= 0 and tokens[before].text in self.asking

    def _number_follows(self, tokens: Sequence[Token], place: int) -> bool:
        ahead = [_text(tokens, place + n) for n in range(3)]
        return ahead[0] in ("số", "máy", "điện") or (ahead[0] == "không" and ahead[1] in DIGITS)


def is_capital(token: Token) -> bool:
    """Whether the word is written with a capital."""
    return token.raw.lstrip("\"“'(")[:1].isupper()


def has_capitals(tokens: Sequence[Token]) -> bool:
    """Whether capitals tell names: some words have one, and most have none."""
    capitals = sum(map(is_capital, tokens))
    return 1 < capitals < len(tokens) * 0.6


def _text(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) else ""
