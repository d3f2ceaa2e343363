"""The panel of the unit's answers, and of what the inspector decides about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.rules.policy import WITH_UNIT, Permission
from casebook.rules.states import Status
from casebook.service import files, replies
from casebook.web.panels.panel import Looked, Panel, Place

STATES = {
    replies.GIVEN: "Chờ xem xét",
    replies.ACCEPTED: "Đã chấp nhận",
    replies.SENT_BACK: "Đã gửi lại đơn vị",
}


def values(looked: Looked) -> Mapping[str, Any] | None:
    """Give the answers and their files; nothing while there is nothing to say about the unit."""
    case, keys = looked.case, looked.tools.keys
    given = replies.replies_of(looked.session, case, keys)
    gone = Status(case.status) in WITH_UNIT and case.responsible_unit not in looked.directory.units
    if not given and not case.reply and not gone:
        return None
    attached = [file for file in files.files_of(looked.session, case, keys) if file.reply_id]
    return {
        "replies": given,
        # Written down before answers had rows of their own.
        "old_reply": "" if given else case.reply,
        "files": attached,
        "states": STATES,
        "gone": gone,
        "decides": Status(case.status) is Status.ANSWERED and looked.user.viewer.may(Permission.HANDLE_CASES),
        "accepted": bool(given) and given[0].state == replies.ACCEPTED,
    }


PANEL = Panel("desk/case/replies.html", Place.FORM, values)
"""What the unit answered."""
