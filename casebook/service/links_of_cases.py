"""What a person decides about two cases: linked, kept apart, or merged into one; all of it can be undone.

Locks on both cases are the caller's, and a session in front of the wall: recordings that two cases share are
held while one of them is, also one that this person may not see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseEvent, CaseLink, CaseRecording, CaseRedaction
from casebook.rules.codes import readable
from casebook.rules.states import FINISHED, Action, Status
from casebook.service import cases, events, hearing, review, voice_copies
from casebook.service.hearing import Understand
from config.crypto import KeyRing
from config.errors import PermanentError
from config.told import Told

LINKED, APART, MERGED = "linked", "apart", "merged"

_TOLD = {LINKED: "linked", APART: "kept_apart"}
"""The events of the two decisions that change neither case."""


class NotToBeMerged(PermanentError):
    """Hai phản ánh này không gộp được."""


class NotTogether(PermanentError):
    """Quyết định này đã được hoàn tác hoặc thay bằng quyết định khác."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the words of a merged case are understood with, when, and who merges."""

    keys: KeyRing
    understand: Understand
    now: datetime
    actor: str


def standing(session: Session, one: UUID, other: UUID) -> CaseLink | None:
    """Give the decision that stands about two cases, in whichever order they were named."""
    pair = (
        func.least(CaseLink.case_id, CaseLink.other_id) == min(one, other),
        func.greatest(CaseLink.case_id, CaseLink.other_id) == max(one, other),
    )
    return session.scalars(select(CaseLink).where(*pair, CaseLink.undone_at.is_(None))).one_or_none()


def decide(session: Session, case: Case, other: Case, kind: str, *, why: str, now: datetime, actor: str) -> CaseLink:
    """Link two cases or keep them apart (`kind` is LINKED or APART); an earlier decision gives way."""
    before = _end_standing(session, case, other, now, actor)
    link = _new_link(session, case, other, kind, why, now, actor)
    for here, there in ((case, other), (other, case)):
        data = {"link": str(link.id), "replaced": before, **_told_of(there, here, why)}
        events.record(session, here.id, _TOLD[kind], now=now, actor=actor, **data)
    return link


def _told_of(there: Case, here: Case, why: str) -> dict[str, str]:
    """What the timeline of `here` says of `there`: of a confidential case nothing, for others read it too."""
    return {} if there.confidential and not here.confidential else {"other": there.code, "why": why}


def merge(session: Session, kept: Case, other: Case, *, why: str, means: Means) -> CaseLink:
    """Let `kept` take the matter of `other` over; raises NotToBeMerged, saying why not, or LetterOnItsWay."""
    _check_mergeable(kept, other)
    review.give_up_letter(session, other)
    now, actor = means.now, means.actor
    before = _end_standing(session, other, kept, now, actor)
    link = _new_link(session, other, kept, MERGED, why, now, actor)
    told: dict[str, Any] = {"link": str(link.id), "replaced": before}
    cases.move(session, other, Action.MERGE, now=now, actor=actor, **told, **_told_of(kept, other, why))
    other.merged_into, other.closed_at = kept.id, now
    # Once the letter has left, words come to the unit's page only with a letter that somebody looked through.
    taken = _take_recordings(session, kept, other) if Status(kept.status) in review.EDITABLE else 0
    told |= {"recordings": taken, "emergency_before": kept.emergency, **_told_of(other, kept, why)}
    events.record(session, kept.id, "took_over", now=now, actor=actor, **told)
    kept.emergency = kept.emergency or other.emergency
    follow_words(session, kept, means)
    return link


def _check_mergeable(kept: Case, other: Case) -> None:
    problem = why_not_merge(kept, other)
    if problem:
        raise NotToBeMerged(problem)


def why_not_merge(kept: Case, other: Case) -> str | None:
    """Say what stands against `kept` taking `other` over; None where nothing does."""
    left = [Status(case.status) not in {Status.OPEN, *review.EDITABLE} for case in (kept, other)]
    shared = {link.recording_id for link in kept.recordings} & {link.recording_id for link in other.recordings}
    reasons = (
        (kept.id == other.id, Told("Không gộp một phản ánh vào chính nó.")),
        (
            other.confidential and not kept.confidential,
            Told("Không gộp phản ánh của kênh bảo mật vào phản ánh thường. Có thể gộp theo chiều ngược lại."),
        ),
        (
            any(Status(case.status) in FINISHED for case in (kept, other)),
            Told(
                "Chỉ gộp được hai phản ánh đang xử lý. Hãy mở lại phản ánh đã kết thúc, hoặc chỉ liên kết hai phản ánh."
            ),
        ),
        (
            any(case.intake_ended_at is None for case in (kept, other)),
            Told("Cuộc gọi chưa kết thúc; hãy đợi rồi gộp."),
        ),
        (
            all(left),
            Told("Phiếu chuyển của cả hai phản ánh đã gửi đi nên không gộp được nữa. Hãy liên kết hai phản ánh."),
        ),
        (
            left[1],
            Told(
                "Phiếu chuyển của phản ánh %(code)s đã gửi đi: hãy giữ phản ánh đó và gộp chiều ngược lại.",
                code=readable(other.code),
            ),
        ),
        (bool(shared), Told("Hai phản ánh này cùng một cuộc gọi đã tách: hãy hoàn tác việc tách thay vì gộp.")),
    )
    return next((told for holds, told in reasons if holds), None)


