"""From recordings to a case's fields: gather what was heard, understand it, write the suggestion down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from statistics import fmean
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseRecording
from casebook.rules import likeness, stretches
from casebook.rules.redaction import redacted, redacted_text
from casebook.rules.understanding.serial import from_json, to_json
from casebook.rules.understanding.shapes import Heard, Suggestion
from casebook.service import redactions
from casebook.service.redactions import Spoken
from config.clock import local
from config.crypto import KeyRing
from config.jobs.steps import has_failed
from recordings.models import Recording, RecordingState
from transcription.ports import Segment, Word
from transcription.rules.readable import readable
from transcription.rules.text import fold
from transcription.service import latest, segments_of

Understand = Callable[[Heard], Suggestion]

SUGGESTION_CONTEXT = "case:suggestion"
TRANSCRIBE = "transcribe"
"""The step that has a recording written down."""

KEY_PRESSED = "Người gọi bấm phím giữ kín danh tính."
"""Why a case is anonymous where the caller did not say so."""

UNSETTLED = frozenset({RecordingState.EXPECTED, RecordingState.COLLECTING})
NOT_SEARCHABLE = frozenset({"contact"})
"""Answers that say who the caller is stay out of the search text."""


def spoken_parts(session: Session, case: Case, keys: KeyRing) -> list[Spoken]:
    """Give the latest words of each recording of a case, in the order in which they were spoken."""
    parts = []
    for link in case.recordings:
        transcript = latest(session, link.recording_id)
        words = own_words(link, segments_of(transcript, keys)) if transcript else []
        parts.append(Spoken(link.recording_id, link.question, tuple(words)))
    return parts


def heard_answers(parts: Iterable[Spoken]) -> dict[str, tuple[Word, ...]]:
    """Give the words of every answer, by question."""
    answers: dict[str, tuple[Word, ...]] = {}
    for part in parts:
        answers[part.question] = (*answers.get(part.question, ()), *part.words)
    return answers


def own_words(link: CaseRecording, segments: list[Segment]) -> list[Word]:
    """Give the words of a recording that belong to the case: all of them, unless the call was split."""
    return stretches.own(stretches.read(link.stretches), (word for segment in segments for word in segment.words))


def heard_of(session: Session, case: Case, keys: KeyRing) -> Heard:
    """Put together what the rules of understanding work on."""
    return _heard(case, spoken_parts(session, case, keys))


def _heard(case: Case, parts: Iterable[Spoken]) -> Heard:
    return Heard(case.line, case.opened_at, case.category_key, heard_answers(parts))


def unsettled(session: Session, case: Case) -> bool:
    """Whether a recording of the case is still on its way, or kept but not yet written down."""
    return any(_unsettled(session, session.get_one(Recording, link.recording_id)) for link in case.recordings)


def _unsettled(session: Session, recording: Recording) -> bool:
    if recording.state is not RecordingState.KEPT:
        return recording.state in UNSETTLED
    # One that cannot be written down by itself waits for a person, and so does its case.
    return latest(session, recording.id) is None and not has_failed(session, TRANSCRIBE, f"recording:{recording.id}")


def cases_of_recording(session: Session, recording_id: Any) -> list[Any]:
    """List the ids of the cases that a recording belongs to."""
    return list(session.scalars(select(CaseRecording.case_id).where(CaseRecording.recording_id == recording_id)))


def suggestion_of(case: Case, keys: KeyRing) -> Suggestion:
    """Open the suggestion kept with a case; an empty one before it was heard."""
    if case.suggestion_sealed is None:
        return Suggestion()
    return from_json(json.loads(keys.open(case.suggestion_sealed, SUGGESTION_CONTEXT)))


def apply_suggestion(case: Case, heard: Heard, suggestion: Suggestion, keys: KeyRing, *, keep_fields: bool) -> None:
    """Write a suggestion to a case; with `keep_fields`, or once a person set them, the fields stay."""
    sealed = json.dumps(to_json(suggestion), ensure_ascii=False).encode()
    case.suggestion_sealed = keys.seal(sealed, SUGGESTION_CONTEXT)
    case.search_text = search_text(case, heard, suggestion)
    case.text_marks = " ".join(likeness.marks_of(case.search_text))
    case.emergency = case.emergency or bool(suggestion.flags.emergency.value)
    case.still_there = bool(suggestion.flags.on_premises.value)
    case.transcript_sureness = mean_confidence(heard)
    case.anonymous = case.anonymous or bool(suggestion.flags.wants_anonymity.value)
    if keep_fields or case.fields_by:
        return
    facility = suggestion.facility.value
    case.subject_unit = facility.unit if facility else None
    case.subject_text = facility.text if facility else None
    case.category = suggestion.category.value or case.category_key or case.category
    case.responsible_unit = suggestion.responsible_unit.value
    case.level = suggestion.level.value or 3
    case.summary = summary_text(heard, suggestion)
    case.facts = _facts(suggestion)
    case.sureness = min(suggestion.facility.sureness, suggestion.category.sureness)


def mean_confidence(heard: Heard) -> float | None:
    """Give how sure the words of all answers are on average, 0-1; None where nothing was heard."""
    confidences = [word.confidence for words in heard.answers.values() for word in words]
    return round(fmean(confidences), 3) if confidences else None


def summary_text(heard: Heard, suggestion: Suggestion) -> str:
    """Give the summary sentence without identifying words, for lists and mails that many people read."""
    if not suggestion.summary.because:
        return suggestion.summary.value or ""
    span = suggestion.summary.because[0]
    words = heard.answers.get(span.question, ())[span.first : span.last + 1]
    hidden = [(r.span.first - span.first, r.span.last - span.first) for r in _hidden(suggestion, span.question)]
    return redacted_text(readable(words, local(heard.called_at).date()), hidden)


def search_text(case: Case, heard: Heard, suggestion: Suggestion) -> str:
    """Give the folded text that a search looks in: code, subject and story, without identity."""
    parts = [case.code, suggestion.facility.value.text if suggestion.facility.value else ""]
    for question, words in heard.answers.items():
        if question not in NOT_SEARCHABLE:
            hidden = [(r.span.first, r.span.last) for r in _hidden(suggestion, question)]
            parts.append(" ".join(redacted([word.text for word in words], hidden)))
    return fold(" ".join(parts))


def understand_again(session: Session, case: Case, keys: KeyRing, understand: Understand) -> tuple[Heard, Suggestion]:
    """Understand the words as they stand now: after a correction, spans of the kept suggestion are stale.

    What people marked as hidden or shown stands above what the rules hide.
    """
    parts, heard, suggestion = understood_by_rule(session, case, keys, understand)
    return heard, redactions.with_marks(suggestion, parts, redactions.marks_of(session, case.id))


def understood_by_rule(
    session: Session, case: Case, keys: KeyRing, understand: Understand
) -> tuple[list[Spoken], Heard, Suggestion]:
    """Give the words as they stand now and what the rules make of them, without people's marks."""
    parts = spoken_parts(session, case, keys)
    heard = _heard(case, parts)
    return parts, heard, with_wishes(understand(heard), case)


