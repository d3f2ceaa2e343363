"""What a provider of identities says about how somebody proved who they are.

Source: RFC 8176 (values of `amr`); OpenID Connect Core 1.0, 2 (`acr`); REFEDS MFA profile; OpenID PAPE 1.0.
"""

from __future__ import annotations

from collections.abc import Iterable

MULTI_FACTOR = "mfa"
KNOWN = frozenset({"pwd", "pin", "kba"})
"""What somebody knows."""

HELD = frozenset({"otp", "sms", "tel", "hwk", "sc", "swk", "fpt", "face", "iris", "retina", "vbm"})
"""What somebody has or is."""

MULTI_FACTOR_CONTEXTS = frozenset(
    {
        "https://refeds.org/profile/mfa",
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor-physical",
    }
)


def two_factors(amr: Iterable[str], acr: str) -> bool:
    """Whether the provider says that two different factors were shown."""
    methods = frozenset(amr)
    both = bool(methods & KNOWN) and bool(methods & HELD)
    return MULTI_FACTOR in methods or both or acr in MULTI_FACTOR_CONTEXTS
