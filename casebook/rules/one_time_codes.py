"""Codes of the second factor: those that change every 30 s (TOTP, RFC 6238) and those for a lost phone."""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1
"""How many steps a phone's clock may be off, either way (RFC 6238, 5.2)."""

RECOVERY_CODES = 10
RECOVERY_LENGTH = 12
"""Letters and figures of a recovery code: 60 bits, each tried online only."""

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 signs without those that are taken for one another."""

ISSUER = "Lắng Nghe"


def new_secret() -> str:
    """Draw a secret of 160 bits, as RFC 4226 recommends, in base32."""
    return pyotp.random_base32(32)


def address(secret: str, account: str) -> str:
    """Give the `otpauth:` address that a phone reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def readable_secret(secret: str) -> str:
    """Write a secret in groups of four, to be typed into a phone."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def matching_step(secret: str, code: str, now: datetime, after: int | None) -> int | None:
    """Give the time step whose code this is, None for a wrong one; steps up to `after` were used already."""
    present = int(now.timestamp()) // STEP_SECONDS
    for step in range(present - DRIFT, present + DRIFT + 1):
        used = after is not None and step <= after
        expected = pyotp.TOTP(secret).generate_otp(step)
        if not used and secrets.compare_digest(expected, code):
            return step
    return None


def is_totp(text: str) -> bool:
    """Whether this is the form of a code from a phone."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def plain(text: str) -> str:
    """Take away what people type between a code's signs; something that is no code at all becomes empty."""
    joined = "".join(text.split()).replace("-", "").lower()
    return joined if joined.isascii() and len(joined) <= RECOVERY_LENGTH else ""


def new_recovery_codes() -> list[str]:
    """Draw recovery codes, as `plain` gives them."""
    return ["".join(secrets.choice(_ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]


def readable_code(code: str) -> str:
    """Write a recovery code for people: `abcd-efgh-2345`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
