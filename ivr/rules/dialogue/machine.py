"""The conversation as one pure function of where it stands and what comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from config.directory.lines import Line
from ivr.rules.dialogue.asking import ask, emergency_key, end, go, welcome
from ivr.rules.dialogue.looking import hear_enter_code, hear_looked_up
from ivr.rules.dialogue.menus import hear_emergency, hear_guidance, hear_menu, hear_transfer
from ivr.rules.dialogue.reporting import hear_category, hear_code, hear_door, hear_opening, hear_question, hung_up
from ivr.rules.dialogue.values import HungUp, Input, Keys, Outcome, Recorded, Say, State, Step, Turn

MAX_TURNS = 60
"""A call that goes round in circles is ended politely; a full report takes about ten turns."""

Hear = Callable[[Line, State, Input], Turn]

KEYED = frozenset({Step.MENU, Step.CATEGORY, Step.DOOR, Step.CODE, Step.LOOKED_UP, Step.GUIDANCE})
"""Where a single key is awaited, and the emergency key therefore works."""


def begin(line: Line, *, closed: bool) -> Turn:
    """Answer the call."""
    state = State(closed=closed)
    return Turn(state, welcome(line, state))


def advance(line: Line, state: State, heard: Input) -> Turn:
    """Go on from `state` after `heard`. Never raises, and always speaks, asks the house or hangs up."""
    counted = replace(state, serial=state.serial + 1)
    if isinstance(heard, HungUp):
        return leave(counted)
    if counted.serial > MAX_TURNS:
        return end(replace(counted, outcome=hung_up(counted)), Say("goodbye"))
    if isinstance(heard, Keys) and counted.step in KEYED and heard.digits == emergency_key(line):
        # What came before no longer says what this call was about.
        return go(line, replace(counted, outcome=Outcome.NONE), Step.EMERGENCY)
    turn = _HEAR[counted.step](line, counted, heard)
    if isinstance(heard, Recorded) and heard.hung_up:
        return leave(turn.state)
    return turn


def leave(state: State) -> Turn:
    """Close the conversation with a caller who hung up, wherever that was."""
    return end(replace(state, outcome=hung_up(state)))


def _hear_after_the_end(line: Line, state: State, heard: Input) -> Turn:
    return ask(line, state)


_HEAR: dict[Step, Hear] = {
    Step.MENU: hear_menu,
    Step.CATEGORY: hear_category,
    Step.OPENING: hear_opening,
    Step.DOOR: hear_door,
    Step.QUESTION: hear_question,
    Step.CODE: hear_code,
    Step.ENTER_CODE: hear_enter_code,
    Step.LOOKED_UP: hear_looked_up,
    Step.GUIDANCE: hear_guidance,
    Step.TRANSFER: hear_transfer,
    Step.EMERGENCY: hear_emergency,
    Step.ENDED: _hear_after_the_end,
}
