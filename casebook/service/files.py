"""Photos and documents of a case: checked by content, sealed, shown to the unit only if a person says so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseFile, UnitReply
from casebook.rules import file_types
from casebook.rules.file_types import BadFile, FileKind
from casebook.service import events
from config.crypto import KeyRing
from config.errors import PermanentError
from config.told import Told
from recordings.ports import Store


class NoSuchFile(PermanentError):
    """Không có tệp này, hoặc tệp đã được gỡ."""


class AlreadyThere(PermanentError):
    """Phản ánh đã có tệp giống hệt, nên tệp này không được thêm lần nữa."""


class MadeAnew(PermanentError):
    """Bản đã đổi giọng không lấy lại được: hãy tạo bản mới ở trang che danh tính."""


class NotTheFile(PermanentError):
    """Nội dung đọc từ kho không phải là tệp đã gửi (sai SHA-256). Hãy báo người vận hành."""


class BadFiles(PermanentError):
    """Có tệp không nhận được, nên chưa lưu gì."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: what it is called there, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept."""

    name: str
    data: bytes
    kind: FileKind
    sha256: str


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file as a page lists it."""

    id: UUID
    name: str
    kind: FileKind
    size_bytes: int
    reply_id: UUID | None
    for_unit: bool
    added_by: str
    added_at: datetime
    removed_at: datetime | None

    @property
    def kind_name(self) -> str:
        """What kind of file it is, in words."""
        return file_types.KIND_NAMES[self.kind]


def check(uploads: Sequence[Upload]) -> tuple[CheckedFile, ...]:
    """Check files that were sent together; the same one twice counts once. Raises BadFiles, naming every bad one."""
    reasons: list[tuple[str, str]] = []
    count = Told("%(n)s tệp", n=len(uploads))
    if len(uploads) > file_types.MOST_FILES:
        reasons.append((count, Told("Mỗi lần gửi tối đa 10 tệp: hãy chia làm nhiều lần.")))
    if sum(len(upload.data) for upload in uploads) > file_types.LARGEST_UPLOAD:
        reasons.append((count, Told("Mỗi lần gửi tối đa 25 MB: hãy chia làm nhiều lần.")))
    found: dict[str, CheckedFile] = {}
    for upload in uploads:
        try:
            kind = file_types.kind_of(upload.data)
        except BadFile as error:
            reasons.append((upload.name[: file_types.LONGEST_NAME], error.told))
            continue
        sha256 = digest(upload.data)
        found.setdefault(sha256, CheckedFile(file_types.safe_name(upload.name, kind), upload.data, kind, sha256))
    if reasons:
        raise BadFiles(reasons)
    return tuple(found.values())


def digest(data: bytes) -> str:
    """Give the SHA-256 by which a file is kept."""
    return hashlib.sha256(data).hexdigest()


def keep(checked: Iterable[CheckedFile], store: Store, keys: KeyRing) -> None:
    """Seal files into the store, before the rows that name them. Slow: call it in no transaction.

    What is kept and then named by no row is sealed bytes that nobody finds; raises the store's errors.
    """
    for file in checked:
        store.put(store_key(file.sha256), keys.seal(file.data, sealing_context(file.sha256)))


def store_key(sha256: str) -> str:
    """Under which name a file's bytes are kept: equal files meet in one place."""
    return f"file-{sha256}"


def sealing_context(sha256: str) -> str:
    """What a file's sealed bytes are bound to."""
    return f"file:{sha256}"


def name_context(file_id: UUID) -> str:
    """What a file's sealed name is bound to."""
    return f"file-name:{file_id}"


def attach(
    session: Session,
    case: Case,
    checked: Iterable[CheckedFile],
    *,
    keys: KeyRing,
    now: datetime,
    actor: str,
    reply: UnitReply | None = None,
    recording_id: UUID | None = None,
) -> list[str]:
    """Name kept files in a locked case, or in a unit's reply; gives the names of those that it had already.

    `recording_id` is of the recording whose disguised copy it is.
    """
    known = _standing(session, case, reply.id if reply else None)
    twice = []
    for file in checked:
        if file.sha256 in known:
            twice.append(file.name)
            continue
        row = _row(case, file, keys, now, actor)
        row.reply_id, row.for_unit = (reply.id, True) if reply else (None, False)
        row.recording_id = recording_id
        session.add(row)
        events.record(session, case.id, "file_added", now=now, actor=actor, **_told(row))
    return twice


