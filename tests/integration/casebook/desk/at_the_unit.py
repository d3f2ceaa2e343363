"""Units' officers for the tests, their cases, and posts that carry files."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from casebook.models import Case, CaseFile, OutboxMail, UnitReply
from casebook.rules.policy import Role
from casebook.service import files, replies, users
from casebook.service.files import ShownFile
from casebook.service.replies import ShownReply

from .conftest import PASSWORD, Desk, Visitor, hidden

UNIT, OTHER = "bv-cho-ray", "bv-binh-dan"
ANSWER = "Bệnh viện đã làm việc với điều dưỡng và xin lỗi gia đình."
SENT = ("confirm", "forward")

Sent = tuple[str, bytes]
"""A file as it is sent: its name and its bytes."""


def officer(desk: Desk, unit: str | None = UNIT, email: str = "canbo@cho-ray.example", **more: Any) -> Visitor:
    """The browser of a unit's officer who is logged in."""
    with desk.tools.database.begin() as session:
        role = more.get("role", Role.UNIT_OFFICER)
        user = users.create(
            session, email=email, name="Đỗ Thị Lan", roles=[role], password=PASSWORD, now=desk.now, unit=unit
        )
        user.last_login_at = desk.now
    visitor = desk.stranger()
    assert visitor.log_in(email).status_code == 303
    return visitor


def case_of(desk: Desk, unit: str = UNIT, then: tuple[str, ...] = SENT, **changes: Any) -> str:
    """A case that was sent to a unit; gives its code."""
    code = desk.place(then=then, **changes)

    def give(_session: object, case: Case) -> None:
        case.responsible_unit = unit

    desk.change(code, give)
    return code


def post_files(visitor: Visitor, path: str, sent: list[Sent], *, at: str, **fields: str) -> TestResponse:
    """Post a form with files, with the token of the page `at`."""
    token = hidden(visitor.text(at), "csrf_token")
    data = {"csrf_token": token, **fields, "files": [FileStorage(io.BytesIO(content), name) for name, content in sent]}
    # Written out here: the client would put a long body into a temporary file that it does not close.
    boundary, body = encode_multipart(data)
    return visitor.bare_post(path, body, content_type=f"multipart/form-data; boundary={boundary}")  # type: ignore[arg-type]


def answer(visitor: Visitor, code: str, words: str = ANSWER, sent: list[Sent] | None = None) -> TestResponse:
    """The unit answers."""
    page = f"/desk/unit/cases/{code}"
    return post_files(visitor, f"{page}/reply", sent or [], at=page, words=words)


def attach(visitor: Visitor, code: str, sent: list[Sent]) -> TestResponse:
    """An inspector attaches files."""
    return post_files(visitor, f"/desk/cases/{code}/files", sent, at=f"/desk/cases/{code}")


def decide(visitor: Visitor, code: str, what: str, page: str = "", **fields: str) -> TestResponse:
    """An inspector decides about the answer that stands: `accept` or `return`."""
    page = page or visitor.text(f"/desk/cases/{code}")
    kept = {"csrf_token": hidden(page, "csrf_token"), "version": hidden(page, "version")}
    return visitor.bare_post(f"/desk/cases/{code}/reply/{what}", {**kept, **fields})


def replies_of(desk: Desk, code: str) -> list[ShownReply]:
    with desk.tools.database.begin() as session:
        case = session.scalars(select(Case).where(Case.code == code)).one()
        return replies.replies_of(session, case, desk.tools.keys)


def files_of(desk: Desk, code: str) -> list[ShownFile]:
    with desk.tools.database.begin() as session:
        case = session.scalars(select(Case).where(Case.code == code)).one()
        return files.files_of(session, case, desk.tools.keys)


def file_row(desk: Desk, file_id: UUID) -> CaseFile:
    with desk.tools.database.begin() as session:
        return session.get_one(CaseFile, file_id)


def reply_rows(desk: Desk) -> list[UnitReply]:
    with desk.tools.database.begin() as session:
        return list(session.scalars(select(UnitReply)))


def mails(desk: Desk, kind: str) -> list[OutboxMail]:
    with desk.tools.database.begin() as session:
        return list(session.scalars(select(OutboxMail).where(OutboxMail.kind == kind)))
