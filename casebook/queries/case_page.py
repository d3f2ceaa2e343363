"""Everything the page of a case shows, gathered in one transaction and fit for the person who looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from casebook.models import Case, CaseRecording
from casebook.queries.open_sound import open_to
from casebook.rules import timeline, wording
from casebook.rules.editing import Piece, differences, editable_text, shortened
from casebook.rules.policy import Viewer, sees_words_in_full
from casebook.rules.silences import Silence, silences
from casebook.rules.stretches import WHOLE, Stretches, audible, own
from casebook.rules.understanding.shapes import Suggestion
from casebook.service import hearing
from config.clock import local
from config.crypto import KeyRing
from recordings.models import Recording, RecordingState
from transcription import service as transcripts
from transcription.models import Transcript
from transcription.ports import Segment, Word
from transcription.rules.readable import Token, readable

CONTACT = "contact"
"""The answer that says who the caller is: as secret as the number."""

SURE, LIKELY, DOUBTFUL = 0.9, 0.7, 0.4
"""Confidences at which a word's marking changes; a word over 0.95 is right 97 times in a hundred, one under
0.4 twenty-one times (measured on telephone speech)."""


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word or figure with its time (s), how sure it is (3 sure … 0 a guess) and what it stands for.

    `first` and `last` are the places, inclusive, of the spoken words that it shows; `gloss` is what they
    amount to where the caller's own words are kept. `said` are the spoken words themselves, for correcting them.
    """

    text: str
    start: float
    end: float
    sure: int
    first: int
    last: int
    withheld: bool
    gloss: str
    said: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision of a transcript: who made it (None: the engine), when, and what it changed."""

    number: int
    author: str | None
    at: datetime
    engine: str
    changes: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One recorded answer: its sound and its words. `secret` ones are shown only after a look is asked for.

    `is_whole` unless some of its words went to a case that was split off: then `text` has more than is shown.
    `is_open` unless that is a case which the viewer does not see: its words and sound are not here at all.
    """

    recording_id: UUID
    question: str
    title: str
    state: RecordingState
    failure: str | None
    duration_s: float
    waveform: tuple[int, ...]
    revision: int | None
    lines: tuple[tuple[ShownWord, ...], ...]
    text: str
    history: tuple[Revision, ...]
    silences: tuple[Silence, ...]
    is_whole: bool
    is_open: bool
    secret: bool

    @property
    def playable(self) -> bool:
        """Whether the sound is there."""
        return self.state is RecordingState.KEPT


@dataclass(frozen=True, slots=True)
class Told:
    """An event as the timeline tells it."""

    at: datetime
    actor: str
    text: str
    kind: str
    detail: str


def answers_of(
    session: Session, case: Case, viewer: Viewer, keys: KeyRing, names: Sequence[str], *, identity: bool
) -> list[Answer]:
    """Give the answers of a case in order; with `identity`, also what the contact answer says.

    `names` are those of units, as they are spelled.
    """
    suggestion = hearing.suggestion_of(case, keys)
    in_full = sees_words_in_full(viewer)
    heard = open_to(session, viewer, case.recordings)
    places: dict[str, int] = {}
    found = []
    for link in case.recordings:
        if link.stretches == []:
            # All of it went to the case that was split off.
            continue
        secret = link.question == CONTACT and not identity
        first = places.get(link.question, 0)
        withheld = withheld_places(suggestion, link.question)
        reading = Reading(first, withheld, local(case.opened_at).date(), names, heard[link.recording_id])
        answer = _answer(session, link, keys, reading, in_full=in_full, secret=secret)
        places[link.question] = answer.lines[-1][-1].last + 1 if answer.lines else first
        found.append(answer)
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """How an answer is read: the place of its first word, what is withheld, the day, names as spelled, what is open."""

    first_place: int
    withheld: frozenset[int]
    day: date
    names: Sequence[str]
    heard: Stretches


