"""The main menu, guidance and its transfers, and the emergency connection."""

from __future__ import annotations

from dataclasses import replace

from config.directory.lines import Choice, Line
from ivr.rules.dialogue.asking import ask, ask_again, end, go, is_patient
from ivr.rules.dialogue.reporting import start_message, start_report
from ivr.rules.dialogue.values import Dialled, Input, Keys, Outcome, Say, State, Step, Turn


def hear_menu(line: Line, state: State, heard: Input) -> Turn:
    """Follow the key of the main menu; who cannot choose leaves a message."""
    pressed = heard.digits if isinstance(heard, Keys) else ""
    choice = next((option.choice for option in line.menu if option.key == pressed), None)
    if choice is Choice.REPORT:
        return start_report(line, state)
    if choice is Choice.LOOK_UP:
        return go(line, state, Step.ENTER_CODE)
    if choice is Choice.GUIDANCE:
        return go(line, state, Step.GUIDANCE)
    if pressed == "*":
        return ask(line, state)
    if is_patient(state):
        return ask_again(line, state, pressed)
    return start_message(line, state, Say("straight_to_message"))


def hear_guidance(line: Line, state: State, heard: Input) -> Turn:
    """Connect to the desk whose key is pressed, or take a message when nobody is there."""
    pressed = heard.digits if isinstance(heard, Keys) else ""
    if pressed in {branch.key for branch in line.branches}:
        return _connect(line, replace(state, branch=pressed))
    if pressed == "0":
        return go(line, state, Step.MENU)
    if pressed == "*":
        return ask(line, state)
    if is_patient(state):
        return ask_again(line, state, pressed)
    return start_message(line, state, Say("straight_to_message"))


def _connect(line: Line, state: State) -> Turn:
    if state.closed:
        return start_message(line, state, Say("guidance_closed"))
    return go(line, state, Step.TRANSFER)


def hear_transfer(line: Line, state: State, heard: Input) -> Turn:
    """End the call after a talk; a desk that did not answer is no dead end but a message."""
    if isinstance(heard, Dialled) and heard.answered:
        return end(replace(state, outcome=Outcome.TRANSFERRED), Say("transfer_done"))
    return start_message(line, state, Say("transfer_unanswered"))


def hear_emergency(line: Line, state: State, heard: Input) -> Turn:
    """End the call after the talk; where nobody answered, free the phone to call by itself."""
    if isinstance(heard, Dialled) and heard.answered:
        return end(replace(state, outcome=Outcome.EMERGENCY_TRANSFERRED))
    told = Say("emergency_failed")
    return end(replace(state, outcome=Outcome.EMERGENCY_UNANSWERED), told, told)
