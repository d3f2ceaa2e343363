"""What may follow what in the life of a case."""

from __future__ import annotations

import pytest

from casebook.rules.states import LABELS, SPOKEN, TRANSITIONS, Action, NotAllowed, Status, after, allowed

JOURNEY = [
    (Action.STRUCTURE, Status.REVIEW),
    (Action.CONFIRM, Status.CONFIRMED),
    (Action.FORWARD, Status.FORWARDED),
    (Action.ACKNOWLEDGE, Status.ACKNOWLEDGED),
    (Action.REPLY, Status.ANSWERED),
    (Action.CLOSE, Status.CLOSED),
]


def test_a_case_goes_from_the_call_to_the_answer() -> None:
    status = Status.OPEN
    for action, expected in JOURNEY:
        status = after(status, action)
        assert status is expected


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (Status.OPEN, Action.FORWARD),
        (Status.REVIEW, Action.FORWARD),
        (Status.CLOSED, Action.CONFIRM),
        (Status.FORWARDED, Action.SET_ASIDE),
        (Status.SET_ASIDE, Action.REPLY),
    ],
)
def test_a_step_cannot_be_skipped(status: Status, action: Action) -> None:
    with pytest.raises(NotAllowed, match=LABELS[status]):
        after(status, action)


def test_a_case_sent_to_the_wrong_unit_goes_back_to_be_sent_again() -> None:
    assert after(Status.FORWARDED, Action.CHANGE_UNIT) is Status.CONFIRMED


def test_an_answer_that_is_not_one_goes_back_to_the_unit_to_be_given_again() -> None:
    assert after(Status.ANSWERED, Action.SEND_BACK) is Status.ACKNOWLEDGED
    assert after(Status.ACKNOWLEDGED, Action.REPLY) is Status.ANSWERED
    with pytest.raises(NotAllowed):
        after(Status.CLOSED, Action.SEND_BACK)


def test_no_state_is_a_dead_end() -> None:
    for status in Status:
        assert allowed(status), status


def test_every_state_can_be_reached_and_has_words_for_the_eye_and_the_ear() -> None:
    reached = {Status.OPEN} | {target for moves in TRANSITIONS.values() for target in moves.values()}
    assert reached == set(Status) == set(LABELS) == set(SPOKEN)
