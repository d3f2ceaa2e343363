"""What may follow what in the life of a case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casebook.rules.states import (
    LABELS,
    SPOKEN,
    TRANSITIONS,
    UNDO_WITHIN,
    Action,
    NotAllowed,
    Status,
    after,
    allowed,
    may_be_undone,
)

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


def test_a_case_confirmed_too_early_goes_back_to_be_checked_and_one_that_left_does_not() -> None:
    assert after(Status.CONFIRMED, Action.RETURN) is Status.REVIEW
    with pytest.raises(NotAllowed):
        after(Status.FORWARDED, Action.RETURN)


@pytest.mark.parametrize("status", [Status.FORWARDED, Status.ACKNOWLEDGED, Status.ANSWERED, Status.CLOSED])
def test_a_case_whose_letter_left_is_not_merged_away(status: Status) -> None:
    with pytest.raises(NotAllowed):
        after(status, Action.MERGE)


@pytest.mark.parametrize(
    ("kind", "before", "after", "status", "minutes", "expected"),
    [
        ("confirm", "review", "confirmed", Status.CONFIRMED, 0, True),
        ("confirm", "review", "confirmed", Status.CONFIRMED, 10, True),
        ("confirm", "review", "confirmed", Status.CONFIRMED, 10.1, False),
        ("confirm", "review", "confirmed", Status.CONFIRMED, -1, False),
        # The letter has left meanwhile.
        ("confirm", "review", "confirmed", Status.FORWARDED, 1, False),
        ("close", "answered", "closed", Status.CLOSED, 5, True),
        ("set_aside", "review", "set_aside", Status.SET_ASIDE, 5, True),
        ("change_unit", "forwarded", "confirmed", Status.CONFIRMED, 5, True),
        ("return_to_queue", "confirmed", "review", Status.REVIEW, 5, True),
        # What others did, or what the system did, is not undone by a button.
        ("acknowledge", "forwarded", "acknowledged", Status.ACKNOWLEDGED, 1, False),
        ("structure", "open", "review", Status.REVIEW, 1, False),
        ("merge", "review", "set_aside", Status.SET_ASIDE, 1, False),
        ("undone", "", "", Status.REVIEW, 1, False),
    ],
)
def test_which_acts_can_be_undone(
    kind: str, before: str, after: str, status: Status, minutes: float, expected: bool
) -> None:
    assert timedelta(minutes=10) == UNDO_WITHIN
    assert may_be_undone(kind, before, after, status, timedelta(minutes=minutes)) is expected


def test_no_state_is_a_dead_end() -> None:
    for status in Status:
        assert allowed(status), status


def test_every_state_can_be_reached_and_has_words_for_the_eye_and_the_ear() -> None:
    reached = {Status.OPEN} | {target for moves in TRANSITIONS.values() for target in moves.values()}
    assert reached == set(Status) == set(LABELS) == set(SPOKEN)
