"""Who may do and see what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casebook.rules.policy import (
    FIRST_ROLES,
    GRANTS,
    ROLE_NAMES,
    CaseFacts,
    Permission,
    Role,
    Viewer,
    may_act,
    may_decide_request,
    may_see_as_unit,
    may_see_case,
    needs_second_factor,
    roles_of,
    sees_words_in_full,
)
from casebook.rules.states import Action, Status

P, R = Permission, Role


def viewer(*roles: Role) -> Viewer:
    return Viewer("ai@soyte.example", frozenset(roles))


INSPECTING = {P.READ_CASES, P.READ_WORDS_IN_FULL, P.LISTEN, P.HANDLE_CASES, P.ASK_IDENTITY, P.EXPORT}
INSPECTING |= {P.SEE_DASHBOARD, P.SEE_FAILURES, P.RETRY, P.MUTE_CALLERS}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (R.INSPECTOR, INSPECTING),
        (R.CHIEF_INSPECTOR, INSPECTING | {P.READ_CONFIDENTIAL, P.SEND_DAILY, P.READ_MAILBOX, P.HOLD, P.TAKE_OVER}),
        (R.UNIT_OFFICER, {P.READ_UNIT_CASES, P.ANSWER_FOR_UNIT}),
        (R.UNIT_HEAD, {P.READ_UNIT_CASES, P.ANSWER_FOR_UNIT}),
        (R.SUPERVISOR, {P.READ_CASES, P.EXPORT, P.SEE_DASHBOARD, P.SEND_DAILY, P.TAKE_OVER}),
        (R.CUSTODIAN, {P.GRANT_IDENTITY}),
        (R.OPERATOR, {P.SEE_FAILURES, P.RETRY, P.RUN_HOTLINE, P.MANAGE_PEOPLE}),
        (R.AUDITOR, {P.READ_AUDIT}),
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
        (R.UNIT_OFFICER, False, False),
        (R.UNIT_HEAD, False, False),
        (R.SUPERVISOR, True, False),
        (R.CUSTODIAN, False, False),
        (R.OPERATOR, False, False),
        (R.AUDITOR, False, False),
    ],
)
def test_the_confidential_line_is_the_chief_inspectors(role: Role, plain: bool, confidential: bool) -> None:
    assert may_see_case(viewer(role), CaseFacts("chat_luong", Status.REVIEW)) is plain
    assert may_see_case(viewer(role), CaseFacts("chat_luong", Status.REVIEW, confidential=True)) is confidential


def test_lines_and_regions_narrow_what_a_role_allows() -> None:
    narrow = Viewer("ai", frozenset({R.INSPECTOR}), lines=frozenset({"chat_luong"}), regions=frozenset({"tphcm"}))
    here = CaseFacts("chat_luong", Status.REVIEW, regions=frozenset({"tphcm", "binh_duong"}))
    assert may_see_case(narrow, here)
    assert not may_see_case(narrow, replace(here, line="dich_vu_cong"))
    assert not may_see_case(narrow, replace(here, regions=frozenset({"binh_duong"})))
    assert may_see_case(narrow, replace(here, regions=frozenset())), "no unit yet: it might be theirs"


def test_a_unit_sees_what_was_sent_to_it_and_from_then_on() -> None:
    officer = Viewer("ai", frozenset({R.UNIT_OFFICER}), unit="bv-cho-ray")
    sent = CaseFacts("chat_luong", Status.FORWARDED, responsible_unit="bv-cho-ray")
    assert may_see_as_unit(officer, sent)
    assert not may_see_as_unit(officer, replace(sent, status=Status.CONFIRMED))
    assert not may_see_as_unit(officer, replace(sent, responsible_unit="bv-binh-dan"))
    assert not may_see_as_unit(replace(officer, unit=None), replace(sent, responsible_unit=None))
    assert not may_see_as_unit(viewer(R.INSPECTOR), sent)


def test_nobody_grants_their_own_look_while_another_could() -> None:
    custodian = viewer(R.CUSTODIAN)
    assert may_decide_request(custodian, "khac@soyte.example", only_custodian=False)
    assert not may_decide_request(custodian, custodian.actor, only_custodian=False)
    assert may_decide_request(custodian, custodian.actor, only_custodian=True)
    assert not may_decide_request(viewer(R.CHIEF_INSPECTOR), "khac@soyte.example", only_custodian=True)


def test_inspectors_and_above_need_a_second_factor() -> None:
    assert [role for role in Role if not needs_second_factor([role])] == [R.UNIT_OFFICER, R.UNIT_HEAD]


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
