"""What somebody was typing when their session ended comes back after the log-in, whole and never by itself."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casebook.models import IdentityRequest, SavedFilter, User
from casebook.rules.policy import Role
from casebook.web.kept import SECRETS, Kept

from .conftest import PASSWORD, Desk, Visitor, hidden, plain
from .operator_forms import fields_of

OPERATOR, KEEPER = "vanhanh@soyte.example", "giu@soyte.example"
TEMPLATES = Path(__file__).parents[4] / "casebook" / "templates" / "desk"
SECRET_FIELD = re.compile(r'<input[^>]*(?:type="password"|autocomplete="one-time-code")[^>]*>')


def posted_after_the_end(visitor: Visitor, path: str, fields: dict[str, Any]) -> str:
    """Post a form when the session is over; gives the log-in page."""
    visitor.client.delete_cookie("lang_nghe")
    answer = visitor.bare_post(path, fields)
    assert answer.status_code == 401
    return answer.get_data(as_text=True)


def back_in(visitor: Visitor, email: str, page: str) -> str:
    """Log in on the page that carries what was typed; gives the page that shows it again."""
    fields = fields_of(page, "/desk/login") | {"email": email, "password": PASSWORD}
    answer = visitor.bare_post("/desk/login", fields)
    assert answer.status_code == 200, answer.location
    return answer.get_data(as_text=True)


def found(desk: Desk, email: str) -> User:
    with desk.tools.database.begin() as session:
        return session.scalars(select(User).where(User.email == email)).one()


def test_an_invitation_with_several_roles_lines_and_regions_comes_back_whole(desk: Desk) -> None:
    operator = desk.person(Role.OPERATOR, email=OPERATOR)
    typed = {
        "name": "Đỗ Thị Mới",
        "email": "moi@soyte.example",
        "roles": ["inspector", "supervisor"],
        "lines": ["chat_luong", "dich_vu_cong"],
        "regions": ["hcm", "vung_tau"],
    }
    page = back_in(operator, OPERATOR, posted_after_the_end(operator, "/desk/people", typed))
    shown = plain(page)
    for text in ("Đỗ Thị Mới", "Thanh tra viên", "Chất lượng khám, chữa bệnh", "Bà Rịa - Vũng Tàu"):
        assert text in shown
    assert operator.bare_post("/desk/people", fields_of(page, "/desk/people")).status_code == 303
    new = found(desk, "moi@soyte.example")
    assert (new.name, sorted(new.roles)) == ("Đỗ Thị Mới", ["inspector", "supervisor"])
    assert (sorted(new.lines or ()), sorted(new.regions or ())) == (["chat_luong", "dich_vu_cong"], ["hcm", "vung_tau"])


def test_a_change_of_somebodys_roles_comes_back_and_still_notices_another_change(desk: Desk) -> None:
    operator, email = desk.person(Role.OPERATOR, email=OPERATOR), desk.account(Role.INSPECTOR, email="a@soyte.example")
    path = f"/desk/people/{found(desk, email).id}"
    typed = {"name": "Tên mới", "roles": ["inspector", "auditor"], "seen": hidden(operator.text(path), "seen")}
    page = back_in(operator, OPERATOR, posted_after_the_end(operator, path, typed))
    assert operator.bare_post(path, fields_of(page, path)).status_code == 303
    assert (found(desk, email).name, set(found(desk, email).roles)) == ("Tên mới", {"inspector", "auditor"})
    assert operator.bare_post(path, fields_of(page, path)).status_code == 409, "what the page showed is no longer so"


def test_what_a_custodian_wrote_comes_back_and_the_button_says_what_it_does(desk: Desk) -> None:
    code, asker = desk.place(), desk.inspector()
    keeper = desk.person(Role.CUSTODIAN, email=KEEPER)
    asker.post(f"/desk/cases/{code}/identity", {"why": "cần gọi lại hỏi thêm"})
    with desk.tools.database.begin() as session:
        path = f"/desk/identity/{session.scalars(select(IdentityRequest.id)).one()}"
    words = "Hãy hỏi qua cơ sở trước"
    page = back_in(keeper, KEEPER, posted_after_the_end(keeper, path, {"do": "refuse", "words": words}))
    assert "Từ chối" in plain(page)
    assert keeper.bare_post(path, fields_of(page, path)).status_code == 303
    with desk.tools.database.begin() as session:
        decided = session.scalars(select(IdentityRequest)).one()
        assert (decided.granted, decided.decision) == (False, words)


def test_the_reason_for_ending_many_cases_comes_back_with_the_marked_cases(desk: Desk) -> None:
    codes = [desk.place(contact="") for _ in range(2)]
    visitor = desk.inspector()
    marks = [f"{code}.{desk.case(code).version}" for code in codes]
    typed = {"do": "close", "case": marks, "words": "Đã giải quyết tại chỗ", "list": ""}
    page = back_in(visitor, "thanhtra@soyte.example", posted_after_the_end(visitor, "/desk/bulk", typed))
    assert "Đã giải quyết tại chỗ" in html.unescape(page)
    assert visitor.bare_post("/desk/bulk", fields_of(page, "/desk/bulk")).status_code == 200
    assert [desk.case(code).status for code in codes] == ["closed", "closed"]


def test_the_name_of_a_list_comes_back_with_the_list(desk: Desk) -> None:
    visitor = desk.inspector()
    typed = {"name": "Quá hạn của tôi", "list": "line=chat_luong&overdue=1"}
    page = back_in(visitor, "thanhtra@soyte.example", posted_after_the_end(visitor, "/desk/filters", typed))
    assert visitor.bare_post("/desk/filters", fields_of(page, "/desk/filters")).status_code == 303
    with desk.tools.database.begin() as session:
        saved = session.scalars(select(SavedFilter)).one()
        assert (saved.name, saved.query) == ("Quá hạn của tôi", "line=chat_luong&overdue=1")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/desk/filters/7a9e6a0e-0000-4000-8000-000000000000/delete", {"list": "overdue=1"}),
        ("/desk/people/7a9e6a0e-0000-4000-8000-000000000000/active", {"on": "1"}),
        ("/desk/people/7a9e6a0e-0000-4000-8000-000000000000/link", {}),
        ("/desk/identity/7a9e6a0e-0000-4000-8000-000000000000", {"do": "grant", "words": ""}),
    ],
)
def test_a_click_without_words_is_not_done_after_the_log_in(desk: Desk, path: str, fields: dict[str, str]) -> None:
    visitor = desk.inspector()
    page = posted_after_the_end(visitor, path, {"csrf_token": "cũ", **fields})
    assert "kept_path" not in page
    assert "chữ bạn gõ vẫn còn" not in html.unescape(page)


def test_passwords_and_codes_are_never_carried(desk: Desk) -> None:
    visitor, path = desk.inspector(), f"/desk/cases/{desk.place()}/identity/now"
    page = posted_after_the_end(visitor, path, {"why": "nguy hiểm tính mạng", "proof": "mật khẩu của tôi"})
    assert "nguy hiểm tính mạng" in html.unescape(page)
    assert "mật khẩu của tôi" not in html.unescape(page)
    fields = fields_of(page, "/desk/login") | {"kept.proof": "lén gửi kèm"}
    again = visitor.bare_post("/desk/login", fields | {"email": "thanhtra@soyte.example", "password": "sai"})
    assert "nguy hiểm tính mạng" in html.unescape(again.get_data(as_text=True))
    assert "lén gửi kèm" not in html.unescape(again.get_data(as_text=True))


def test_every_field_that_takes_a_password_or_a_code_is_known_as_a_secret() -> None:
    fields = [field for page in TEMPLATES.rglob("*.html") for field in SECRET_FIELD.findall(page.read_text())]
    names = {name for field in fields for name in re.findall(r' name="([^"]+)"', field)}
    assert {"password", "proof", "code"} <= names <= SECRETS


def test_boxes_of_one_list_stay_a_list() -> None:
    fields = MultiDict([("roles", "inspector"), ("name", "A"), ("roles", "auditor"), ("do", "")])
    kept = Kept.of("/desk/people", list(fields.items(multi=True)))
    assert kept is not None
    assert kept.chosen == {"roles": ["inspector", "auditor"]}
    assert kept.shown == [("name", "A")]
    assert kept.carried == [("do", "")]
