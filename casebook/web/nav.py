"""The desk's main menu: which pages stand in it for whom."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.rules.policy import Permission, Viewer


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the menu; `within` are the endpoints on which it counts as the present one."""

    endpoint: str
    title: str
    needs: Permission
    within: tuple[str, ...] = ()

    def is_present(self, endpoint: str | None) -> bool:
        """Whether the person is on this page or on one that belongs to it."""
        return endpoint in {self.endpoint, *self.within}


MAILBOX = "desk.mailbox"
FAILURES = "desk.failures"

OPERATOR_PAGES = tuple(
    f"desk.operator_{page}"
    for page in (
        "line",
        "line_secret",
        "units",
        "unit",
        "unit_new",
        "unit_table",
        "prompts",
        "prompt",
        "health",
        "changes",
    )
)
"""The pages that are tabs of the operator's, or lie behind one."""

ENTRIES = (
    Entry("desk.listing", "Phản ánh", Permission.READ_CASES, ("desk.case",)),
    Entry("desk.dashboard", "Tổng quan", Permission.SEE_DASHBOARD),
    Entry("desk.muted", "Số tạm chặn", Permission.MUTE_CALLERS),
    Entry("desk.unit_cases", "Phản ánh của đơn vị", Permission.READ_UNIT_CASES, ("desk.unit_case",)),
    Entry(FAILURES, "Việc mắc lỗi", Permission.SEE_FAILURES),
    Entry("desk.operator_lines", "Vận hành", Permission.RUN_HOTLINE, OPERATOR_PAGES),
    Entry("desk.identity_requests", "Danh tính", Permission.GRANT_IDENTITY),
    Entry("desk.people", "Tài khoản", Permission.MANAGE_PEOPLE, ("desk.account_of",)),
    Entry(MAILBOX, "Hộp thư thử", Permission.READ_MAILBOX, ("desk.mailbox_letter",)),
    Entry("desk.audit", "Nhật ký", Permission.READ_AUDIT),
)
"""The menu in its order; a person's first entry is also their first page."""


def entries(viewer: Viewer, *, has_mailbox: bool) -> tuple[Entry, ...]:
    """Give the pages that stand in the menu for `viewer`."""
    return tuple(e for e in ENTRIES if viewer.may(e.needs) and (has_mailbox or e.endpoint != MAILBOX))
