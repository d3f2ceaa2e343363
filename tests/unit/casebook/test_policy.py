"""Who may do and see what."""

from __future__ import annotations

import pytest

from casebook.rules.policy import (
    FIRST_ROLES,
    GRANTS,
    ROLE_NAMES,
    Permission,
    Role,
    Viewer,
    may_act,
    may_see_case,
    roles_of,
    sees_words_in_full,
)
from casebook.rules.states import Action

P, R = Permission, Role


def viewer(*roles: Role) -> Viewer:
    return Viewer("ai@soyte.example", frozenset(roles))


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (
            R.INSPECTOR,
            {P.READ_CASES, P.LISTEN, P.HANDLE_CASES, P.SEE_IDENTITY, P.EXPORT, P.SEE_FAILURES, P.RETRY},
        ),
        (R.CHIEF_INSPECTOR, set(Permission)),
        (R.SUPERVISOR, {P.READ_CASES, P.EXPORT, P.SEND_DAILY}),
        (R.OPERATOR, {P.SEE_FAILURES, P.RETRY}),
    ],
)
def test_each_role_may_do_its_work_and_nothing_else(role: Role, allowed: set[Permission]) -> None:
    assert {permission for permission in Permission if viewer(role).may(permission)} == allowed


def test_several_roles_add_up_and_none_allow_nothing() -> None:
    both = viewer(R.SUPERVISOR, R.OPERATOR)
    assert both.may(P.SEND_DAILY)
    assert both.may(P.RETRY)
    assert not both.may(P.LISTEN)
    assert not any(viewer().may(permission) for permission in Permission)


@pytest.mark.parametrize(
    ("role", "plain", "confidential"),
    [
        (R.INSPECTOR, True, False),
        (R.CHIEF_INSPECTOR, True, True),
        (R.SUPERVISOR, True, False),
        (R.OPERATOR, False, False),
    ],
)
def test_the_confidential_line_is_the_chief_inspectors(role: Role, plain: bool, confidential: bool) -> None:
    assert may_see_case(viewer(role), confidential=False) is plain
    assert may_see_case(viewer(role), confidential=True) is confidential


def test_only_inspectors_act_and_nobody_does_the_systems_work() -> None:
    for role in Role:
        acts = {action for action in Action if may_act(viewer(role), action)}
        inspecting = role in {R.INSPECTOR, R.CHIEF_INSPECTOR}
        assert acts == (set(Action) - {Action.STRUCTURE, Action.FORWARD} if inspecting else set())


def test_who_may_not_see_the_caller_reads_words_without_them() -> None:
    assert [role for role in Role if sees_words_in_full(viewer(role))] == [R.INSPECTOR, R.CHIEF_INSPECTOR]


def test_stored_names_that_are_no_role_any_more_allow_nothing() -> None:
    assert roles_of(["inspector", "emperor", ""]) == {R.INSPECTOR}


def test_every_role_is_granted_something_and_has_a_name() -> None:
    assert set(GRANTS) == set(ROLE_NAMES) == set(Role)
    assert set(FIRST_ROLES) <= set(Role)
