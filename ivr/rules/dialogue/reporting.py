"""Taking a report: category, the guided questions, the case code."""

from __future__ import annotations

from dataclasses import replace

from config.directory.lines import CATEGORIES, Line, Silence
from ivr.rules.dialogue.asking import ask, ask_again, end, go, is_patient, questions_of
from ivr.rules.dialogue.values import CaseOpened, Input, Keys, Outcome, Recorded, Say, Spoken, State, Step, Turn

MAX_REPLAYS = 5
"""How often a case code is read again before the call is ended."""


def start_report(line: Line, state: State) -> Turn:
    """Begin a report with the guided questions, the category first where the line asks for it."""
    return go(line, replace(state, short=False), Step.CATEGORY if line.ask_category else Step.OPENING)


def start_message(line: Line, state: State, *first: Spoken) -> Turn:
    """Take a message without further keys: the way on for a caller whom the menus do not suit."""
    opened = go(line, replace(state, short=True), Step.OPENING)
    return Turn(opened.state, (*first, *opened.actions))


def hear_category(line: Line, state: State, heard: Input) -> Turn:
    """Take one of the six keys; 0 skips, and so does not choosing after being asked again."""
    pressed = heard.digits if isinstance(heard, Keys) else ""
    if pressed in {"1", "2", "3", "4", "5", "6"}:
        return go(line, replace(state, category=CATEGORIES[int(pressed) - 1]), Step.OPENING)
    if pressed == "*":
        return ask(line, state)
    if pressed not in {"0", "#"} and is_patient(state):
        return ask_again(line, state, pressed)
    return go(line, state, Step.OPENING, Say("category_skipped"))


def hear_opening(line: Line, state: State, heard: Input) -> Turn:
    """Go on to the first question once the case exists."""
    if not isinstance(heard, CaseOpened):
        return ask(line, state)
    return _put_question(line, replace(state, code=heard.code, question=0), Say("being_recorded"))


def _put_question(line: Line, state: State, *first: Spoken) -> Turn:
    door = questions_of(line, state)[state.question].door
    return go(line, state, Step.DOOR if door else Step.QUESTION, *first)


def hear_door(line: Line, state: State, heard: Input) -> Turn:
    """Pass a question by, or go through to it; a silent caller does what the line's data says."""
    door = questions_of(line, state)[state.question].door
    pressed = heard.digits if isinstance(heard, Keys) else ""
    if pressed in {"*", "#"}:  # the second may linger from the recording before
        return ask(line, state)
    if door and (pressed == door.skip_key or (_gave_up(state, pressed) and door.silence is Silence.SKIP)):
        return _next(line, replace(state, anonymous=True), Say("staying_anonymous"))
    if pressed == "1" or _gave_up(state, pressed):
        return go(line, state, Step.QUESTION)
    return ask_again(line, state, pressed)


def _gave_up(state: State, pressed: str) -> bool:
    return not pressed or (pressed != "1" and not is_patient(state))


def hear_question(line: Line, state: State, heard: Input) -> Turn:
    """Go on when something was recorded; ask again for what a report cannot do without."""
    question = questions_of(line, state)[state.question]
    if isinstance(heard, Recorded):
        return _next(line, replace(state, heard=(*state.heard, question.key), outcome=Outcome.REPORTED))
    if question.required and is_patient(state):
        return ask(line, replace(state, misses=state.misses + 1), Say("not_heard"))
    if question.required and not state.heard:
        return _nothing_said(state)
    return _next(line, state)


def _next(line: Line, state: State, *first: Spoken) -> Turn:
    if state.question + 1 < len(questions_of(line, state)):
        return _put_question(line, replace(state, question=state.question + 1), *first)
    return go(line, state, Step.CODE, *first) if state.heard else _nothing_said(state)


def _nothing_said(state: State) -> Turn:
    return end(replace(state, outcome=Outcome.NOTHING_SAID), Say("goodbye_nothing_said"))


def hear_code(line: Line, state: State, heard: Input) -> Turn:
    """Read the code again on the star key, as often as a patient clerk would; else say goodbye.

    Any key does so the first time: one that slips, or lingers from the recording before, must not cost the code.
    """
    pressed = heard.digits if isinstance(heard, Keys) else ""
    if pressed and (pressed == "*" or not state.replays) and state.replays < MAX_REPLAYS:
        return ask(line, replace(state, replays=state.replays + 1))
    return end(state, Say("goodbye"))


def hung_up(state: State) -> Outcome:
    """Say what a caller who is gone was doing, unless the call had its outcome already."""
    return state.outcome or _HUNG_UP.get(state.step, Outcome.NOTHING_SAID)


_HUNG_UP = {
    Step.MENU: Outcome.HUNG_UP_IN_MENU,
    Step.CATEGORY: Outcome.HUNG_UP_IN_MENU,
    Step.GUIDANCE: Outcome.HUNG_UP_IN_GUIDANCE,
    Step.TRANSFER: Outcome.HUNG_UP_IN_TRANSFER,
    Step.EMERGENCY: Outcome.HUNG_UP_IN_EMERGENCY,
    Step.ENTER_CODE: Outcome.HUNG_UP_LOOKING_UP,
    Step.OPENING: Outcome.HUNG_UP_BEFORE_SPEAKING,
    Step.DOOR: Outcome.HUNG_UP_BEFORE_SPEAKING,
    Step.QUESTION: Outcome.HUNG_UP_BEFORE_SPEAKING,
}
