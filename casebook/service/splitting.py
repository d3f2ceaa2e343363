"""One call that held two matters becomes two cases; the recordings are shared, the words divided by time.

Locks and the wall are as `casebook.service.links_of_cases` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseEvent, CaseRecording
from casebook.rules import stretches
from casebook.rules.codes import readable as readable_code
from casebook.rules.states import Action, Status
from casebook.rules.stretches import Stretches
from casebook.service import cases, events, hearing, review, voice_copies
from casebook.service.links_of_cases import Means, copy_redactions, follow_words, settle_holds
from config.clock import local
from config.crypto import KeyRing
from config.errors import PermanentError
from config.told import Told
from transcription import service as transcripts
from transcription.rules.readable import Token, readable


class Side(StrEnum):
    """Where a sentence belongs after the split."""

    HERE = "here"
    NEW = "new"
    BOTH = "both"


class NotToBeSplit(PermanentError):
    """Phản ánh này không tách được."""


class WordsChanged(PermanentError):
    """Bản chép lời vừa được sửa; hãy xem lại các câu rồi tách."""


@dataclass(frozen=True, slots=True)
class Part:
    """A recording of the case, cut at full stops and pauses: the text of each piece, and where it begins and ends.

    One that nobody has written down yet is a single piece without text. `revision` is that of the transcript,
    0 for none.
    """

    recording_id: UUID
    question: str
    revision: int
    sentences: tuple[str, ...]
    pieces: Stretches


def parts_of(session: Session, case: Case, keys: KeyRing, names: Sequence[str]) -> list[Part]:
    """Give what can be divided: every answer but the one that says who the caller is, which goes with both."""
    links = [link for link in case.recordings if link.question not in hearing.NOT_SEARCHABLE and link.stretches != []]
    return [_part(session, case, link, keys, names) for link in links]


def _part(session: Session, case: Case, link: CaseRecording, keys: KeyRing, names: Sequence[str]) -> Part:
    transcript = transcripts.latest(session, link.recording_id)
    segments = transcripts.segments_of(transcript, keys) if transcript else []
    words = hearing.own_words(link, segments)
    written = readable(words, local(case.opened_at).date(), names)
    pauses = {segment.start for segment in segments}
    pieces: list[list[Token]] = []
    for sentence in written.sentences:
        for token in sentence.tokens:
            if token is sentence.tokens[0] or words[token.first].start in pauses:
                pieces.append([])
            pieces[-1].append(token)
    texts = tuple(" ".join(token.text for token in piece if token.text) for piece in pieces) or ("",)
    cuts = [words[piece[0].first].start for piece in pieces[1:]]
    revision = transcript.revision if transcript else 0
    return Part(link.recording_id, link.question, revision, texts, stretches.pieces(cuts))


Sides = Mapping[UUID, Sequence[Side]]
"""For each recording, where each of its pieces goes."""


def split(session: Session, case: Case, parts: Sequence[Part], sides: Sides, means: Means) -> Case:
    """Give part of a case's words a case of its own, understood from them; gives the new case.

    Raises NotToBeSplit, saying why not, or LetterOnItsWay.
    """
    _check(case, parts, sides)
    review.give_up_letter(session, case)
    new = _sibling(session, case, means)
    before = {str(link.recording_id): link.stretches for link in case.recordings}
    chosen = {part.recording_id: (part.pieces, sides[part.recording_id]) for part in parts}
    for link in case.recordings:
        _divide(session, link, new, chosen.get(link.recording_id))
        _withdraw_copies(session, case, link, means)
    copy_redactions(session, case, new, {link.recording_id for link in case.recordings})
    session.flush()
    session.refresh(new, ["recordings"])
    after = {str(link.recording_id): link.stretches for link in case.recordings}
    told: dict[str, Any] = {"other": new.code, "stretches_before": before, "stretches_after": after}
    events.record(session, case.id, "split_off", now=means.now, actor=means.actor, **told)
    events.record(session, new.id, "split_from", now=means.now, actor=means.actor, other=case.code)
    follow_words(session, case, means, keep_fields=Status(case.status) is not Status.REVIEW)
    follow_words(session, new, means, keep_fields=False)
    suggestion = hearing.suggestion_of(new, means.keys)
    cases.move(session, new, Action.STRUCTURE, now=means.now, actor=events.SYSTEM, **hearing.event_data(suggestion))
    return new


def _check(case: Case, parts: Sequence[Part], sides: Sides) -> None:
    if case.intake_ended_at is None:
        raise NotToBeSplit("Cuộc gọi chưa kết thúc; hãy đợi rồi tách.")
    if Status(case.status) not in review.EDITABLE:
        raise NotToBeSplit("Chỉ tách được phản ánh chưa gửi phiếu chuyển và chưa kết thúc.")
    if any(len(sides.get(part.recording_id, ())) != len(part.pieces) for part in parts):
        raise WordsChanged
    chosen = {side for picked in sides.values() for side in picked}
    if not chosen & {Side.NEW, Side.BOTH}:
        raise NotToBeSplit("Hãy chọn ít nhất một câu cho phản ánh mới.")
    if not chosen & {Side.HERE, Side.BOTH}:
        raise NotToBeSplit("Hãy để lại ít nhất một câu cho phản ánh này; nếu sai hết, hãy sửa chính phản ánh này.")
    if chosen == {Side.BOTH}:
        raise NotToBeSplit("Hai phản ánh không thể giống hệt nhau: hãy chọn câu chỉ thuộc về một trong hai.")


def _sibling(session: Session, case: Case, means: Means) -> Case:
    """A case of the same call: received when that was, by the same caller, on the same line."""
    new = Case(
        code=cases.unused_code(session),
        line=case.line,
        channel=case.channel,
        confidential=case.confidential,
        anonymous=case.anonymous,
        orphan=case.orphan,
        caller_sealed=case.caller_sealed,
        caller_hash=case.caller_hash,
        opened_at=case.opened_at,
        intake_ended_at=case.intake_ended_at,
        legal_hold=case.legal_hold,
        split_from=case.id,
    )
    session.add(new)
    session.flush()
    events.record(session, new.id, "opened", now=means.now, line=new.line, channel=new.channel, orphan=new.orphan)
    return new


def _divide(session: Session, link: CaseRecording, new: Case, chosen: tuple[Stretches, Sequence[Side]] | None) -> None:
    """Divide one recording; one that is not divided goes with both."""
    had = stretches.read(link.stretches)
    theirs = had
    if chosen is not None:
        pieces, sides = chosen
        theirs = _share(had, pieces, sides, Side.NEW)
        link.stretches = stretches.written(_share(had, pieces, sides, Side.HERE))
    if theirs:
        kept = {"question": link.question, "position": link.position, "stretches": stretches.written(theirs)}
        session.add(CaseRecording(case_id=new.id, recording_id=link.recording_id, **kept))


def _share(had: Stretches, pieces: Stretches, sides: Sequence[Side], mine: Side) -> Stretches:
    taken = (piece for piece, side in zip(pieces, sides, strict=True) if side in {mine, Side.BOTH})
    return stretches.within(stretches.joined(taken), had)


def _withdraw_copies(session: Session, case: Case, link: CaseRecording, means: Means) -> None:
    """A copy for the unit in another voice says what the case said before it was divided."""
    voice_copies.withdraw(session, case, link.recording_id, now=means.now, actor=means.actor)


def undo(session: Session, case: Case, new: Case, means: Means) -> None:
    """Give the words of a case that was split off back; its row stays, set aside, and its code tells of `case`.

    Raises NotToBeSplit once one of the two letters has left or the words were divided again.
    """
    told = _split_event(session, case, new)
    _check_undo(session, case, new, told)
    for each in (case, new):
        review.give_up_letter(session, each)
    for link in case.recordings:
        _withdraw_copies(session, case, link, means)
        link.stretches = told.data["stretches_before"].get(str(link.recording_id))
    shared = [link.recording_id for link in new.recordings]
    session.execute(delete(CaseRecording).where(CaseRecording.case_id == new.id))
    session.expire(new, ["recordings"])
    new.merged_into = case.id
    cases.set_aside(session, new, now=means.now, actor=means.actor, why="Hoàn tác việc tách.")
    new.legal_hold = False
    session.flush()
    settle_holds(session, shared)
    events.record(session, case.id, "split_undone", now=means.now, actor=means.actor, other=new.code)
    events.record(session, new.id, "split_undone", now=means.now, actor=means.actor, other=case.code)
    follow_words(session, case, means, keep_fields=Status(case.status) is not Status.REVIEW)
    follow_words(session, new, means)


def _split_event(session: Session, case: Case, new: Case) -> CaseEvent:
    split_off = select(CaseEvent).where(
        CaseEvent.case_id == case.id, CaseEvent.kind == "split_off", CaseEvent.data["other"].astext == new.code
    )
    event = session.scalars(split_off).one_or_none()
    if event is None or new.split_from != case.id or new.merged_into is not None:
        raise NotToBeSplit("Việc tách này đã được hoàn tác.")
    return event


def _check_undo(session: Session, case: Case, new: Case, told: CaseEvent) -> None:
    for each in (case, new):
        if Status(each.status) not in review.EDITABLE:
            text = "Phản ánh %(code)s đã gửi phiếu chuyển hoặc đã kết thúc nên không hoàn tác được."
            raise NotToBeSplit(Told(text, code=readable_code(each.code)))
    now = {str(link.recording_id): link.stretches for link in case.recordings}
    again = select(Case.id).where(Case.split_from == new.id, Case.merged_into.is_distinct_from(new.id))
    if (
        session.scalars(again.limit(1)).first() is not None
        or now != told.data["stretches_after"]
        or any(link.taken_from for link in new.recordings)
    ):
        raise NotToBeSplit("Sau đó đã tách hoặc gộp tiếp; hãy hoàn tác những việc đó trước.")
