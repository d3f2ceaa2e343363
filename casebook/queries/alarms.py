"""Lives that may be in danger and that nobody has looked after yet."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.queries.visible import visible
from casebook.rules.policy import Viewer
from casebook.rules.states import Status

UNATTENDED = (Status.OPEN, Status.REVIEW)
"""An inspector who confirmed, closed or set aside a case has looked after it."""

SHOWN = 20


def ringing(session: Session, viewer: Viewer) -> list[str]:
    """Give the codes of emergencies that wait for a person, the oldest first."""
    rows = select(Case.code).where(Case.emergency, Case.status.in_(UNATTENDED), visible(viewer))
    return list(session.scalars(rows.order_by(Case.opened_at).limit(SHOWN)))
