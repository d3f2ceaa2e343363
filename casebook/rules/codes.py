"""The case code: ten digits that a caller can note down, say and type on a phone.

Nine random digits and a check digit after H. M. Damm (2004): every single wrong digit and every swap
of two neighbours is caught, so a mistyped code is told from an unknown one. Random, not counted: with
a million cases kept, a guess finds one in a thousand times, and look-ups are limited.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

CODE_LENGTH = 10

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: str) -> str:
    """Give the Damm check digit of `digits` (decimal digits only)."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def new_code(randbelow: Callable[[int], int] = secrets.randbelow) -> str:
    """Draw a fresh code; it never begins with 0, which people leave out when they write numbers."""
    body = str(100_000_000 + randbelow(900_000_000))
    return body + check_digit(body)


def is_valid(code: str) -> bool:
    """Whether `code` is ten digits whose check digit is right."""
    return len(code) == CODE_LENGTH and code.isascii() and code.isdigit() and check_digit(code) == "0"


def readable(code: str) -> str:
    """Write a code in groups, as it is read aloud: `123 456 7890`."""
    return f"{code[:3]} {code[3:6]} {code[6:]}"
