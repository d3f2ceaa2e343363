"""Whom by role the complaint is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .people_rules import PeopleRules
from .tokens import Token

_BLAME_REACH = 10
_ROLE_COST = 0.12


def find_roles(tokens: Sequence[Token], rules: PeopleRules, blame: Iterable[int]) -> list[tuple[str, int, int, float]]:
    """Roles complained about: (role, first token, last token, sureness), those nearest to blame first.

    `blame` are the tokens at which evidence against somebody begins.
    """
    blamed = sorted(blame)
    best: dict[str, tuple[int, int, float]] = {}
    for spotted in rules.roles.find([token.text for token in tokens]):
        if spotted.key not in best and spotted.cost <= _ROLE_COST:
            near = sum(1 for b in blamed if -2 <= b - spotted.first <= _BLAME_REACH)
            best[spotted.key] = (spotted.first, spotted.last, min(0.9, 0.35 + 0.2 * near))
    ranked = sorted(((role, *where) for role, where in best.items()), key=lambda r: -r[3])
    return [r for r in ranked if r[3] >= 0.5][:3]
