"""What each step says and listens for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from casebook.rules.codes import CODE_LENGTH
from config.directory.lines import Choice, Line, Question
from config.directory.prompts import notice_prompt
from ivr.rules.dialogue.values import (
    Action,
    Dial,
    DialEmergency,
    Gather,
    Hangup,
    OpenCase,
    Record,
    Say,
    Spell,
    Spoken,
    State,
    Step,
    Turn,
)

MENU_SECONDS = 7
CODE_SECONDS = 12
"""Ten digits are read off a note and keyed in; the time starts anew with each key."""

REPROMPTS = 2
"""How often a caller is asked again before the conversation goes on by itself."""


def questions_of(line: Line, state: State) -> tuple[Question, ...]:
    """List what the caller is asked: all of the line's questions, or just for a message."""
    if not state.short:
        return line.questions
    story = next(question for question in line.questions if question.required)
    return (replace(story, prompt="ask_message"),)


def emergency_key(line: Line) -> str:
    """Give the key that connects to the emergency number, the same in every menu of the line."""
    return next(option.key for option in line.menu if option.choice is Choice.EMERGENCY)


def welcome(line: Line, state: State) -> tuple[Action, ...]:
    """Greet, give notice of recording and read the menu; a key cuts in at any moment."""
    hours = (Say("closed"),) if state.closed else ()
    spoken = (Say("greeting"), Say("emergency_hint"), Say(notice_prompt(line)), *hours, Say("menu"))
    return (Gather(spoken, timeout=MENU_SECONDS),)


def go(line: Line, state: State, step: Step, *first: Spoken) -> Turn:
    """Move to another step: nothing missed yet, `first` said before what the step says."""
    return ask(line, replace(state, step=step, misses=0), *first)


def ask(line: Line, state: State, *first: Spoken) -> Turn:
    """Stay where the state stands and say what that step says, after `first`."""
    return Turn(state, (*first, *_ASK[state.step](line, state)))


def ask_again(line: Line, state: State, pressed: str) -> Turn:
    """Ask once more after a key that leads nowhere, or none."""
    missed = replace(state, misses=state.misses + 1)
    return ask(line, missed, Say("wrong_key" if pressed else "no_input"))


def is_patient(state: State) -> bool:
    """Tell whether the caller may still be asked again at this step."""
    return state.misses < REPROMPTS


def end(state: State, *last: Spoken) -> Turn:
    """Say the last words and hang up."""
    return Turn(replace(state, step=Step.ENDED), (*last, Hangup()))


def _menu(line: Line, state: State) -> tuple[Action, ...]:
    return (Gather((Say("menu"), Say("emergency_hint")), timeout=MENU_SECONDS),)


def _category(line: Line, state: State) -> tuple[Action, ...]:
    return (Gather((Say("categories"),), timeout=MENU_SECONDS),)


def _opening(line: Line, state: State) -> tuple[Action, ...]:
    return (OpenCase(state.category),)


def _door(line: Line, state: State) -> tuple[Action, ...]:
    door = questions_of(line, state)[state.question].door
    return (Gather((Say(door.prompt),)),) if door else _question(line, state)


def _question(line: Line, state: State) -> tuple[Action, ...]:
    question = questions_of(line, state)[state.question]
    record = Record(question.key, question.max_seconds, question.silence_seconds, question.finish_keys)
    return (Say(question.prompt), record)


def _code(line: Line, state: State) -> tuple[Action, ...]:
    again = (Say("code_once_more"), Spell(state.code))
    if state.replays:
        return (Gather((*again, *again, Say("code_menu"))),)
    first = (Say("code_is"), Spell(state.code))
    return (Gather((*first, *again, Say("code_menu"), Say("formal_notice"))),)


def _enter_code(line: Line, state: State) -> tuple[Action, ...]:
    return (Gather((Say("ask_code"),), digits=CODE_LENGTH, finish_key="#", timeout=CODE_SECONDS),)


def _looked_up(line: Line, state: State) -> tuple[Action, ...]:
    return (Gather((Say(f"status_{state.status}"), Say("look_up_next")), timeout=MENU_SECONDS),)


def _guidance(line: Line, state: State) -> tuple[Action, ...]:
    return (Gather((Say("guidance_menu"),), timeout=MENU_SECONDS),)


def _transfer(line: Line, state: State) -> tuple[Action, ...]:
    branch = next(branch for branch in line.branches if branch.key == state.branch)
    return (Say("connecting"), Dial(branch.target, branch.ring_seconds))


def _emergency(line: Line, state: State) -> tuple[Action, ...]:
    return (Say("emergency_connecting"), DialEmergency())


def _ended(line: Line, state: State) -> tuple[Action, ...]:
    return (Say("goodbye"), Hangup())


_ASK: dict[Step, Callable[[Line, State], tuple[Action, ...]]] = {
    Step.MENU: _menu,
    Step.CATEGORY: _category,
    Step.OPENING: _opening,
    Step.DOOR: _door,
    Step.QUESTION: _question,
    Step.CODE: _code,
    Step.ENTER_CODE: _enter_code,
    Step.LOOKED_UP: _looked_up,
    Step.GUIDANCE: _guidance,
    Step.TRANSFER: _transfer,
    Step.EMERGENCY: _emergency,
    Step.ENDED: _ended,
}
