"""Rules of doors and of identity: two factors elsewhere, rights to read secrets, the broken glass."""

from __future__ import annotations

import pytest

from casebook.rules.policy import Role, Viewer, may_break_glass, reads_secrets
from casebook.rules.sign_on import two_factors
from casebook.rules.states import Status


@pytest.mark.parametrize(
    ("amr", "acr", "two"),
    [
        ((), "", False),
        (("pwd",), "", False),
        (("otp",), "", False),
        (("hwk", "fpt"), "", False),
        (("pwd", "otp"), "", True),
        (("pin", "sc"), "", True),
        (("mfa",), "", True),
        ((), "https://refeds.org/profile/mfa", True),
        ((), "https://refeds.org/profile/sfa", False),
    ],
)
def test_two_factors_are_something_known_and_something_held(amr: tuple[str, ...], acr: str, two: bool) -> None:
    assert two_factors(amr, acr) is two


def test_the_roles_that_open_secrets_are_the_chiefs_and_the_custodians() -> None:
    assert reads_secrets(Role) == {Role.CHIEF_INSPECTOR, Role.CUSTODIAN}
    assert reads_secrets({Role.INSPECTOR, Role.OPERATOR}) == frozenset()


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("emergency", [True, False])
def test_only_inspectors_break_the_glass_and_only_for_an_open_emergency(
    role: Role, status: Status, emergency: bool
) -> None:
    expected = (
        role in {Role.INSPECTOR, Role.CHIEF_INSPECTOR} and emergency and status not in {Status.CLOSED, Status.SET_ASIDE}
    )
    assert may_break_glass(Viewer("ai", frozenset({role})), emergency=emergency, status=status) is expected
