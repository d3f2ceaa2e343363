"""Properties that hold from every state that any caller can reach, on every line."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from functools import cache

import pytest

from config.directory.lines import Line
from config.directory.prompts import PromptBook
from ivr.rules.dialogue import (
    CaseOpened,
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
    Spoken,
    State,
    Step,
    Turn,
    advance,
    begin,
    leave,
)
from ivr.rules.dialogue.machine import MAX_TURNS
from ivr.twiml import Renderer, Voice, call_links

SLUGS = ["chat_luong", "ve_benh_moi_tien", "dich_vu_cong", "buc_xuc_dich_vu_cong"]
INPUTS: list[Input] = [
    *(Keys(key) for key in "01235789*#"),
    Keys(""),
    Keys("1234567890"),
    Keys("*#*"),
    Recorded(),
    Recorded(hung_up=True),
    Dialled(answered=True),
    Dialled(answered=False),
    CaseOpened("1234567890"),
    LookedUp("review"),
    LookedUp(""),
    LookUpBlocked(),
    HungUp(),
]
EFFECTS = (OpenCase, LookUp)


def settle(line: Line, turn: Turn, found: str = "") -> Turn:
    """Do what the house does between two requests: open the case, look up the code."""
    while any(isinstance(action, EFFECTS) for action in turn.actions):
        kept = tuple(action for action in turn.actions if not isinstance(action, EFFECTS))
        opens = any(isinstance(action, OpenCase) for action in turn.actions)
        after = advance(line, turn.state, CaseOpened("1234567890") if opens else LookedUp(found))
        turn = Turn(after.state, (*kept, *after.actions))
    return turn


@cache
def reachable(line: Line) -> list[Turn]:
    """Walk every state that these inputs lead to; what steers nothing is left out, so that it ends soon."""
    seen: dict[State, Turn] = {}
    waiting = deque(begin(line, closed=closed) for closed in (False, True))
    while waiting:
        turn = waiting.popleft()
        state = replace(turn.state, serial=0, category="", outcome=Outcome.NONE)
        if state not in seen:
            seen[state] = Turn(state, turn.actions)
            waiting.extend(settle(line, advance(line, state, heard)) for heard in INPUTS)
    return list(seen.values())


@pytest.fixture(scope="module", params=SLUGS)
def line(request: pytest.FixtureRequest, lines: dict[str, Line]) -> Line:
    return lines[request.param]


@pytest.fixture(scope="module")
def turns(line: Line) -> list[Turn]:
    return reachable(line)


def test_every_step_is_reached(line: Line, turns: list[Turn]) -> None:
    guided = {Step.GUIDANCE, Step.TRANSFER} if not line.branches else set()
    keyed = set() if line.ask_category else {Step.CATEGORY}
    assert {turn.state.step for turn in turns} == set(Step) - {Step.OPENING} - guided - keyed


def test_every_reply_speaks_or_hangs_up_and_ends_by_waiting_for_somebody(turns: list[Turn]) -> None:
    for turn in turns:
        assert any(isinstance(action, (Say, Gather, Hangup)) for action in turn.actions)
        assert isinstance(turn.actions[-1], Hangup) == (turn.state.step is Step.ENDED)


def test_every_reply_can_be_rendered_and_every_prompt_has_words(
    line: Line, turns: list[Turn], book: PromptBook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    voice = Voice(book, tmp_path_factory.mktemp("prompts"), "https://hotline.example")
    renderer = Renderer(voice, line.slug, call_links("https://hotline.example", line.slug, 1), "115")
    for actions in {turn.actions for turn in turns}:
        assert renderer.render(actions).startswith("<?xml")


def test_a_silent_caller_reaches_the_end_from_anywhere(line: Line, turns: list[Turn]) -> None:
    for turn in turns:
        steps, state = 0, turn.state
        while state.step is not Step.ENDED:
            state = settle(line, advance(line, state, Keys(""))).state
            steps += 1
            assert steps <= 16, turn.state


def test_no_caller_is_kept_for_ever(line: Line) -> None:
    for heard in INPUTS:
        state = begin(line, closed=False).state
        for _ in range(MAX_TURNS + 2):
            state = settle(line, advance(line, state, heard), "review").state
        assert state.step is Step.ENDED


def test_who_hangs_up_anywhere_leaves_an_outcome(turns: list[Turn]) -> None:
    assert all(leave(turn.state).state.outcome is not Outcome.NONE for turn in turns)


def test_nothing_is_recorded_before_the_notice_and_the_case(turns: list[Turn]) -> None:
    for turn in turns:
        if any(isinstance(action, Record) for action in turn.actions):
            assert turn.state.code


def test_the_confidential_line_never_asks_for_a_name(lines: dict[str, Line], book: PromptBook) -> None:
    line = lines["ve_benh_moi_tien"]
    for name in {said.prompt for turn in reachable(line) for said in _said(turn)}:
        text = book.find(line.slug, name).text.lower()
        assert "họ tên" not in text
        assert "thêm tên" not in text


def _said(turn: Turn) -> list[Say]:
    spoken: list[Spoken] = []
    for action in turn.actions:
        spoken += action.spoken if isinstance(action, Gather) else []
        spoken += [action] if isinstance(action, Say) else []
    return [said for said in spoken if isinstance(said, Say)]
