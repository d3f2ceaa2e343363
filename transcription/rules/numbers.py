"""Numbers in spoken or written Vietnamese: where they are in the words and what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from transcription.rules.lexemes import read_lexemes
from transcription.rules.number_words import (
    FEW_OF,
    GOES_ON,
    SENSELESS_ALONE,
    YEAR_FOLLOWERS,
    Kind,
    Lexeme,
    Value,
    is_counted,
    whole,
)

NumberKind = Literal["cardinal", "digits", "rough"]

_TWENTY = "hăm"  # before a digit only: by itself it is to threaten


@dataclass(frozen=True, slots=True)
class NumberMatch:
    """A number said in words[start:end].

    `digits` are the digits as spoken, leading zeros kept, for kind "digits"; kind "rough" is "hai mươi mấy", whose
    value is the known part.
    """

    start: int
    end: int
    value: Value
    kind: NumberKind
    digits: str = ""


class _Part(NamedTuple):
    value: Value
    end: int


def find_numbers(words: Sequence[str]) -> list[NumberMatch]:
    """All numbers in lower-case `words`, in order, not overlapping; the lone word không is never one."""
    reader = NumberReader(words)
    found: list[NumberMatch] = []
    place = 0
    while place < len(words):
        match = reader.match(place)
        if match is not None:
            found.append(match)
        place = match.end if match else place + 1
    return found


class NumberReader:
    """One reading of the words; each method gives the number starting at a place, or None."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._lexemes: list[Lexeme | None] = [*read_lexemes(words), None, None, None]

    def match(self, start: int) -> NumberMatch | None:
        """The number that starts at `start`."""
        if not self._begins(start):
            return None
        if self._word(start - 1) == "phần":  # a share ("một phần ba"), but for "phần hai triệu kia"
            share = self._cardinal_match(start)
            return share if share is not None and share.value >= 1_000 else None
        return self._spelled_digits(start) or self._rough(start) or self._either(start) or self._cardinal_match(start)

    def cardinal(self, start: int) -> tuple[Value, int] | None:
        """The value and end of the number at `start`, be it a lone digit word like năm or tư."""
        return (self._cardinal(start) or self._unit(start)) if self._begins(start) else None

    def _begins(self, start: int) -> bool:
        return self._lexemes[start] is not None or self._word(start) == "nửa"

    def _cardinal_match(self, start: int) -> NumberMatch | None:
        part = self._cardinal(start)
        if part is None or (part.end == start + 1 and self._senseless(start)):
            return None
        if self._word(part.end) == "mấy" and self._word(part.end + 1) not in FEW_OF:
            return NumberMatch(start, self._past_scales(part.end + 1), part.value, "rough")
        return NumberMatch(start, part.end, whole(part.value), "cardinal")

    def _spelled_digits(self, start: int) -> NumberMatch | None:
        """Three digits or more said one by one: một một năm."""
        end = start
        while self._is(end, "digit", "unit"):
            end += 1
        if self._is(end, "ten", "chuc", "hundred", "scale"):
            end -= 1
        if end - start < 3 or self._is(start, "unit"):
            return None
        digits = "".join(str(self._value(place)) for place in range(start, end))
        return NumberMatch(start, end, int(digits), "digits", digits)

    def _rough(self, start: int) -> NumberMatch | None:
        """Mấy triệu, vài trăm, hàng chục triệu: how many nobody said; "xếp hàng mười giờ" is none."""
        counts = self._is(start, "rough") and not (self._word(start) == "hàng" and self._is(start + 1, "ten"))
        end = self._past_scales(start + 1) if counts else start
        return NumberMatch(start, end, 0, "rough") if end > start + 1 else None

    def _either(self, start: int) -> NumberMatch | None:
        """Hai ba triệu (two or three), năm bảy trăm: rough, too."""
        end = self._past_scales(start + 2) if self._is(start, "digit") and self._is(start + 1, "digit") else 0
        pair = (self._value(start), self._value(start + 1))
        alternative = pair[0] > 0 and (pair[1] == pair[0] + 1 or pair == (5, 7))
        scaled = end > start + 2 and not self._is(end, "digit", "unit")
        return NumberMatch(start, end, 0, "rough") if alternative and scaled else None

    def _past_scales(self, place: int) -> int:
        while self._is(place, "ten", "chuc", "hundred", "scale"):
            place += 1
        return place

    def _cardinal(self, start: int) -> _Part | None:
        part = self._scaled(start)
        total: Value = 0
        last: Value = 0
        while part is not None:
            total, last = total + part.value, self._value(part.end - 1)
            link = int(self._is(part.end, "link"))
            following = self._scaled(part.end + link)
            if following is None or self._value(following.end - 1) >= last:
                return self._tail(_Part(total, part.end), last)
            part = following
        plain = self._plain(start)
        return self._pointed(plain) if plain else None

    def _scaled(self, start: int) -> _Part | None:
        """A count and its scale: ba mươi triệu, nửa tỷ, trăm rưỡi ngàn, and the bare triệu of "triệu hai"."""
        count = self._count(start)
        if count is None or not self._is(count.end, "scale"):
            return None
        value, end = count
        while self._is(end, "scale"):
            value, end = value * self._value(end), end + 1
        return None if self._word(end - 1) == "củ" and self._word(end) == "chi" else _Part(value, end)

    def _count(self, start: int) -> _Part | None:
        if self._word(start) == "nửa":
            return _Part(Decimal("0.5"), start + 1)
        if self._is(start, "scale") and self._tail(_Part(0, start + 1), self._value(start)).end > start + 1:
            return _Part(1, start)
        if self._is(start, "unit") and self._is(start + 1, "scale"):
            return _Part(self._value(start), start + 1)
        plain = self._plain(start)
        return self._pointed(plain) if plain else None

    def _pointed(self, part: _Part) -> _Part:
        """The part with its decimals, said digit by digit or as a number: hai phẩy năm, ba phẩy mười bốn."""
        if not self._is(part.end, "point"):
            return part
        digits, end = "", part.end + 1
        while self._is(end, "digit", "unit") and not self._is(end + 1, "ten", "chuc"):
            digits, end = digits + str(self._value(end)), end + 1
        if not digits:
            tens = self._tens(end)
            digits, end = (str(tens.value), tens.end) if tens else ("", end)
        return _Part(part.value + Decimal(f"0.{digits}"), end) if digits else part

    def _tail(self, part: _Part, scale: Value) -> _Part:
        """What may follow the last scale without a scale of its own: rưỡi, hai (two tenths), năm trăm."""
        value, end = part
        if self._is(end, "half"):
            return _Part(value + Decimal(scale) / 2, end + 1)
        link = int(self._is(end, "link"))
        rest = self._plain(end + link) or self._unit(end + link)
        if rest is None or self._is(rest.end, "scale") or rest.value == 0 or rest.value >= 1_000:
            return part
        if link:
            return _Part(value + rest.value, rest.end)
        worth = self._tail_worth(end, rest, scale)
        if worth is not None and rest.value < 10 and self._is(rest.end, "half"):
            return _Part(value + worth + Decimal(scale) / 20, rest.end + 1)  # "triệu sáu rưỡi"
        return part if worth is None else _Part(value + worth, rest.end)

    def _tail_worth(self, start: int, rest: _Part, scale: Value) -> Value | None:
        counted = self._counted(rest.end)
        if rest.end == start + 1 and rest.value < 10:
            return None if counted or not self._tail_digit(start) else Decimal(rest.value) * scale / 10
        if scale == 1_000:
            return rest.value
        if rest.end == start + 2 and self._is(start + 1, "unit"):
            return None if counted else Decimal(rest.value) * scale / 100
        if rest.value >= 100 or self._is(start + 1, "chuc", "hundred"):
            return rest.value * Decimal(scale) / 1_000
        return None

    def _tail_digit(self, place: int) -> bool:
        """Whether a lone digit after trăm or a scale is its tenth: "triệu hai" is, "triệu một" (a …) is not."""
        word = self._word(place)
        if word in ("một", "mot"):
            return self._word(place + 1) in GOES_ON
        return word not in ("năm", "nam") or self._word(place + 1) not in YEAR_FOLLOWERS

    def _plain(self, start: int) -> _Part | None:
        """A number below a thousand, or one written in digits."""
        if self._is(start, "written"):
            return _Part(self._value(start), start + 1)
        return self._hundreds(start) or self._tens(start) or self._digit(start)

    def _hundreds(self, start: int) -> _Part | None:
        led = self._is(start, "digit", "written") and self._value(start) < 10
        head = start + int(led)
        if not self._is(head, "hundred") or self._word(head - 1) == "phần":
            return None
        value = 100 * self._value(start) if led else 100
        rest = self._after_hundred(head + 1)
        if rest is not None:
            return _Part(value + rest.value, rest.end)
        return _Part(value, head + 1) if led or self._is(head + 1, "scale") else None

    def _after_hundred(self, place: int) -> _Part | None:
        if self._is(place, "half"):
            return _Part(50, place + 1)
        if self._is(place, "link"):
            return self._unit(place + 1) or self._digit(place + 1)
        return self._tens(place) or self._tenth(place)

    def _tenth(self, place: int) -> _Part | None:
        """The colloquial tens of "trăm tư", "hai trăm hai"."""
        unit = self._unit(place)
        if unit:
            return _Part(unit.value * 10, unit.end)
        digit = self._digit(place)
        if digit is None or digit.value == 0 or not self._tail_digit(place):
            return None
        priced = self._word(digit.end) == "một" and self._counted(digit.end + 1)
        if self._counted(digit.end) or (self._is(digit.end, "digit", "ten", "chuc", "hundred") and not priced):
            return None
        if self._word(place) == "năm" and not self._is(digit.end, "scale"):
            return None
        return _Part(digit.value * 10, digit.end)

    def _tens(self, start: int) -> _Part | None:
        """Mười ba, hai mươi mốt, năm chục, hai lăm (short for hai mươi lăm)."""
        if self._is(start, "ten"):
            ten = self._with_unit(self._value(start), start + 1)
            return None if self._word(start) == _TWENTY and ten.end == start + 1 else ten
        if not self._is(start, "digit") or not self._value(start) > 0:
            return None
        value = 10 * self._value(start)
        if self._is(start + 1, "ten"):
            return self._with_unit(value, start + 2)
        if self._is(start + 1, "chuc"):
            return self._unit_after(value, start + 2) or _Part(value, start + 2)
        if self._is_short_pair(start):
            return _Part(value + self._value(start + 1), start + 2)
        return self._unit_after(value, start + 1) if self._value(start) > 1 else None

    def _is_short_pair(self, start: int) -> bool:
        """Whether two digits are tens and units before a scale: "hai chín triệu", but not "năm (year) hai ngàn"."""
        if self._word(start) in ("năm", "nam") or not self._is(start + 1, "digit"):
            return False
        return self._value(start + 1) > 0 and self._is(start + 2, "scale")

    def _with_unit(self, value: Value, place: int) -> _Part:
        digit = self._is(place, "digit") and self._value(place) > 0 and not self._is(place + 1, "ten", "chuc")
        if digit and (self._word(place) not in ("năm", "nam") or self._five(place)):
            return _Part(value + self._value(place), place + 1)
        return self._unit_after(value, place) or _Part(value, place)

    def _five(self, place: int) -> bool:
        """Whether năm after tens is a five (a slip for lăm): only before a scale or a money word."""
        return self._is(place + 1, "scale") or self._word(place + 1) in ("đồng", "phần", "phẩy", "dong", "phan")

    def _unit_after(self, value: Value, place: int) -> _Part | None:
        unit = self._unit(place)
        return _Part(value + unit.value, unit.end) if unit else None

    def _unit(self, place: int) -> _Part | None:
        return _Part(self._value(place), place + 1) if self._is(place, "unit") else None

    def _digit(self, place: int) -> _Part | None:
        return _Part(self._value(place), place + 1) if self._is(place, "digit") else None

    def _senseless(self, place: int) -> bool:
        """Whether a lone digit word most likely is no number here."""
        if self._word(place) == "năm":
            return not is_counted(self._word(place + 1), "")
        return self._word(place) in SENSELESS_ALONE

    def _counted(self, place: int) -> bool:
        return is_counted(self._word(place), self._word(place + 1))

    def _is(self, place: int, *kinds: Kind) -> bool:
        lexeme = self._lexemes[place]
        return lexeme is not None and lexeme.kind in kinds

    def _value(self, place: int) -> Value:
        lexeme = self._lexemes[place]
        return lexeme.value if lexeme else 0

    def _word(self, place: int) -> str:
        return self._words[place] if 0 <= place < len(self._words) else ""
