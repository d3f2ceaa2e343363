"""The life of a case: its states, what may follow what, and the words people see for them."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from config.errors import PermanentError
from config.told import Told


class NotAllowed(PermanentError):
    """Việc này không làm được ở tình trạng hiện tại của phản ánh."""


class Status(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    REVIEW = "review"
    CONFIRMED = "confirmed"
    FORWARDED = "forwarded"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    CLOSED = "closed"
    SET_ASIDE = "set_aside"


class Action(StrEnum):
    """What may be done with a case."""

    STRUCTURE = "structure"
    CONFIRM = "confirm"
    CHANGE_UNIT = "change_unit"
    FORWARD = "forward"
    ACKNOWLEDGE = "acknowledge"
    REPLY = "reply"
    SEND_BACK = "send_back"
    CLOSE = "close"
    SET_ASIDE = "set_aside"
    REOPEN = "reopen"
    RETURN = "return_to_queue"
    MERGE = "merge"


TRANSITIONS: dict[Action, dict[Status, Status]] = {
    Action.STRUCTURE: {Status.OPEN: Status.REVIEW, Status.REVIEW: Status.REVIEW},
    Action.CONFIRM: {Status.REVIEW: Status.CONFIRMED, Status.CONFIRMED: Status.CONFIRMED},
    Action.CHANGE_UNIT: {
        Status.REVIEW: Status.REVIEW,
        Status.CONFIRMED: Status.CONFIRMED,
        # A case sent to the wrong unit goes back to be sent again.
        Status.FORWARDED: Status.CONFIRMED,
        Status.ACKNOWLEDGED: Status.CONFIRMED,
    },
    Action.FORWARD: {Status.CONFIRMED: Status.FORWARDED},
    Action.ACKNOWLEDGE: {Status.FORWARDED: Status.ACKNOWLEDGED},
    Action.REPLY: {Status.FORWARDED: Status.ANSWERED, Status.ACKNOWLEDGED: Status.ANSWERED},
    Action.SEND_BACK: {Status.ANSWERED: Status.ACKNOWLEDGED},
    Action.CLOSE: {
        Status.REVIEW: Status.CLOSED,
        Status.CONFIRMED: Status.CLOSED,
        Status.FORWARDED: Status.CLOSED,
        Status.ACKNOWLEDGED: Status.CLOSED,
        Status.ANSWERED: Status.CLOSED,
    },
    Action.SET_ASIDE: {
        Status.OPEN: Status.SET_ASIDE,
        Status.REVIEW: Status.SET_ASIDE,
        Status.CONFIRMED: Status.SET_ASIDE,
    },
    Action.REOPEN: {Status.CLOSED: Status.REVIEW, Status.SET_ASIDE: Status.REVIEW},
    # Confirmed too early; the letter must not have left.
    Action.RETURN: {Status.CONFIRMED: Status.REVIEW},
    # Another case takes the matter over; one whose letter left cannot be taken back from its unit.
    Action.MERGE: {Status.REVIEW: Status.SET_ASIDE, Status.CONFIRMED: Status.SET_ASIDE},
}
"""For each action: the states it may start from, and the state it leads to."""

UNDOABLE = frozenset({Action.CONFIRM, Action.CHANGE_UNIT, Action.CLOSE, Action.SET_ASIDE, Action.REOPEN, Action.RETURN})
"""Acts of a person that can be taken back as if they had not been; a merge has an undoing of its own."""

UNDO_WITHIN = timedelta(minutes=10)
"""How long the button that undoes an act is good."""

LABELS: dict[Status, str] = {
    Status.OPEN: "Đang tiếp nhận",
    Status.REVIEW: "Chờ kiểm tra",
    Status.CONFIRMED: "Chờ chuyển",
    Status.FORWARDED: "Đã chuyển đơn vị",
    Status.ACKNOWLEDGED: "Đơn vị đã nhận",
    Status.ANSWERED: "Đơn vị đã trả lời",
    Status.CLOSED: "Đã kết thúc",
    Status.SET_ASIDE: "Không xử lý tiếp",
}

SPOKEN: dict[Status, str] = {
    Status.OPEN: "đã được tiếp nhận và đang được ghi lại thành văn bản",
    Status.REVIEW: "đã được tiếp nhận và đang chờ thanh tra xem xét",
    Status.CONFIRMED: "đã được xem xét và sẽ được chuyển đến đơn vị có trách nhiệm",
    Status.FORWARDED: "đã được chuyển đến đơn vị có trách nhiệm và đang được xác minh",
    Status.ACKNOWLEDGED: "đã được đơn vị có trách nhiệm tiếp nhận và đang được xác minh",
    Status.ANSWERED: "đã được đơn vị trả lời và đang được Sở Y tế kiểm tra lại",
    Status.CLOSED: "đã được giải quyết xong",
    Status.SET_ASIDE: "đã được xem xét và không xử lý tiếp",
}
"""What a caller who asks with the code hears, after "Phản ánh của quý vị"."""

FINISHED = frozenset({Status.CLOSED, Status.SET_ASIDE})
AWAITING_ANSWER = frozenset({Status.FORWARDED, Status.ACKNOWLEDGED})


def after(status: Status, action: Action) -> Status:
    """Give the state that `action` leads to; raises NotAllowed where it may not be done."""
    try:
        return TRANSITIONS[action][status]
    except KeyError:
        text = "Phản ánh đang ở tình trạng “%(state)s”, không thực hiện được việc này."
        raise NotAllowed(Told(text, state=Told(LABELS[status]))) from None


def may_be_undone(kind: str, before: str, after: str, status: Status, age: timedelta) -> bool:
    """Whether an act that took a case from `before` to `after` can still be taken back, `age` later."""
    known = kind in {action.value for action in UNDOABLE} and before in set(Status)
    return known and status == after and timedelta() <= age <= UNDO_WITHIN


def allowed(status: Status) -> frozenset[Action]:
    """Give every action that may be done in `status`."""
    return frozenset(action for action, moves in TRANSITIONS.items() if status in moves)
