"""Spoken figures as they are written: which stretches of words to show in digits, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from transcription.rules.dates import DateMatch
from transcription.rules.dossiers import find_dossiers
from transcription.rules.identifiers import find_identifiers
from transcription.rules.money import find_amounts, format_amount
from transcription.rules.number_words import Value
from transcription.rules.numbers import NumberMatch, NumberReader, find_numbers
from transcription.rules.phones import find_phones
from transcription.rules.text import word_set
from transcription.rules.times import TimeMatch, find_times
from transcription.rules.units import find_quantities

_SURE_ENOUGH = 0.5
_NUMBERED = word_set("quận phường khóm ấp tổ")
"""What is told apart by number, so that even a single digit is written as one."""

_DAY_PARTS = word_set("sáng trưa chiều tối đêm khuya sang trua chieu toi dem")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """words[start:end] are shown as `text`."""

    start: int
    end: int
    text: str


def find_rewrites(words: Sequence[str], dates: Sequence[DateMatch]) -> list[Rewrite]:
    """The figures in lower-case `words` as written, in order and not overlapping; surer kinds go first.

    `dates` are those found in the words.
    """
    groups = (_codes(words), _phones(words), _amounts(words), _times(words), _quantities(words))
    chosen = _without_overlaps(
        rewrite for group in (*groups, _dates(words, dates), _numbers(words)) for rewrite in group
    )
    return sorted(chosen, key=lambda rewrite: rewrite.start)


def gloss(match: DateMatch) -> str:
    """The day a date amounts to, 17/11/2026 for "hôm thứ ba vừa rồi", with a question mark if uncertain."""
    if match.value is None or match.precision != "day":
        return ""
    return f"{match.value:%d/%m/%Y}" + ("?" if match.uncertain else "")


def written_number(value: Value) -> str:
    """`value` as written in Vietnam: 1.500, 2,5."""
    grouped = f"{value:,}" if value >= 1000 else str(value)
    return grouped.translate(str.maketrans(",.", ".,"))


def _without_overlaps(rewrites: Iterable[Rewrite]) -> list[Rewrite]:
    chosen: list[Rewrite] = []
    taken: set[int] = set()
    for rewrite in rewrites:
        places = range(rewrite.start, rewrite.end)
        if taken.isdisjoint(places):
            chosen.append(rewrite)
            taken.update(places)
    return chosen


def _codes(words: Sequence[str]) -> Iterator[Rewrite]:
    for dossier in find_dossiers(words):
        if dossier.sureness >= _SURE_ENOUGH:
            yield Rewrite(dossier.start, dossier.end, dossier.code)
    for identifier in find_identifiers(words):
        if identifier.sureness >= _SURE_ENOUGH:
            yield Rewrite(identifier.start, identifier.end, identifier.value)


def _phones(words: Sequence[str]) -> Iterator[Rewrite]:
    for phone in find_phones(words):
        if phone.sureness >= _SURE_ENOUGH:
            digits = phone.digits
            text = f"{digits[:4]} {digits[4:7]} {digits[7:]}" if len(digits) == 10 else digits
            yield Rewrite(phone.start, phone.end, text)


def _amounts(words: Sequence[str]) -> Iterator[Rewrite]:
    for amount in find_amounts(words):
        if amount.sureness >= _SURE_ENOUGH:
            yield Rewrite(amount.start, amount.end, format_amount(amount.value))


def _times(words: Sequence[str]) -> Iterator[Rewrite]:
    for match in find_times(words):
        yield Rewrite(match.start, match.end, _written_time(words, match))


def _written_time(words: Sequence[str], match: TimeMatch) -> str:
    part = words[match.end - 1] if words[match.end - 1] in _DAY_PARTS else ""
    hour = (match.value.hour % 12 or 12) if part else match.value.hour
    minutes = f" {match.value.minute:02}" if match.value.minute else ""
    return f"{hour} giờ{minutes} {part}".rstrip()


def _quantities(words: Sequence[str]) -> Iterator[Rewrite]:
    for quantity in find_quantities(words):
        space = "" if quantity.unit[0] in "%‰°" else " "
        yield Rewrite(quantity.start, quantity.end, f"{written_number(quantity.value)}{space}{quantity.unit}")


def _dates(words: Sequence[str], dates: Sequence[DateMatch]) -> Iterator[Rewrite]:
    """The numbers inside dates: mùng 5 tháng 1, but thứ ba stays."""
    reader = NumberReader(words)
    for match in dates:
        place = match.start
        while place < match.end:
            number = reader.cardinal(place) if words[place - 1] in ("ngày", "tháng", "mùng", "mồng", "hôm") else None
            if number and place and number[1] <= match.end:
                yield Rewrite(place, number[1], str(number[0]))
            elif match.end - place == 4 and words[place - 1] == "năm" and match.value:
                yield Rewrite(place, match.end, str(match.value.year))
            place = number[1] if number else place + 1


def _numbers(words: Sequence[str]) -> Iterator[Rewrite]:
    for number in find_numbers(words):
        if number.kind == "digits":
            yield Rewrite(number.start, number.end, number.digits)
        elif number.kind == "cardinal" and _worth_digits(words, number):
            yield Rewrite(number.start, number.end, _written(words, number))


def _worth_digits(words: Sequence[str], number: NumberMatch) -> bool:
    after_numbered = number.start > 0 and words[number.start - 1] in _NUMBERED
    return after_numbered or number.end - number.start > 1 or number.value >= 10 or number.value != int(number.value)


def _written(words: Sequence[str], number: NumberMatch) -> str:
    is_year = number.start > 0 and words[number.start - 1] == "năm" and 1900 <= number.value < 2100
    return str(number.value) if is_year else written_number(number.value)