def with_wishes(suggestion: Suggestion, case: Case) -> Suggestion:
    """Let a key pressed for anonymity count as surely as words that ask for it."""
    if not case.anonymous or suggestion.flags.wants_anonymity.value:
        return suggestion
    wish = replace(suggestion.flags.wants_anonymity, value=True, sureness=1.0, reason=KEY_PRESSED)
    return replace(suggestion, flags=replace(suggestion.flags, wants_anonymity=wish))


def _hidden(suggestion: Suggestion, question: str) -> list[Any]:
    return [r for r in suggestion.redactions if r.span.question == question]


def _facts(suggestion: Suggestion) -> dict[str, Any]:
    """The facts that do not say who the caller is; name and phone stay in the sealed suggestion."""
    event = suggestion.event_date.value
    facts: dict[str, Any] = {
        "amount_vnd": suggestion.amount_vnd.value,
        "event_date": event.day.isoformat() if event and event.day else None,
        "event_words": event.words if event else None,
        "dossier": suggestion.dossier.value,
        "accused_roles": [role.value for role in suggestion.accused_roles if role.value],
        "place": suggestion.place.value.words if suggestion.place.value else None,
    }
    return {name: value for name, value in facts.items() if value}


def contact_of(suggestion: Suggestion) -> dict[str, str]:
    """Give how the caller can be reached, as heard; for eyes with clearance only."""
    found = {"name": suggestion.caller_name.value, "phone": suggestion.phone.value}
    return {name: value for name, value in found.items() if value}


def event_data(suggestion: Suggestion) -> dict[str, Any]:
    """Give what the timeline says of a suggestion, without anybody's identity."""
    return {
        "category": suggestion.category.value,
        "category_sureness": round(suggestion.category.sureness, 2),
        "facility": suggestion.facility.value.unit if suggestion.facility.value else None,
        "facility_sureness": round(suggestion.facility.sureness, 2),
        "unit": suggestion.responsible_unit.value,
        "emergency": bool(suggestion.flags.emergency.value),
    }