def _row(case: Case, file: CheckedFile, keys: KeyRing, now: datetime, actor: str) -> CaseFile:
    file_id = uuid4()
    return CaseFile(
        id=file_id,
        case_id=case.id,
        name_sealed=keys.seal(file.name.encode(), name_context(file_id)),
        content_type=file.kind.value,
        size_bytes=len(file.data),
        sha256=file.sha256,
        store_key=store_key(file.sha256),
        added_by=actor,
        added_at=now,
    )


def _told(row: CaseFile) -> dict[str, str]:
    """What an event says of a file: its name may say who somebody is."""
    return {"file": str(row.id), "type": row.content_type, "sha256": row.sha256}


def _standing(session: Session, case: Case, reply_id: UUID | None) -> set[str]:
    rows = select(CaseFile.sha256).where(CaseFile.case_id == case.id, CaseFile.removed_at.is_(None))
    return set(session.scalars(rows.where(CaseFile.reply_id.is_not_distinct_from(reply_id))))


def files_of(session: Session, case: Case, keys: KeyRing) -> list[ShownFile]:
    """List the files of a case, oldest first, also those that were removed."""
    rows = select(CaseFile).where(CaseFile.case_id == case.id).order_by(CaseFile.added_at, CaseFile.id)
    return [_shown(row, keys) for row in session.scalars(rows)]


def _shown(row: CaseFile, keys: KeyRing) -> ShownFile:
    return ShownFile(
        id=row.id,
        name=name_of(row, keys),
        kind=FileKind(row.content_type),
        size_bytes=row.size_bytes,
        reply_id=row.reply_id,
        for_unit=row.for_unit,
        added_by=row.added_by,
        added_at=row.added_at,
        removed_at=row.removed_at,
    )


def name_of(row: CaseFile, keys: KeyRing) -> str:
    """Open a file's name."""
    return keys.open(row.name_sealed, name_context(row.id)).decode()


def find(session: Session, case: Case, file_id: UUID) -> CaseFile:
    """Give a file of the case, also a removed one; raises NoSuchFile."""
    row = session.get(CaseFile, file_id)
    if row is None or row.case_id != case.id:
        raise NoSuchFile
    return row


def bytes_of(row: CaseFile, store: Store, keys: KeyRing) -> bytes:
    """Give a file as it was sent, checked against its SHA-256. Slow: call it in no transaction.

    Raises NotInStore, Tampered, UnknownKey, NotTheFile or StoreUnavailable.
    """
    data = keys.open(store.get(row.store_key), sealing_context(row.sha256))
    if digest(data) != row.sha256:
        raise NotTheFile
    return data


def reseal(key: str, sha256: str, store: Store, keys: KeyRing) -> bool:
    """Seal a file's stored bytes anew under the first key; False if they are already. Raises as `bytes_of` does."""
    sealed, context = store.get(key), sealing_context(sha256)
    if keys.is_current(sealed):
        return False
    store.put(key, keys.seal(keys.open(sealed, context), context))
    return True


def note_taken(session: Session, row: CaseFile, *, now: datetime, actor: str) -> None:
    """Write down that somebody downloads a file."""
    events.record(session, row.case_id, "file_taken", now=now, actor=actor, **_told(row))


def share(session: Session, row: CaseFile, *, on: bool, now: datetime, actor: str) -> None:
    """Let the unit see a file of the Department's, or hide it again; raises NoSuchFile for a reply's own."""
    if row.reply_id is not None or row.removed_at is not None:
        raise NoSuchFile
    if row.for_unit == on:
        return
    row.for_unit = on
    events.record(session, row.case_id, "file_shared" if on else "file_hidden", now=now, actor=actor, **_told(row))


def remove(session: Session, row: CaseFile, *, now: datetime, actor: str) -> None:
    """Take a file off the case; its bytes stay, so that it can be put back. A unit's evidence stays."""
    if row.reply_id is not None:
        raise NoSuchFile
    if row.removed_at is None:
        row.removed_at = now
        events.record(session, row.case_id, "file_removed", now=now, actor=actor, **_told(row))


def restore(session: Session, case: Case, row: CaseFile, *, now: datetime, actor: str) -> None:
    """Put a removed file back, hidden from the unit; raises AlreadyThere if it was added anew meanwhile."""
    if row.removed_at is None:
        return
    if row.recording_id is not None:
        # What is to be hidden may have changed since it was made.
        raise MadeAnew
    if row.sha256 in _standing(session, case, row.reply_id):
        raise AlreadyThere
    row.removed_at, row.for_unit = None, False
    events.record(session, row.case_id, "file_restored", now=now, actor=actor, **_told(row))
