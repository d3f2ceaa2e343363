"""Vietnamese telephone numbers: one form to compare, one to read, one that hides.

Sources: ITU-T E.164; Circular 22/2014/TT-BTTTT (numbering plan: 0 + 9 or 10 digits, 1800/1900 services,
three- and four-digit short codes).
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_WITHHELD = {"anonymous", "restricted", "unavailable", "unknown", "private", "blocked", "+266696687"}
"""What carriers put in place of a withheld number; +266696687 spells ANONYMOUS at Twilio."""

_SERVICE = re.compile(r"^1[89]00[0-9]{4,6}$")
_SHORT = re.compile(r"^[0-9]{3,5}$")
_NATIONAL = re.compile(r"^0[1-9][0-9]{8,9}$")
_INTERNATIONAL = re.compile(r"^\+[1-9][0-9]{6,14}$")
_ALIAS = re.compile(r"[^a-z0-9_.-]")
_LONGEST = 64


def e164(text: str) -> str:
    """Give the one form of a number or SIP address by which two spellings of it are equal.

    Vietnamese numbers become `+84…`; 1800/1900 and short codes stay as dialled, for they have no
    international form; a SIP user that is no number becomes a lower-case alias; a withheld or empty
    number becomes `""`. Never raises: what a carrier sends is not ours to choose.
    """
    user = _user_part(text)
    if user.lower() in _WITHHELD:
        return ""
    digits = re.sub(r"[\s().\-]", "", user)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return _ALIAS.sub("", user.lower()).strip("._-")[:_LONGEST]
    return _number(digits)[:_LONGEST]


def _user_part(text: str) -> str:
    bare = re.sub(r"^(sips?|tel):", "", text.strip()[:512], flags=re.IGNORECASE)
    return unquote(re.split(r"[@;?]", bare, maxsplit=1)[0]).strip()


def _number(digits: str) -> str:
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    service = digits.removeprefix("+").removeprefix("84")
    if _SERVICE.match(service):
        return service
    if _NATIONAL.match(digits):
        return "+84" + digits[1:]
    if re.match(r"^84[1-9][0-9]{8,9}$", digits):
        return "+" + digits
    return digits


def is_phone(number: str) -> bool:
    """Tell whether `number`, as given by `e164`, can be dialled, so is no SIP alias and not withheld."""
    return any(form.match(number) for form in (_INTERNATIONAL, _SERVICE, _SHORT))


def readable(number: str) -> str:
    """Write a number as people in Vietnam do: `096 777 1010`, `028 3930 9912`, `1900 638 563`."""
    plain = e164(number)
    if plain.startswith("+84"):
        return _grouped("0" + plain[3:])
    return _grouped(plain) if _SERVICE.match(plain) else plain


def _grouped(digits: str) -> str:
    if _SERVICE.match(digits):
        tail = digits[4:]
        return f"{digits[:4]} {tail}" if len(tail) < 6 else f"{digits[:4]} {tail[:3]} {tail[3:]}"
    middle = 7 if len(digits) == 11 else 6
    return f"{digits[:3]} {digits[3:middle]} {digits[middle:]}"


def masked(number: str) -> str:
    """Write a number so that a reader can tell two apart but call neither: `096 ••• ••10`."""
    text = readable(number)
    if sum(character.isdigit() for character in text) < 7:
        return "•••"
    return "".join(
        "•" if character.isalnum() and 3 <= place < len(text) - 2 else character for place, character in enumerate(text)
    )
