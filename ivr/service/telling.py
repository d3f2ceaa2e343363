"""Telling the desk about the calls that its cases came from."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.rules.call_told import CallTold, LineQuality, PressedKey, PutQuestion
from config.directory.lines import Line
from config.directory.store import lines_of
from ivr.models import Call
from ivr.rules.dialogue import Outcome, from_json
from ivr.rules.dialogue.asking import questions_of

ENDINGS = {
    Outcome.REPORTED: "Đã để lại phản ánh",
    Outcome.NOTHING_SAID: "Không nói gì",
    Outcome.LOOKED_UP: "Đã nghe kết quả",
    Outcome.TRANSFERRED: "Đã nối máy tới bộ phận hướng dẫn",
    Outcome.EMERGENCY_TRANSFERRED: "Đã nối máy tới cấp cứu",
    Outcome.EMERGENCY_UNANSWERED: "Gọi cấp cứu nhưng không ai nghe máy",
    Outcome.HUNG_UP_IN_EMERGENCY: "Gác máy khi đang nối tới cấp cứu",
    Outcome.HUNG_UP_BEFORE_SPEAKING: "Gác máy trước khi nói",
}
"""What became of a call that has a case; other endings leave none, and are not told."""


class CallBook:
    """The calls that this hotline answered."""

    def calls_of(self, session: Session, case_id: UUID) -> tuple[CallTold, ...]:
        """Tell the calls of a case, the first one first; none for a case that no call is known of."""
        calls = session.scalars(select(Call).where(Call.case_id == case_id).order_by(Call.started_at)).all()
        lines = {line.slug: line for line in lines_of(session)} if calls else {}
        return tuple(told(call, lines.get(call.line_slug)) for call in calls)


def told(call: Call, line: Line | None) -> CallTold:
    """Tell one call; of a line that is no more, only what was answered is known."""
    return CallTold(
        started_at=call.started_at,
        duration_s=call.duration_s,
        is_closed=call.hours == "closed",
        ending=ENDINGS.get(Outcome(call.outcome), "") if call.outcome in set(Outcome) else "",
        keys=tuple(PressedKey(key, meaning) for key, meaning in call.answers.get("pressed", ())),
        questions=_questions(call, line),
        quality=_quality(call),
    )


def _questions(call: Call, line: Line | None) -> tuple[PutQuestion, ...]:
    """The questions that were put before the call ended, and whatever was recorded besides."""
    state = from_json(call.state)
    answered = dict.fromkeys(call.answers.get("recordings", {}).values())
    put = [question.key for question in questions_of(line, state)[: state.question + 1]] if line and state.code else []
    return tuple(PutQuestion(key, key in answered) for key in dict.fromkeys([*put, *answered]))


def _quality(call: Call) -> LineQuality | None:
    """How our own gateway found the line; other carriers do not tell."""
    measured = call.quality or {}
    received = float(measured.get("received", 0))
    if not received:
        return None
    missing = float(measured.get("lost", 0)) + float(measured.get("late", 0))
    share = min(1.0, missing / (received + float(measured.get("lost", 0))))
    return LineQuality(share, float(measured.get("jitter", 0.0)), str(measured.get("codec", "")))
