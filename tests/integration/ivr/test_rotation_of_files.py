"""Retiring a key that attachments, notes and replies were sealed with."""

from __future__ import annotations

import secrets
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import CaseFile
from casebook.service import files, notes, replies
from casebook.service.cases import by_code
from config.crypto import KeyRing, generate_key_text
from ivr.rotation import rotate_columns, rotate_files
from recordings.service import RecordingTools
from tests.attachments import png
from tests.integration.casebook.desk.at_the_unit import SENT
from tests.integration.casebook.desk.conftest import Desk, desk, quick_hashes, understand

__all__ = ["desk", "quick_hashes", "understand"]
OLD, NEW = generate_key_text("k1"), generate_key_text("k2")
HASH_KEY = secrets.token_bytes(32)


def fill(session: Session, desk: Desk, code: str, keys: KeyRing) -> None:
    case = by_code(session, code)
    assert case is not None
    checked = files.check([files.Upload("a.png", png())])
    files.keep(checked, desk.tools.store, keys)
    files.attach(session, case, checked, keys=keys, now=desk.now, actor="x")
    notes.add(session, case, "gọi lại", keys=keys, now=desk.now, actor="x")
    replies.give(session, case, "đã xin lỗi", keys=keys, now=desk.now, actor="x")


def test_after_a_rotation_files_notes_and_replies_open_without_the_old_key(desk: Desk) -> None:
    old, both, new = (KeyRing.parse(text, HASH_KEY) for text in (OLD, f"{NEW},{OLD}", NEW))
    desk.tools = replace(desk.tools, keys=old)
    code = desk.place(then=SENT)
    with desk.tools.database.begin() as session:
        fill(session, desk, code, old)
    counts = dict(rotate_columns(desk.tools.database, both))
    assert (counts["ghi chú"], counts["tên tệp"], counts["trả lời của đơn vị"]) == (1, 1, 1)
    tools = RecordingTools(desk.tools.database, desk.tools.store, both, None, desk.tools.clock)  # type: ignore[arg-type]
    assert rotate_files(tools) == 1
    assert rotate_files(tools) == 0
    with desk.tools.database.begin() as session:
        case = by_code(session, code)
        assert case is not None
        row = session.scalars(select(CaseFile)).one()
        assert files.name_of(row, new) == "a.png"
        assert files.bytes_of(row, desk.tools.store, new) == png()
        assert notes.notes_of(session, case, new)[0].text == "gọi lại"
        assert replies.replies_of(session, case, new)[0].text == "đã xin lỗi"
