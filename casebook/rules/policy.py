"""Who may do and see what: the one place that says so.

Source: no decision by a machine alone (NĐ 142/2026); the caller's identity is secret and each look at it is
answered for (Law on Denunciations 2018 Art. 47, 56); the confidential line is the Chief Inspector's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from casebook.rules.states import Action


class Role(StrEnum):
    """What a person is at the Department; one person may be several."""

    INSPECTOR = "inspector"
    CHIEF_INSPECTOR = "chief_inspector"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"


class Permission(StrEnum):
    """Something that a role allows."""

    READ_CASES = "read_cases"
    READ_CONFIDENTIAL = "read_confidential"
    LISTEN = "listen"
    HANDLE_CASES = "handle_cases"
    SEE_IDENTITY = "see_identity"
    EXPORT = "export"
    SEE_FAILURES = "see_failures"
    RETRY = "retry"
    SEND_DAILY = "send_daily"
    READ_MAILBOX = "read_mailbox"
    HOLD = "hold"


_INSPECTING = frozenset(
    {
        Permission.READ_CASES,
        Permission.LISTEN,
        Permission.HANDLE_CASES,
        Permission.SEE_IDENTITY,
        Permission.EXPORT,
        Permission.SEE_FAILURES,
        Permission.RETRY,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.INSPECTOR: _INSPECTING,
    Role.CHIEF_INSPECTOR: _INSPECTING
    # The local mailbox shows the letters of the confidential line too.
    | {Permission.READ_CONFIDENTIAL, Permission.SEND_DAILY, Permission.READ_MAILBOX, Permission.HOLD},
    Role.SUPERVISOR: frozenset({Permission.READ_CASES, Permission.EXPORT, Permission.SEND_DAILY}),
    Role.OPERATOR: frozenset({Permission.SEE_FAILURES, Permission.RETRY}),
}
"""What each role allows; nothing else is allowed."""

ROLE_NAMES = {
    Role.INSPECTOR: "Thanh tra viên",
    Role.CHIEF_INSPECTOR: "Chánh Thanh tra",
    Role.SUPERVISOR: "Lãnh đạo",
    Role.OPERATOR: "Vận hành",
}

FIRST_ROLES = (Role.CHIEF_INSPECTOR, Role.OPERATOR)
"""What the account made on the first run may be: enough to see everything there is."""

ACTIONS_BY_PEOPLE = frozenset(Action) - {Action.STRUCTURE, Action.FORWARD}
"""Understanding and delivery are the system's; a person asks for them in other ways."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person at the desk: how events name them, and what they are."""

    actor: str
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether one of the person's roles allows it."""
        return any(permission in GRANTS[role] for role in self.roles)


def roles_of(names: Iterable[str]) -> frozenset[Role]:
    """Read stored role names; a name that is no role any more allows nothing."""
    known = {role.value for role in Role}
    return frozenset(Role(name) for name in names if name in known)


def may_see_case(viewer: Viewer, *, confidential: bool) -> bool:
    """Whether the case exists for this person at all."""
    return viewer.may(Permission.READ_CASES) and (not confidential or viewer.may(Permission.READ_CONFIDENTIAL))


def may_act(viewer: Viewer, action: Action) -> bool:
    """Whether this person may take this action on a case that they see."""
    return action in ACTIONS_BY_PEOPLE and viewer.may(Permission.HANDLE_CASES)


def sees_words_in_full(viewer: Viewer) -> bool:
    """Whether words that say who the caller is are shown in answers other than the contact."""
    return viewer.may(Permission.SEE_IDENTITY)
