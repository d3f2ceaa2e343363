"""Recordings from the carrier to their case, whoever tells of them and however often."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from casebook.service.intake import recording_arrived
from config.crypto import KeyRing
from config.directory.lines import Line
from ivr.models import Call
from ivr.rules.facts import RecordingFacts
from ivr.service.calls import awaited, end_intake_if_settled, ensure_case, settle_answer
from recordings import service as recordings


def file_recording(
    session: Session, call: Call, facts: RecordingFacts, line: Line, keys: KeyRing, now: datetime
) -> None:
    """Have a recording fetched into the call's case; one that does not exist is only settled."""
    if facts.is_there:
        question, serial = _answered_by(call, facts)
        ensure_case(session, call, line, keys, now)
        assert call.case_id is not None
        recording = recordings.expect(
            session,
            provider_sid=facts.sid,
            call_sid=call.provider_sid,
            purpose=question,
            source_url=facts.url,
            now=now,
        )
        recording_arrived(session, recording, call.case_id, question, now)
        settle_answer(call, serial, question, facts.sid)
    elif facts.status != "in-progress":
        settle_answer(call, facts.serial)
    end_intake_if_settled(session, call, now)


def _answered_by(call: Call, facts: RecordingFacts) -> tuple[str, int]:
    """Tell which question a recording answers: as told before, as told now, or the only one still open."""
    known = call.answers.get("recordings", {}).get(facts.sid)
    open_ones = awaited(call)
    if known is None and facts.serial < 0 and len(open_ones) == 1:
        ((serial, question),) = open_ones.items()
        return question, int(serial)
    return known or facts.question, facts.serial
