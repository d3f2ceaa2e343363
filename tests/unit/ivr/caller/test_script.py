"""Plans: what is pressed and said, in order, and what no telephone can do."""

from __future__ import annotations

import pytest

from ivr.caller.script import (
    CallPlan,
    HangUp,
    Key,
    Moment,
    PlanError,
    Script,
    Silence,
    Text,
    parse_hang_up,
    parse_keys,
    random_caller,
)


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("1,4,skip", ("1", "4", "")),
        (" 1 , - ,0", ("1", "", "0")),
        ("2,1234567890#", ("2", "1234567890#")),
        ("*", ("*",)),
        ("1,,2", ("1", "", "2")),
        ("", ()),
    ],
)
def test_keys_are_read_one_entry_a_question(written: str, keys: tuple[str, ...]) -> None:
    assert parse_keys(written) == keys


@pytest.mark.parametrize("written", ["a", "1,x2", "1;2", "١"])
def test_keys_no_telephone_has_are_refused(written: str) -> None:
    with pytest.raises(PlanError):
        parse_keys(written)
    with pytest.raises(PlanError):
        CallPlan("0967771010", keys=(written,))


@pytest.mark.parametrize(
    ("written", "moment"),
    [("record:2", HangUp(Moment.RECORD, 2)), ("gather", HangUp(Moment.GATHER)), ("say:1", HangUp(Moment.SAY))],
)
def test_a_hang_up_is_read(written: str, moment: HangUp) -> None:
    assert parse_hang_up(written) == moment


@pytest.mark.parametrize("written", ["", "later", "record:x", "record:-1", ":2"])
def test_a_hang_up_that_means_nothing_is_refused(written: str) -> None:
    with pytest.raises(PlanError):
        parse_hang_up(written)


def test_a_script_gives_keys_and_messages_in_order_and_then_nothing() -> None:
    script = Script(CallPlan("1", keys=("1", "skip"), messages=(Text("một"), Key("#"))))
    assert [script.keys() for _ in range(3)] == ["1", "", ""]
    assert [script.message() for _ in range(3)] == [Text("một"), Key("#"), Silence()]


def test_the_caller_hangs_up_at_the_planned_moment_and_only_then() -> None:
    script = Script(CallPlan("1", hang_up=HangUp(Moment.RECORD, 2)))
    moments = [Moment.RECORD, Moment.SAY, Moment.SAY, Moment.RECORD, Moment.RECORD]
    assert [script.hangs_up(moment) for moment in moments] == [False, False, False, True, False]


def test_a_random_caller_is_a_vietnamese_mobile_number() -> None:
    number = random_caller()
    assert number.startswith("+8490")
    assert len(number) == 12
