"""Sealing everything anew under the first key of the ring, so that an old key can be retired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from casebook.models import Case, CaseFile, CaseNote, DeskSession, UnitReply, User
from casebook.service import files, notes, replies
from casebook.service.cases import CALLER_CONTEXT as CASE_CALLER
from casebook.service.hearing import SUGGESTION_CONTEXT
from casebook.service.second_factor import totp_context
from casebook.service.sessions import address_context
from config.crypto import KeyRing
from config.database.engine import Database
from ivr.models import Call
from ivr.service.calls import CALLER_CONTEXT as CALL_CALLER
from recordings import service as recordings
from recordings.models import Recording
from recordings.service import RecordingTools
from transcription.models import Transcript
from transcription.sealing import sealing_context

BATCH = 500


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed bytes, and what each value is bound to."""

    title: str
    table: Any
    column: InstrumentedAttribute[Any]
    context: Callable[[Any], str]


COLUMNS = (
    SealedColumn("số gọi trong cuộc gọi", Call, Call.caller_sealed, lambda _: CALL_CALLER),
    SealedColumn("số gọi trong phản ánh", Case, Case.caller_sealed, lambda _: CASE_CALLER),
    SealedColumn("gợi ý", Case, Case.suggestion_sealed, lambda _: SUGGESTION_CONTEXT),
    SealedColumn(
        "bản chép lời",
        Transcript,
        Transcript.segments_sealed,
        lambda row: sealing_context(row.recording_id, row.revision),
    ),
    SealedColumn("trả lời của đơn vị", UnitReply, UnitReply.text_sealed, lambda row: replies.context(row.id)),
    SealedColumn("ghi chú", CaseNote, CaseNote.text_sealed, lambda row: notes.context(row.id)),
    SealedColumn("tên tệp", CaseFile, CaseFile.name_sealed, lambda row: files.name_context(row.id)),
    SealedColumn("mã xác thực", User, User.totp_sealed, lambda row: totp_context(row.id)),
    SealedColumn("nơi đăng nhập", DeskSession, DeskSession.address_sealed, lambda row: address_context(row.id)),
)
"""Every sealed column there is; a test compares with the models."""


def rotate_columns(database: Database, keys: KeyRing) -> Iterator[tuple[str, int]]:
    """Re-seal every column in small transactions; gives each column's title and how many values changed."""
    for sealed in COLUMNS:
        changed, last = 0, UUID(int=0)
        while True:
            with database.begin() as session:
                rows = _batch(session, sealed, last)
                changed += sum(_reseal(row, sealed, keys) for row in rows)
            if not rows:
                break
            last = rows[-1].id
        yield sealed.title, changed


def rotate_recordings(tools: RecordingTools) -> int:
    """Re-seal every kept recording; gives how many changed."""
    with tools.db.begin() as session:
        kept = session.scalars(select(Recording.id).where(Recording.store_key.is_not(None))).all()
    return sum(recordings.rotate(recording_id, tools) for recording_id in kept)


def rotate_files(tools: RecordingTools) -> int:
    """Re-seal the bytes of every attached file; gives how many changed."""
    with tools.db.begin() as session:
        kept = session.execute(select(CaseFile.store_key, CaseFile.sha256).distinct()).all()
    return sum(files.reseal(key, sha256, tools.store, tools.keys) for key, sha256 in kept)


def prove_keys(session: Session, keys: KeyRing) -> int:
    """Open one value of every sealed column; gives how many there were. Raises UnknownKey or Tampered."""
    opened = 0
    for sealed in COLUMNS:
        for row in session.scalars(select(sealed.table).where(sealed.column.is_not(None)).limit(1)):
            keys.open(getattr(row, sealed.column.key), sealed.context(row))
            opened += 1
    return opened


def _batch(session: Session, sealed: SealedColumn, after: UUID) -> list[Any]:
    rows = select(sealed.table).where(sealed.column.is_not(None), sealed.table.id > after)
    return list(session.scalars(rows.order_by(sealed.table.id).limit(BATCH).with_for_update()))


def _reseal(row: Any, sealed: SealedColumn, keys: KeyRing) -> bool:
    before = getattr(row, sealed.column.key)
    if keys.is_current(before):
        return False
    context = sealed.context(row)
    setattr(row, sealed.column.key, keys.seal(keys.open(before, context), context))
    return True
