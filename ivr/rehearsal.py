"""A call as a caller who answers everything would hear it: the real dialogue, driven without a telephone."""

from __future__ import annotations

from collections.abc import Iterator

from casebook.web.operations import Rehearsed
from config.directory.lines import Choice, Line
from ivr.rules.dialogue import (
    Action,
    CaseOpened,
    Gather,
    Input,
    Keys,
    OpenCase,
    Record,
    Recorded,
    Say,
    Spoken,
    Step,
    Turn,
    advance,
    begin,
)
from ivr.rules.dialogue.machine import MAX_TURNS

A_CODE = "0000000000"
"""Stands for the case code that a real caller would hear."""


def rehearse(line: Line, closed: bool) -> tuple[Rehearsed, ...]:
    """Play a report from the greeting to the goodbye and tell what happens, in order."""
    told: list[Rehearsed] = []
    turn = begin(line, closed=closed)
    for _ in range(MAX_TURNS):
        told += _told(turn.actions)
        if turn.state.step is Step.ENDED:
            break
        heard = _answer(line, turn)
        if isinstance(heard, Keys) and heard.digits:
            told.append(Rehearsed(pressed=heard.digits))
        turn = advance(line, turn.state, heard)
    return tuple(told)


def _told(actions: tuple[Action, ...]) -> Iterator[Rehearsed]:
    for action in actions:
        if isinstance(action, Gather):
            yield from _said(action.spoken)
        elif isinstance(action, Say):
            yield Rehearsed(prompt=action.prompt)
        elif isinstance(action, Record):
            yield Rehearsed(recorded=action.question, seconds=action.max_seconds)


def _said(spoken: tuple[Spoken, ...]) -> Iterator[Rehearsed]:
    for part in spoken:
        if isinstance(part, Say):
            yield Rehearsed(prompt=part.prompt)


def _answer(line: Line, turn: Turn) -> Input:
    """What a caller does who reports: the report key, the first category, every door opened, every question told."""
    if any(isinstance(action, OpenCase) for action in turn.actions):
        return CaseOpened(A_CODE)
    if turn.state.step is Step.MENU:
        return Keys(next(option.key for option in line.menu if option.choice is Choice.REPORT))
    if turn.state.step is Step.QUESTION:
        return Recorded()
    return Keys("1") if turn.state.step in {Step.CATEGORY, Step.DOOR} else Keys()