def withheld_places(suggestion: Suggestion, question: str) -> frozenset[int]:
    """Say which words of an answer do not leave the house, by their place."""
    spans = [redaction.span for redaction in suggestion.redactions if redaction.span.question == question]
    return frozenset(place for span in spans for place in range(span.first, span.last + 1))


def _answer(
    session: Session,
    link: CaseRecording,
    keys: KeyRing,
    reading: Reading,
    *,
    in_full: bool,
    secret: bool,
) -> Answer:
    recording = session.get_one(Recording, link.recording_id)
    revisions = [] if secret else transcripts.history(session, recording.id)
    spoken = [transcripts.segments_of(revision, keys) for revision in revisions]
    latest = spoken[-1] if spoken else []
    is_open, duration_s = reading.heard == WHOLE, recording.duration_s or 0.0
    # The text for correcting, and its history, are those of the whole recording.
    whole_text = in_full and is_open
    peaks = audible(tuple(recording.waveform or ()), duration_s, reading.heard)
    return Answer(
        recording_id=recording.id,
        question=link.question,
        title=wording.QUESTIONS.get(link.question, link.question),
        state=recording.state,
        failure=recording.failure,
        duration_s=duration_s,
        waveform=peaks,
        revision=revisions[-1].revision if revisions else None,
        lines=_shown_lines(hearing.own_words(link, latest), reading, in_full=in_full),
        text=editable_text(latest) if whole_text else "",
        history=tuple(_history(revisions, spoken)) if whole_text else (),
        silences=_silences(latest, reading.heard, duration_s, peaks),
        is_whole=link.stretches is None,
        is_open=is_open,
        secret=secret,
    )


def _silences(
    segments: list[Segment], heard: Stretches, duration_s: float, peaks: tuple[int, ...]
) -> tuple[Silence, ...]:
    words = own(heard, (word for segment in segments for word in segment.words))
    return silences([(word.start, word.end) for word in words], duration_s, peaks)


def _shown_lines(words: list[Word], reading: Reading, *, in_full: bool) -> tuple[tuple[ShownWord, ...], ...]:
    """Write the words as sentences, each word still tied to its moment in the recording."""
    sentences = readable(words, reading.day, reading.names).sentences
    return tuple(tuple(_shown(token, words, reading, in_full=in_full) for token in s.tokens) for s in sentences)


def _shown(token: Token, words: list[Word], reading: Reading, *, in_full: bool) -> ShownWord:
    first, last = reading.first_place + token.first, reading.first_place + token.last - 1
    hidden = not reading.withheld.isdisjoint(range(first, last + 1))
    told = in_full or not hidden
    return ShownWord(
        text=token.text if told else wording.WITHHELD,
        start=token.start,
        end=token.end,
        sure=min(sureness_mark(word.confidence) for word in words[token.first : token.last]),
        first=first,
        last=last,
        withheld=hidden,
        gloss=token.gloss if told else "",
        said=" ".join(word.text for word in words[token.first : token.last]) if in_full else "",
    )


def sureness_mark(confidence: float) -> int:
    """Put a confidence (0-1) into one of four kinds: 3 sure, 2 likely, 1 doubtful, 0 a guess."""
    return sum(confidence >= bound for bound in (DOUBTFUL, LIKELY, SURE))


def _history(revisions: list[Transcript], spoken: list[list[Segment]]) -> list[Revision]:
    texts = [" ".join(segment.text for segment in segments) for segments in spoken]
    shown = []
    for index, revision in enumerate(revisions):
        changes = shortened(differences(texts[index - 1], texts[index])) if index else []
        engine = f"{revision.engine} {revision.model}".strip()
        shown.append(Revision(revision.revision, revision.author, revision.created_at, engine, tuple(changes)))
    return shown


def timeline_of(case: Case, names: timeline.Names) -> list[Told]:
    """Tell what happened to a case, newest first."""
    return [
        Told(
            at=event.at,
            actor=timeline.actor_name(event.actor, names),
            text=timeline.told(event.kind, event.data, names),
            kind=event.kind,
            detail=str(event.data.get("reply", "")),
        )
        for event in reversed(case.events)
    ]
