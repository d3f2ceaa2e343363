"""A turn of the conversation in one transaction: the dialogue decides, the house does, TwiML is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from casebook.service import cases
from casebook.service.intake import emergency_pressed
from config.directory.lines import Line
from ivr.lineup import Lineup
from ivr.models import Call
from ivr.rules.dialogue import (
    Action,
    CaseOpened,
    Input,
    LookUp,
    OpenCase,
    Outcome,
    Record,
    Recorded,
    State,
    Step,
    Turn,
    advance,
    begin,
    from_json,
    to_json,
)
from ivr.rules.facts import CallFacts, RecordingFacts
from ivr.service import calls
from ivr.service.filing import file_recording
from ivr.service.looking_up import look_up
from ivr.tools import IvrTools
from ivr.twiml import Renderer, call_links


def answer(session: Session, tools: IvrTools, facts: CallFacts, now: datetime) -> tuple[Call, str]:
    """Answer a call: its row and the TwiML of the welcome; asked again, the last reply is said again."""
    lineup = tools.lineup(session, now)
    line = lineup.answering(facts.dialled)
    closed = not line.is_open(now)
    turn = begin(line, closed=closed)
    first = {
        "hours": "closed" if closed else "open",
        "notice_version": line.notice.version,
        "state": to_json(turn.state),
        "reply": _rendered(tools, lineup, line, turn),
    }
    call, made = calls.enter(session, facts, line, tools.keys, now, **first)
    if not made and not call.reply:
        calls.adopt(call, facts, line, tools.keys, **first)
    return call, call.reply


def go_on(
    session: Session,
    tools: IvrTools,
    facts: CallFacts,
    serial: int,
    heard: Input,
    recording: RecordingFacts | None,
    now: datetime,
) -> tuple[Call, str]:
    """Take the caller's answer to reply number `serial` and give the next one.

    An answer that came before gets the reply it got then; a call we never saw is greeted.
    """
    lineup = tools.lineup(session, now)
    call = calls.locked(session, facts.sid)
    if call is None or not call.reply:
        return answer(session, tools, facts, now)
    before = from_json(call.state)
    if serial != before.serial:
        return call, call.reply
    line = lineup.named(call.line_slug)
    calls.note_key(call, line, before, heard)
    _settle(session, tools, call, line, before, heard, recording, now)
    turn = _settled_turn(session, tools, call, line, advance(line, before, heard), now)
    if turn.state.anonymous and not before.anonymous and call.case_id is not None:
        cases.note_choices(session, call.case_id, anonymous=True)
    _note_danger(session, tools, call, line, turn.state, now)
    call.answered = serial
    _keep(call, tools, lineup, line, turn)
    calls.told_status(session, call, facts, now)
    calls.end_intake_if_settled(session, call, now)
    return call, call.reply


def _note_danger(session: Session, tools: IvrTools, call: Call, line: Line, state: State, now: datetime) -> None:
    """Have the desk ring for a caller who pressed the emergency key.

    Who told of nothing and was put through needs nobody else; who reached nobody needs to be called back.
    """
    unreached = state.outcome is Outcome.EMERGENCY_UNANSWERED
    if unreached:
        calls.ensure_case(session, call, line, tools.keys, now)
    if call.case_id is not None and (unreached or state.step is Step.EMERGENCY):
        emergency_pressed(session, call.case_id, now, unreached=unreached)


def _settle(
    session: Session,
    tools: IvrTools,
    call: Call,
    line: Line,
    before: State,
    heard: Input,
    recording: RecordingFacts | None,
    now: datetime,
) -> None:
    """File what was recorded; the recording's own callback may come before, after or never."""
    question = calls.awaited(call).get(str(before.serial))
    if question is None:
        return
    if not isinstance(heard, Recorded):
        calls.settle_answer(call, before.serial)
    elif recording is not None:
        told = replace(recording, question=question, serial=before.serial)
        file_recording(session, call, told, line, tools.keys, now)


def _settled_turn(session: Session, tools: IvrTools, call: Call, line: Line, turn: Turn, now: datetime) -> Turn:
    """Do what the dialogue asks of the house, and let it go on, until only the carrier has work."""
    said: tuple[Action, ...] = ()
    while isinstance(turn.actions[-1], OpenCase | LookUp):
        *first, effect = turn.actions
        said = (*said, *first)
        call.state = to_json(turn.state)
        turn = advance(line, turn.state, _do(session, tools, call, line, effect, now))
    return Turn(turn.state, (*said, *turn.actions))


def _do(session: Session, tools: IvrTools, call: Call, line: Line, effect: Action, now: datetime) -> Input:
    match effect:
        case OpenCase():
            calls.ensure_case(session, call, line, tools.keys, now)
            assert call.case_id is not None
            return CaseOpened(cases.get(session, call.case_id).code)
        case LookUp(code):
            return look_up(session, call, code, tools.keys, now)
        case _:
            raise TypeError(f"{effect!r} is the carrier's to do, not the house's")


def _keep(call: Call, tools: IvrTools, lineup: Lineup, line: Line, turn: Turn) -> None:
    """Write down where the conversation stands, together with the reply that says so."""
    call.state = to_json(turn.state)
    call.reply = _rendered(tools, lineup, line, turn)
    calls.note_outcome(call, turn.state.outcome)
    for action in turn.actions:
        if isinstance(action, Record):
            calls.expect_answer(call, turn.state.serial, action.question)


def _rendered(tools: IvrTools, lineup: Lineup, line: Line, turn: Turn) -> str:
    links = call_links(tools.public_url.rstrip("/"), line.slug, turn.state.serial)
    return Renderer(tools.voice(lineup.book), line.slug, links, tools.emergency_number).render(turn.actions)
