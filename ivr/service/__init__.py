"""What the webhooks do: each function is one request of the carrier, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.rules.dialogue import Input
from ivr.rules.facts import CallFacts, RecordingFacts, quality_in
from ivr.service import calls
from ivr.service.conversation import answer, go_on
from ivr.service.filing import file_recording
from ivr.service.log import note
from ivr.tools import IvrTools

Params = Mapping[str, str]


def incoming(session: Session, tools: IvrTools, facts: CallFacts, params: Params, now: datetime) -> str:
    """Answer a call; gives TwiML."""
    call, reply = answer(session, tools, facts, now)
    note(session, "incoming", facts.sid, "", params, now, call_id=call.id)
    return reply


def step(
    session: Session,
    tools: IvrTools,
    facts: CallFacts,
    serial: int,
    heard: Input,
    recording: RecordingFacts | None,
    params: Params,
    now: datetime,
) -> str:
    """Go on with a call after keys, a recording or a connection; gives TwiML."""
    call, reply = go_on(session, tools, facts, serial, heard, recording, now)
    note(session, "step", facts.sid, str(serial), params, now, call_id=call.id)
    return reply


def recording(
    session: Session, tools: IvrTools, call_sid: str, line: str, facts: RecordingFacts, params: Params, now: datetime
) -> bool:
    """Take note of a recording, True if it is news; one of a call that we never saw gets an orphan call."""
    named = tools.lineup(session, now).named(line)
    call = calls.locked(session, call_sid)
    if call is None:
        call, made = calls.enter(session, CallFacts(call_sid), named, tools.keys, now)
        call.is_orphan = call.is_orphan or made
    new = note(session, "recording", call_sid, f"{facts.sid}:{facts.status}", params, now, call_id=call.id)
    if new:
        own = tools.lineup(session, now).named(call.line_slug)
        file_recording(session, call, facts, own, tools.keys, now)
    return new


def status(session: Session, tools: IvrTools, facts: CallFacts, params: Params, now: datetime) -> bool:
    """Take note of where a call stands, be it one that we never answered; True if it is news."""
    line = tools.lineup(session, now).answering(facts.dialled)
    call, _ = calls.enter(session, facts, line, tools.keys, now)
    if call.is_orphan and not call.dialled:
        calls.adopt(call, facts, tools.lineup(session, now).named(call.line_slug), tools.keys)
    new = note(session, "status", facts.sid, facts.status, params, now, call_id=call.id)
    calls.told_status(session, call, facts, now)
    call.quality = quality_in(params) or call.quality
    return new


def nothing_more(session: Session, call_sid: str, now: datetime) -> None:
    """Take note that the carrier holds no recording of a call that we do not know of."""
    call = calls.locked(session, call_sid)
    if call is not None:
        calls.settle_all(session, call, now)


def fallback(session: Session, call_sid: str, params: Params, now: datetime) -> None:
    """Take note that the carrier had to use the fallback."""
    note(session, "fallback", call_sid, params.get("ErrorCode", ""), params, now)