def _take_recordings(session: Session, kept: Case, other: Case) -> int:
    """Tie what was said in `other` to `kept` too; who said it stays where it was."""
    position = len(kept.recordings)
    taken = [link for link in other.recordings if link.question not in hearing.NOT_SEARCHABLE]
    for number, link in enumerate(taken):
        session.add(
            CaseRecording(
                case_id=kept.id,
                recording_id=link.recording_id,
                question=link.question,
                position=position + number,
                stretches=link.stretches,
                taken_from=other.id,
            )
        )
    copy_redactions(session, other, kept, {link.recording_id for link in taken})
    session.flush()
    session.refresh(kept, ["recordings"])
    settle_holds(session, [link.recording_id for link in taken])
    return len(taken)


def copy_redactions(session: Session, source: Case, target: Case, recording_ids: set[UUID]) -> None:
    """What people hid by hand in shared recordings stays hidden in the other case's letter."""
    rows = select(CaseRedaction).where(
        CaseRedaction.case_id == source.id, CaseRedaction.recording_id.in_(recording_ids)
    )
    for row in session.scalars(rows.order_by(CaseRedaction.made_at)).all():
        copied = {name: getattr(row, name) for name in ("recording_id", "revision", "hidden", "shown", "made_by")}
        session.add(CaseRedaction(case_id=target.id, made_at=row.made_at, **copied))


def undo(session: Session, case: Case, other: Case, link: CaseLink, means: Means) -> None:
    """Take a decision about two cases back, with all that it did; raises NotTogether or NotToBeMerged."""
    if link.undone_at is not None or {link.case_id, link.other_id} != {case.id, other.id}:
        raise NotTogether
    link.undone_by, link.undone_at = means.actor, means.now
    session.flush()
    if link.kind == MERGED:
        taken, kept = (case, other) if link.case_id == case.id else (other, case)
        _unmerge(session, kept, taken, link, means)
    else:
        for here, there in ((case, other), (other, case)):
            data = {"link": str(link.id), "decision": link.kind, **_told_of(there, here, "")}
            events.record(session, here.id, "link_undone", now=means.now, actor=means.actor, **data)
    _stand_again(session, case, link)


def _unmerge(session: Session, kept: Case, taken: Case, link: CaseLink, means: Means) -> None:
    if kept.merged_into is not None:
        text = "Phản ánh %(code)s đã gộp tiếp vào phản ánh khác; hãy hoàn tác việc đó trước."
        raise NotToBeMerged(Told(text, code=readable(kept.code)))
    merged, took = _event_of(session, taken, link), _event_of(session, kept, link)
    given_back = [row.recording_id for row in kept.recordings if row.taken_from == taken.id]
    session.execute(delete(CaseRecording).where(CaseRecording.case_id == kept.id, CaseRecording.taken_from == taken.id))
    session.expire(kept, ["recordings"])
    settle_holds(session, given_back)
    for recording_id in given_back:
        voice_copies.withdraw(session, kept, recording_id, now=means.now, actor=means.actor)
    taken.status, taken.merged_into, taken.closed_at = merged.data["before"], None, None
    kept.emergency = took.data["emergency_before"]
    for here, there in ((taken, kept), (kept, taken)):
        data = {"link": str(link.id), **_told_of(there, here, "")}
        events.record(session, here.id, "merge_undone", now=means.now, actor=means.actor, **data)
    follow_words(session, kept, means)


def _event_of(session: Session, case: Case, link: CaseLink) -> CaseEvent:
    told = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.data["link"].astext == str(link.id))
    return session.scalars(told.order_by(CaseEvent.number).limit(1)).one()


def follow_words(session: Session, case: Case, means: Means, *, keep_fields: bool = True) -> None:
    """Understand a case anew whose words have changed: its suggestion points at words by their place."""
    heard, suggestion = hearing.understand_again(session, case, means.keys, means.understand)
    hearing.apply_suggestion(case, heard, suggestion, means.keys, keep_fields=keep_fields)


def settle_holds(session: Session, recording_ids: Iterable[UUID]) -> None:
    """Hold each recording if one of the cases that it belongs to now is held."""
    for recording_id in recording_ids:
        cases.settle_hold(session, recording_id)


def _new_link(session: Session, case: Case, other: Case, kind: str, why: str, now: datetime, actor: str) -> CaseLink:
    link = CaseLink(case_id=case.id, other_id=other.id, kind=kind, why=why, made_by=actor, made_at=now)
    session.add(link)
    session.flush()
    return link


def _end_standing(session: Session, case: Case, other: Case, now: datetime, actor: str) -> str | None:
    """End the decision that stood; gives its id, for it to stand again when the new one is undone."""
    before = standing(session, case.id, other.id)
    if before is None:
        return None
    if before.kind == MERGED:
        raise NotToBeMerged("Hai phản ánh này đang gộp; hãy hoàn tác việc gộp trước.")
    before.undone_by, before.undone_at = actor, now
    session.flush()
    return str(before.id)


def _stand_again(session: Session, case: Case, link: CaseLink) -> None:
    replaced = _event_of(session, case, link).data.get("replaced")
    before = session.get(CaseLink, UUID(replaced)) if replaced else None
    if before is not None:
        before.undone_by = before.undone_at = None
