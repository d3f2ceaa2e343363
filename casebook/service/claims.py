"""Who works on a case: taken, given back, taken over. Nobody keeps a case by going home: claims run out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casebook.models import Case, CaseClaim, User
from casebook.rules.states import Status
from casebook.service import events
from config.clock import local
from config.errors import PermanentError
from config.told import Told

LASTS = timedelta(minutes=15)
"""How long a case stays with somebody who does nothing with it."""

FOR_A_PERSON = frozenset({Status.REVIEW, Status.ANSWERED})
"""Where a case waits for somebody at the Department to decide."""

TRIES = 20
"""How often the next free case is looked for while others take it first."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a case, by address and by name, and until when unless they go on."""

    holder: str
    name: str
    until: datetime


class HeldByAnother(PermanentError):
    """Người khác đang giữ phản ánh này."""

    def __init__(self, claim: Held | None) -> None:
        who = Told("Người khác vừa nhận phản ánh này.")
        if claim:
            text = "%(name)s đang giữ phản ánh này, đến %(time)s nếu không làm tiếp."
            who = Told(text, name=claim.name, time=f"{local(claim.until):%H:%M}")
        super().__init__(
            Told(
                "%(who)s Chưa ghi gì."
                " Hãy nhắn người ấy trả lại, hoặc nhờ Chánh Thanh tra hay lãnh đạo lấy lại rồi làm tiếp.",
                who=who,
            )
        )


class NotHeld(PermanentError):
    """Phản ánh này hiện không ai giữ."""


def held(session: Session, case_ids: Iterable[UUID], now: datetime) -> dict[UUID, Held]:
    """Say who has these cases now, by case; nothing for those that are free."""
    wanted = (
        select(CaseClaim.case_id, CaseClaim.holder, func.coalesce(User.name, CaseClaim.holder), CaseClaim.until)
        .outerjoin(User, User.email == CaseClaim.holder)
        .where(CaseClaim.case_id.in_(list(case_ids)), CaseClaim.until > now)
    )
    return {case_id: Held(holder, name, until) for case_id, holder, name, until in session.execute(wanted)}


def holder_of(session: Session, case_id: UUID, now: datetime) -> Held | None:
    """Say who has a case now; None while it is free."""
    return held(session, [case_id], now).get(case_id)


def take(session: Session, case_id: UUID, *, actor: str, now: datetime) -> None:
    """Take a free case, or keep one's own for longer; raises HeldByAnother."""
    before = holder_of(session, case_id, now)
    if not _write(session, case_id, actor, now):
        raise HeldByAnother(holder_of(session, case_id, now))
    if before is None:
        events.record(session, case_id, "taken", now=now, actor=actor)


def take_next(session: Session, free: Callable[[], UUID | None], *, actor: str, now: datetime) -> UUID | None:
    """Take the first of the cases that `free` gives, which nobody else has or will have; None when none is left.

    `free` gives a case locked and passes over those that others have locked. Whoever committed between the look
    and the lock has the case all the same: then the next is asked for.
    """
    for _ in range(TRIES):
        case_id = free()
        if case_id is None:
            return None
        if _write(session, case_id, actor, now):
            events.record(session, case_id, "taken", now=now, actor=actor)
            return case_id
    return None


def give_back(session: Session, case_id: UUID, *, actor: str, now: datetime) -> bool:
    """Let others take one's case; False if it was not one's own any more."""
    mine = delete(CaseClaim).where(CaseClaim.case_id == case_id, CaseClaim.holder == actor, CaseClaim.until > now)
    if session.execute(mine.returning(CaseClaim.case_id)).first() is None:
        return False
    events.record(session, case_id, "given_back", now=now, actor=actor)
    return True


def take_over(session: Session, case_id: UUID, *, actor: str, now: datetime, keep: bool) -> None:
    """Take a case from whoever holds it: to work on it (`keep`), or so that anybody may. Raises NotHeld."""
    before = holder_of(session, case_id, now)
    if before is None:
        raise NotHeld
    claim = session.get_one(CaseClaim, case_id, with_for_update=True, populate_existing=True)
    if keep:
        claim.holder, claim.taken_at, claim.until = actor, now, now + LASTS
    else:
        session.delete(claim)
    session.flush()
    events.record(session, case_id, "taken_over", now=now, actor=actor, holder_before=before.holder, kept=keep)


def renew(session: Session, case_id: UUID, *, actor: str, now: datetime) -> bool:
    """Keep one's own case for longer, because one is at it; False if it is not one's own."""
    mine = update(CaseClaim).where(CaseClaim.case_id == case_id, CaseClaim.holder == actor, CaseClaim.until > now)
    return session.execute(mine.values(until=now + LASTS).returning(CaseClaim.case_id)).first() is not None


@contextmanager
def at_work(session: Session, case: Case, *, actor: str, now: datetime) -> Iterator[None]:
    """Do something with a case unless another holds it; raises HeldByAnother.

    One's own claim lasts longer by it, and ends with the act after which the case waits for no person.
    """
    claim = holder_of(session, case.id, now)
    if claim is not None and claim.holder != actor:
        raise HeldByAnother(claim)
    before = case.status
    yield
    if claim is not None and before != case.status and Status(case.status) not in FOR_A_PERSON:
        session.execute(delete(CaseClaim).where(CaseClaim.case_id == case.id))
    elif claim is not None:
        renew(session, case.id, actor=actor, now=now)


def _write(session: Session, case_id: UUID, actor: str, now: datetime) -> bool:
    """Write the claim unless another's holds; the row's key decides between two who come at once."""
    values = {"holder": actor, "taken_at": now, "until": now + LASTS}
    claim = insert(CaseClaim).values(case_id=case_id, **values)
    open_to_me = or_(CaseClaim.until <= now, CaseClaim.holder == actor)
    written = claim.on_conflict_do_update(index_elements=[CaseClaim.case_id], set_=values, where=open_to_me)
    return session.execute(written.returning(CaseClaim.case_id)).first() is not None
