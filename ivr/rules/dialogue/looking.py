"""Looking up a case by its code: how it stands in words, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from config.directory.lines import Line
from ivr.rules.dialogue.asking import ask, ask_again, end, go, is_patient
from ivr.rules.dialogue.reporting import start_message, start_report
from ivr.rules.dialogue.values import (
    Input,
    Keys,
    LookedUp,
    LookUp,
    LookUpBlocked,
    Outcome,
    Say,
    State,
    Step,
    Turn,
)

MAX_WRONG_CODES = 3
"""Wrong codes in one call before a message is offered instead; numbers have limits of their own."""


def hear_enter_code(line: Line, state: State, heard: Input) -> Turn:
    """Have the code looked up, and say what was found."""
    if isinstance(heard, LookedUp):
        return _found(line, state, heard.status) if heard.status else _not_found(line, state)
    if isinstance(heard, LookUpBlocked):
        return start_message(line, state, Say("look_up_blocked"))
    pressed = heard.digits if isinstance(heard, Keys) else ""
    if pressed.strip("*#"):
        return Turn(state, (LookUp(pressed),))
    if is_patient(state):
        return ask_again(line, state, pressed)
    return start_message(line, state, Say("look_up_given_up"))


def _found(line: Line, state: State, status: str) -> Turn:
    return go(line, replace(state, status=status, outcome=Outcome.LOOKED_UP), Step.LOOKED_UP)


def _not_found(line: Line, state: State) -> Turn:
    counted = replace(state, wrong_codes=state.wrong_codes + 1)
    if counted.wrong_codes < MAX_WRONG_CODES:
        return go(line, counted, Step.ENTER_CODE, Say("code_unknown"))
    return start_message(line, counted, Say("look_up_given_up"))


def hear_looked_up(line: Line, state: State, heard: Input) -> Turn:
    """Offer to hear it again, to look up another case or to report; silence is a goodbye."""
    pressed = heard.digits if isinstance(heard, Keys) else ""
    if pressed == "*":
        return ask(line, state)
    if pressed == "1":
        return start_report(line, state)
    if pressed == "2":
        return go(line, state, Step.ENTER_CODE)
    if pressed and is_patient(state):
        return ask_again(line, state, pressed)
    return end(state, Say("goodbye"))
