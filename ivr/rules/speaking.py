"""Numbers, case codes and dates as a Vietnamese voice says them, digit by digit where it matters."""

from __future__ import annotations

from datetime import date

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")

GROUPS = (3, 3, 4)
"""A case code is read in groups like a telephone number, which people write down without error."""


def spoken_digits(digits: str) -> str:
    """Read digits one by one, `101` as “một, không, một”; anything that is no digit is left out."""
    return ", ".join(DIGITS[int(digit)] for digit in digits if digit in "0123456789")


def code_groups(code: str) -> tuple[str, ...]:
    """Cut a case code into the groups it is read in; whatever is left over makes the last one."""
    cuts, start = [], 0
    for length in GROUPS:
        cuts.append(code[start : start + length])
        start += length
    cuts.append(code[start:])
    return tuple(group for group in cuts if group)


def spoken_code(code: str) -> str:
    """Read a case code aloud, a pause after each group."""
    return ". ".join(spoken_digits(group) for group in code_groups(code)) + "."


def spoken_number(number: int) -> str:
    """Read a number from 0 to 99 as a word: 21 as “hai mươi mốt”. Raises ValueError outside."""
    if not 0 <= number <= 99:
        raise ValueError(number)
    tens, units = divmod(number, 10)
    if tens == 0:
        return DIGITS[units]
    head = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    return f"{head} {_unit_after(tens, units)}".rstrip()


def _unit_after(tens: int, units: int) -> str:
    special = {0: "", 5: "lăm"} | ({1: "mốt", 4: "tư"} if tens > 1 else {})
    return special.get(units, DIGITS[units])


def spoken_date(day: date) -> str:
    """Read a date aloud: “ngày mười tám tháng mười một năm hai không hai sáu”."""
    month = "tư" if day.month == 4 else spoken_number(day.month)
    early = "mồng " if day.day <= 10 else ""
    year = " ".join(DIGITS[int(digit)] for digit in str(day.year))
    return f"ngày {early}{spoken_number(day.day)} tháng {month} năm {year}"
