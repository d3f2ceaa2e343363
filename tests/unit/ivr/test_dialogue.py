"""The conversation, told as stories: what a caller does, and what they then hear."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from config.directory.lines import Line
from ivr.rules.dialogue import (
    Action,
    CaseOpened,
    Dial,
    DialEmergency,
    Dialled,
    Gather,
    Hangup,
    HungUp,
    Input,
    Keys,
    LookedUp,
    LookUp,
    LookUpBlocked,
    OpenCase,
    Outcome,
    Record,
    Recorded,
    Say,
    Spell,
    State,
    Step,
    Turn,
    advance,
    begin,
    from_json,
    to_json,
)

Lines = dict[str, Line]
CODE = "1234567890"


def talk(line: Line, *inputs: Input, closed: bool = False) -> list[Turn]:
    """Play a call; the case opens by itself whenever the dialogue asks for it."""
    turns = [begin(line, closed=closed)]
    for heard in inputs:
        turns.append(advance(line, turns[-1].state, heard))
        if any(isinstance(action, OpenCase) for action in turns[-1].actions):
            asked = turns.pop()
            opened = advance(line, asked.state, CaseOpened(CODE))
            turns.append(Turn(opened.state, (*asked.actions, *opened.actions)))
    return turns


def prompts(turn: Turn) -> list[str]:
    return [said for action in turn.actions for said in _said(action)]


def _said(action: Action) -> list[str]:
    match action:
        case Say(prompt):
            return [prompt]
        case Spell(digits):
            return [digits]
        case Gather(spoken=spoken):
            return [said for inner in spoken for said in _said(inner)]
    return []


def recorded(turn: Turn) -> str:
    return next(action.question for action in turn.actions if isinstance(action, Record))


@pytest.fixture
def line(lines: Lines) -> Line:
    return lines["chat_luong"]


@pytest.fixture
def secret(lines: Lines) -> Line:
    return lines["ve_benh_moi_tien"]


@pytest.fixture
def guide(lines: Lines) -> Line:
    return lines["dich_vu_cong"]


def test_the_caller_is_greeted_told_of_the_recording_and_given_the_menu_in_one_breath(line: Line) -> None:
    (turn,) = talk(line)
    assert prompts(turn) == ["greeting", "emergency_hint", "notice-2026-1", "menu"]
    assert isinstance(turn.actions[0], Gather)


def test_outside_hours_the_caller_is_told_so_and_can_still_report(line: Line) -> None:
    turns = talk(line, Keys("1"), Keys("4"), closed=True)
    assert "closed" in prompts(turns[0])
    assert recorded(turns[2]) == "facility"


def test_a_whole_report_asks_each_question_alone_and_reads_the_code_twice(line: Line) -> None:
    turns = talk(line, Keys("1"), Keys("4"), Recorded(), Recorded(), Keys("1"), Recorded(), Keys())
    assert prompts(turns[1]) == ["categories"]
    assert turns[2].state.category == "thai_do_phuc_vu"
    assert turns[2].actions[0] == OpenCase("thai_do_phuc_vu")
    assert prompts(turns[2]) == ["being_recorded", "ask_facility"]
    assert [recorded(turns[n]) for n in (2, 3, 5)] == ["facility", "story", "contact"]
    assert prompts(turns[4]) == ["contact_door"]
    assert prompts(turns[6]).count(CODE) == 2
    assert prompts(turns[7]) == ["goodbye"]
    assert turns[7].actions[-1] == Hangup()
    assert turns[7].state.outcome is Outcome.REPORTED
    assert turns[7].state.heard == ("facility", "story", "contact")


def test_the_case_is_opened_before_the_first_recording(line: Line) -> None:
    turn = advance(line, State(step=Step.CATEGORY), Keys("0"))
    assert turn.actions == (Say("category_skipped"), OpenCase(""))


@pytest.mark.parametrize("skipping", [[Keys("0")], [Keys("#")], [Keys(), Keys(), Keys()], [Keys("7")] * 3])
def test_the_category_can_be_skipped_by_key_or_by_not_choosing(line: Line, skipping: list[Keys]) -> None:
    turns = talk(line, Keys("1"), *skipping)
    assert "category_skipped" in prompts(turns[-1])
    assert recorded(turns[-1]) == "facility"


def test_a_caller_stays_anonymous_by_key_and_is_never_asked_for_a_name(line: Line) -> None:
    turns = talk(line, Keys("1"), Keys("1"), Recorded(), Recorded(), Keys("0"))
    assert turns[-1].state.anonymous
    assert prompts(turns[-1])[:2] == ["staying_anonymous", "code_is"]


def test_on_an_open_line_a_caller_who_presses_nothing_may_speak_at_once(line: Line) -> None:
    turns = talk(line, Keys("1"), Keys("1"), Recorded(), Recorded(), Keys())
    assert recorded(turns[-1]) == "contact"
    assert not turns[-1].state.anonymous


def test_on_the_confidential_line_silence_means_anonymous_and_no_category_is_asked(secret: Line) -> None:
    turns = talk(secret, Keys("1"), Recorded(), Recorded(), Keys())
    assert recorded(turns[1]) == "facility"
    assert turns[-1].state.anonymous
    assert turns[-1].state.step is Step.CODE


def test_a_wrong_key_at_the_door_is_asked_again_twice_and_then_follows_the_line(line: Line, secret: Line) -> None:
    at_door: list[Input] = [Keys("1"), Keys("0"), Recorded(), Recorded(), Keys("5"), Keys("5"), Keys("5")]
    assert recorded(talk(line, *at_door)[-1]) == "contact"
    assert talk(secret, *(at_door[:1] + at_door[2:]))[-1].state.anonymous


def test_the_star_key_reads_the_code_again_but_not_for_ever(line: Line) -> None:
    told = State(step=Step.CODE, code=CODE, heard=("story",))
    turn = advance(line, told, Keys("*"))
    assert prompts(turn) == ["code_once_more", CODE, "code_once_more", CODE, "code_menu"]
    for _ in range(5):
        turn = advance(line, turn.state, Keys("*"))
    assert turn.state.step is Step.ENDED


def test_a_key_that_lingers_from_the_recording_costs_neither_the_code_nor_the_choice(line: Line) -> None:
    told = State(step=Step.CODE, code=CODE, heard=("story",))
    again = advance(line, told, Keys("#"))
    assert prompts(again).count(CODE) == 2
    assert advance(line, again.state, Keys("#")).state.step is Step.ENDED
    at_door = State(step=Step.DOOR, code=CODE, question=2, heard=("story",))
    assert prompts(advance(line, at_door, Keys("#"))) == ["contact_door"]


@pytest.mark.parametrize(("pressed", "said"), [("", "no_input"), ("7", "wrong_key")])
def test_the_menu_is_read_again_twice_and_then_a_message_is_taken(line: Line, pressed: str, said: str) -> None:
    turns = talk(line, Keys(pressed), Keys(pressed), Keys(pressed))
    assert prompts(turns[1])[0] == prompts(turns[2])[0] == said
    assert prompts(turns[3]) == ["straight_to_message", "being_recorded", "ask_message"]
    assert recorded(turns[3]) == "story"


def test_a_message_leads_straight_to_the_code(line: Line) -> None:
    turns = talk(line, Keys(), Keys(), Keys(), Recorded())
    assert turns[-1].state.step is Step.CODE


def test_who_says_nothing_is_asked_again_twice_and_then_bidden_farewell(line: Line) -> None:
    turns = talk(line, Keys(), Keys(), Keys(), Keys(), Keys(), Keys())
    assert prompts(turns[4]) == ["not_heard", "ask_message"]
    assert prompts(turns[-1]) == ["goodbye_nothing_said"]
    assert turns[-1].state.outcome is Outcome.NOTHING_SAID


def test_a_facility_without_a_story_is_still_a_report(line: Line) -> None:
    turns = talk(line, Keys("1"), Keys("1"), Recorded(), Keys(), Keys(), Keys(), Keys("0"))
    assert turns[-1].state.step is Step.CODE
    assert turns[-1].state.heard == ("facility",)


@pytest.mark.parametrize("inputs", [[], [Keys("1")], [Keys("1"), Keys("1"), Recorded(), Recorded()]])
def test_the_emergency_key_connects_at_once_wherever_a_key_is_awaited(line: Line, inputs: list[Input]) -> None:
    turn = talk(line, *inputs, Keys("9"))[-1]
    assert turn.actions == (Say("emergency_connecting"), DialEmergency())


@pytest.mark.parametrize(
    ("answered", "said", "outcome"),
    [
        (True, [], Outcome.EMERGENCY_TRANSFERRED),
        (False, ["emergency_failed", "emergency_failed"], Outcome.EMERGENCY_UNANSWERED),
    ],
)
def test_after_the_emergency_connection_the_phone_is_free(
    line: Line, answered: bool, said: list[str], outcome: Outcome
) -> None:
    turn = talk(line, Keys("9"), Dialled(answered))[-1]
    assert prompts(turn) == said
    assert turn.actions[-1] == Hangup()
    assert turn.state.outcome is outcome


def test_guidance_connects_to_the_desk_of_the_key(guide: Line) -> None:
    turns = talk(guide, Keys("3"), Keys("2"), Dialled(answered=True))
    assert prompts(turns[1]) == ["guidance_menu"]
    assert turns[2].actions == (Say("connecting"), Dial("sip:duoc@so-y-te.example", 25))
    assert turns[3].state.outcome is Outcome.TRANSFERRED


def test_a_transfer_that_nobody_answers_becomes_a_message(guide: Line) -> None:
    turns = talk(guide, Keys("3"), Keys("2"), Dialled(answered=False), Recorded())
    assert prompts(turns[3]) == ["transfer_unanswered", "being_recorded", "ask_message"]
    assert turns[-1].state.step is Step.CODE


def test_outside_hours_guidance_says_so_and_takes_a_message(guide: Line) -> None:
    turns = talk(guide, Keys("3"), Keys("1"), closed=True)
    assert prompts(turns[-1])[0] == "guidance_closed"
    assert recorded(turns[-1]) == "story"


def test_guidance_leads_back_to_the_menu_and_on_to_a_message(guide: Line) -> None:
    assert talk(guide, Keys("3"), Keys("0"))[-1].state.step is Step.MENU
    assert prompts(talk(guide, Keys("3"), *[Keys()] * 3)[-1])[0] == "straight_to_message"


def test_only_the_guidance_line_offers_guidance(line: Line) -> None:
    assert prompts(talk(line, Keys("3"))[-1])[0] == "wrong_key"


def test_a_known_code_gives_the_status_and_nothing_else(line: Line) -> None:
    turns = talk(line, Keys("2"), Keys(CODE), LookedUp("forwarded"), Keys("*"), Keys())
    assert turns[2].actions == (LookUp(CODE),)
    assert prompts(turns[3]) == prompts(turns[4]) == ["status_forwarded", "look_up_next"]
    assert prompts(turns[5]) == ["goodbye"]
    assert turns[5].state.outcome is Outcome.LOOKED_UP


def test_after_a_look_up_the_caller_may_report_or_look_up_another(line: Line) -> None:
    found = talk(line, Keys("2"), Keys(CODE), LookedUp("review"))[-1].state
    assert advance(line, found, Keys("1")).state.step is Step.CATEGORY
    assert advance(line, found, Keys("2")).state.step is Step.ENTER_CODE


def test_a_wrong_code_may_be_corrected_twice_and_then_a_message_is_offered(line: Line) -> None:
    wrong: list[Input] = [Keys("1"), LookedUp("")]
    turns = talk(line, Keys("2"), *wrong, *wrong, *wrong)
    assert prompts(turns[3])[0] == prompts(turns[5])[0] == "code_unknown"
    assert prompts(turns[7])[:1] == ["look_up_given_up"]
    assert recorded(turns[7]) == "story"


def test_a_number_that_guesses_codes_is_told_so_politely(line: Line) -> None:
    turn = talk(line, Keys("2"), Keys(CODE), LookUpBlocked())[-1]
    assert prompts(turn)[0] == "look_up_blocked"
    assert recorded(turn) == "story"


@pytest.mark.parametrize(
    ("inputs", "outcome"),
    [
        ([], Outcome.HUNG_UP_IN_MENU),
        ([Keys("1")], Outcome.HUNG_UP_IN_MENU),
        ([Keys("1"), Keys("1")], Outcome.HUNG_UP_BEFORE_SPEAKING),
        ([Keys("1"), Keys("1"), Recorded()], Outcome.REPORTED),
        ([Keys("2")], Outcome.HUNG_UP_LOOKING_UP),
        ([Keys("9")], Outcome.HUNG_UP_IN_EMERGENCY),
        ([Keys("2"), Keys(CODE), LookedUp("open")], Outcome.LOOKED_UP),
        ([Keys("2"), Keys(CODE), LookedUp("open"), Keys("9")], Outcome.HUNG_UP_IN_EMERGENCY),
    ],
)
def test_a_hang_up_is_understood_wherever_it_comes(line: Line, inputs: list[Input], outcome: Outcome) -> None:
    turn = talk(line, *inputs, HungUp())[-1]
    assert turn.actions == (Hangup(),)
    assert turn.state.outcome is outcome


def test_what_was_said_before_hanging_up_in_a_recording_counts(line: Line) -> None:
    turn = talk(line, Keys("1"), Keys("1"), Recorded(hung_up=True))[-1]
    assert turn.state.step is Step.ENDED
    assert turn.state.heard == ("facility",)


def test_a_call_that_goes_round_in_circles_is_ended(line: Line) -> None:
    turns = talk(line, *[Keys("*")] * 61)
    assert turns[-1].state.step is Step.ENDED
    assert prompts(turns[-1]) == ["goodbye"]


def test_a_state_survives_being_stored_and_a_release_that_knows_less(line: Line) -> None:
    state = talk(line, Keys("1"), Keys("4"), Recorded())[-1].state
    stored = json.loads(json.dumps(to_json(state)))
    assert from_json(stored) == state
    assert from_json({**stored, "of_a_later_release": 1}) == state
    assert from_json({}) == State()


def test_the_emergency_key_of_a_line_is_data(line: Line) -> None:
    moved = replace(line, menu=tuple(replace(o, key="8") if o.key == "9" else o for o in line.menu))
    assert talk(moved, Keys("8"))[-1].state.step is Step.EMERGENCY
    assert talk(moved, Keys("9"))[-1].state.step is Step.MENU
