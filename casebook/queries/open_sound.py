"""What of a shared recording a person may hear and read, where one call became several cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseRecording
from casebook.queries.visible import visible
from casebook.rules.policy import Viewer
from casebook.rules.stretches import WHOLE, Stretch, Stretches, read, together


def open_to(session: Session, viewer: Viewer, links: Sequence[CaseRecording]) -> dict[UUID, Stretches]:
    """Give, by recording, the parts that belong to any case that the viewer sees; all of one that was never divided."""
    found = {link.recording_id: WHOLE for link in links}
    divided = [link.recording_id for link in links if link.stretches is not None]
    if divided:
        found |= _seen(session, viewer, divided)
    return found


def _seen(session: Session, viewer: Viewer, recording_ids: list[UUID]) -> dict[UUID, Stretches]:
    parts: dict[UUID, list[Stretch]] = defaultdict(list)
    rows = select(CaseRecording.recording_id, CaseRecording.stretches).join(Case, Case.id == CaseRecording.case_id)
    for recording_id, stored in session.execute(
        rows.where(CaseRecording.recording_id.in_(recording_ids), visible(viewer))
    ):
        parts[recording_id].extend(read(stored))
    return {recording_id: together(parts[recording_id]) for recording_id in recording_ids}
