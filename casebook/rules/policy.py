"""Who may do and see what: the one place that says so.

Source: no decision by a machine alone (NĐ 142/2026); the caller's identity is secret and each look at it is
answered for (Law on Denunciations 2018 Art. 47, 56); the confidential line is the Chief Inspector's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from casebook.rules.states import Action, Status


class Role(StrEnum):
    """What a person is at the Department or at a unit; one person may be several."""

    INSPECTOR = "inspector"
    CHIEF_INSPECTOR = "chief_inspector"
    UNIT_OFFICER = "unit_officer"
    UNIT_HEAD = "unit_head"
    SUPERVISOR = "supervisor"
    CUSTODIAN = "custodian"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """Something that a role allows."""

    READ_CASES = "read_cases"
    READ_CONFIDENTIAL = "read_confidential"
    READ_WORDS_IN_FULL = "read_words_in_full"
    LISTEN = "listen"
    HANDLE_CASES = "handle_cases"
    TAKE_OVER = "take_over"
    ASK_IDENTITY = "ask_identity"
    GRANT_IDENTITY = "grant_identity"
    EXPORT = "export"
    SEE_DASHBOARD = "see_dashboard"
    SEE_FAILURES = "see_failures"
    RETRY = "retry"
    SEND_DAILY = "send_daily"
    READ_MAILBOX = "read_mailbox"
    HOLD = "hold"
    MUTE_CALLERS = "mute_callers"
    READ_UNIT_CASES = "read_unit_cases"
    ANSWER_FOR_UNIT = "answer_for_unit"
    RUN_HOTLINE = "run_hotline"
    MANAGE_PEOPLE = "manage_people"
    READ_AUDIT = "read_audit"


_INSPECTING = frozenset(
    {
        Permission.READ_CASES,
        Permission.READ_WORDS_IN_FULL,
        Permission.LISTEN,
        Permission.HANDLE_CASES,
        Permission.ASK_IDENTITY,
        Permission.EXPORT,
        Permission.SEE_DASHBOARD,
        Permission.SEE_FAILURES,
        Permission.RETRY,
        Permission.MUTE_CALLERS,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.INSPECTOR: _INSPECTING,
    Role.CHIEF_INSPECTOR: _INSPECTING
    # The local mailbox shows the letters of the confidential line too.
    | {
        Permission.READ_CONFIDENTIAL,
        Permission.SEND_DAILY,
        Permission.READ_MAILBOX,
        Permission.HOLD,
        Permission.TAKE_OVER,
    },
    Role.UNIT_OFFICER: frozenset({Permission.READ_UNIT_CASES, Permission.ANSWER_FOR_UNIT}),
    Role.UNIT_HEAD: frozenset({Permission.READ_UNIT_CASES, Permission.ANSWER_FOR_UNIT}),
    Role.SUPERVISOR: frozenset(
        {
            Permission.READ_CASES,
            Permission.EXPORT,
            Permission.SEE_DASHBOARD,
            Permission.SEND_DAILY,
            Permission.TAKE_OVER,
        }
    ),
    Role.CUSTODIAN: frozenset({Permission.GRANT_IDENTITY}),
    Role.OPERATOR: frozenset(
        {Permission.SEE_FAILURES, Permission.RETRY, Permission.RUN_HOTLINE, Permission.MANAGE_PEOPLE}
    ),
    Role.AUDITOR: frozenset({Permission.READ_AUDIT}),
}
"""What each role allows; nothing else is allowed."""

ROLE_NAMES = {
    Role.INSPECTOR: "Thanh tra viên",
    Role.CHIEF_INSPECTOR: "Chánh Thanh tra",
    Role.UNIT_OFFICER: "Cán bộ đơn vị",
    Role.UNIT_HEAD: "Thủ trưởng đơn vị",
    Role.SUPERVISOR: "Lãnh đạo",
    Role.CUSTODIAN: "Người giữ danh tính",
    Role.OPERATOR: "Vận hành",
    Role.AUDITOR: "Kiểm toán",
}

FIRST_ROLES = (Role.CHIEF_INSPECTOR, Role.CUSTODIAN, Role.OPERATOR, Role.AUDITOR)
"""What the account made on the first run may be: enough to see everything there is."""

TWO_FACTORS = frozenset(
    {Role.INSPECTOR, Role.CHIEF_INSPECTOR, Role.SUPERVISOR, Role.CUSTODIAN, Role.OPERATOR, Role.AUDITOR}
)
"""Roles that need a second factor: inspectors and above, and whoever could open doors to them."""

UNIT_ROLES = frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD})
"""Roles that mean nothing without a unit."""

WITH_UNIT = frozenset({Status.FORWARDED, Status.ACKNOWLEDGED, Status.ANSWERED, Status.CLOSED})
"""Where a case stands while the responsible unit may see it: from the letter on."""

ACTIONS_BY_PEOPLE = frozenset(Action) - {Action.STRUCTURE, Action.FORWARD}
"""Understanding and delivery are the system's; a person asks for them in other ways."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person at the desk: how events name them, what they are, and how far they see.

    `unit` is the unit they answer for; `lines` and `regions` narrow what their roles allow, None for no limit.
    """

    actor: str
    roles: frozenset[Role]
    unit: str | None = None
    lines: frozenset[str] | None = None
    regions: frozenset[str] | None = None

    def may(self, permission: Permission) -> bool:
        """Whether one of the person's roles allows it."""
        return any(permission in GRANTS[role] for role in self.roles)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What of a case decides who sees it; `regions` are those of its units, none while it has no unit."""

    line: str
    status: Status
    confidential: bool = False
    responsible_unit: str | None = None
    regions: frozenset[str] = frozenset()


def roles_of(names: Iterable[str]) -> frozenset[Role]:
    """Read stored role names; a name that is no role any more allows nothing."""
    known = {role.value for role in Role}
    return frozenset(Role(name) for name in names if name in known)


def may_see_case(viewer: Viewer, case: CaseFacts) -> bool:
    """Whether the case exists on the Department's pages for this person."""
    cleared = not case.confidential or viewer.may(Permission.READ_CONFIDENTIAL)
    on_line = viewer.lines is None or case.line in viewer.lines
    # A case without a unit has no region yet: everybody who might get it sees it.
    in_region = viewer.regions is None or not case.regions or bool(case.regions & viewer.regions)
    return viewer.may(Permission.READ_CASES) and cleared and on_line and in_region


def may_see_as_unit(viewer: Viewer, case: CaseFacts) -> bool:
    """Whether the case exists on the unit's pages for this person: it was sent to their unit."""
    mine = viewer.unit is not None and case.responsible_unit == viewer.unit
    return viewer.may(Permission.READ_UNIT_CASES) and mine and case.status in WITH_UNIT


def may_act(viewer: Viewer, action: Action) -> bool:
    """Whether this person may take this action on a case that they see on the Department's pages."""
    return action in ACTIONS_BY_PEOPLE and viewer.may(Permission.HANDLE_CASES)


def may_decide_request(viewer: Viewer, asked_by: str, *, only_custodian: bool) -> bool:
    """Whether this person may grant a look that `asked_by` requested: another's, unless there is nobody else."""
    return viewer.may(Permission.GRANT_IDENTITY) and (viewer.actor != asked_by or only_custodian)


def reads_secrets(roles: Iterable[Role]) -> frozenset[Role]:
    """Give those of the roles that open the confidential line or a caller's identity: none is given in silence."""
    secret = {Permission.READ_CONFIDENTIAL, Permission.GRANT_IDENTITY}
    return frozenset(role for role in roles if GRANTS[role] & secret)


def may_break_glass(viewer: Viewer, *, emergency: bool, status: Status) -> bool:
    """Whether this person may see who called without waiting for a grant: a life is in danger, the case is open."""
    unfinished = status not in {Status.CLOSED, Status.SET_ASIDE}
    return viewer.may(Permission.ASK_IDENTITY) and emergency and unfinished


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Whether an account with these roles must prove itself by a second factor."""
    return not TWO_FACTORS.isdisjoint(roles)


def sees_file(viewer: Viewer, *, shared: bool) -> bool:
    """Whether an attachment is shown on the Department's pages: others than inspectors see what the unit may see."""
    return shared or viewer.may(Permission.READ_WORDS_IN_FULL)


def sees_words_in_full(viewer: Viewer) -> bool:
    """Whether words that say who the caller is are shown in answers other than the contact."""
    return viewer.may(Permission.READ_WORDS_IN_FULL)
