"""The operator's page of accounts: who is invited, changed, closed, and who is told of it."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import select

from casebook.models import DeskEvent, OutboxMail, User
from casebook.rules.policy import Role

from .conftest import PASSWORD, Desk, Visitor, hidden, plain

OPERATOR = "vanhanh@soyte.example"


def operator(desk: Desk, email: str = OPERATOR) -> Visitor:
    return desk.person(Role.OPERATOR, email=email)


def user(desk: Desk, email: str) -> User:
    with desk.tools.database.begin() as session:
        return session.scalars(select(User).where(User.email == email)).one()


def page_of(desk: Desk, email: str) -> str:
    return f"/desk/people/{user(desk, email).id}"


def warned(desk: Desk) -> set[str]:
    with desk.tools.database.begin() as session:
        return set(session.scalars(select(OutboxMail.recipient).where(OutboxMail.kind == "rights")))


def invite(visitor: Visitor, **fields: Any) -> tuple[int, str]:
    usual = {"name": "Đỗ Thị Mới", "email": "moi@soyte.example", "roles": ["inspector"]}
    answer = visitor.post("/desk/people", {**usual, **fields}, at="/desk/people")
    return answer.status_code, answer.get_data(as_text=True)


def change(visitor: Visitor, desk: Desk, email: str, **fields: Any) -> tuple[int, str]:
    path = page_of(desk, email)
    page = visitor.text(path)
    usual = {"name": user(desk, email).name, "roles": user(desk, email).roles, "seen": hidden(page, "seen")}
    answer = visitor.post(path, {**usual, **fields}, at=path)
    return answer.status_code, answer.get_data(as_text=True)


def undo_of(page: str) -> tuple[str, dict[str, list[str]]]:
    form = re.search(r'<form method="post" action="([^"]+)" class="note undo">(.*?)</form>', page, flags=re.DOTALL)
    assert form
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form.group(2)):
        fields.setdefault(name, []).append(html.unescape(value))
    return form.group(1), fields


def test_somebody_is_invited_with_a_link(desk: Desk) -> None:
    visitor = operator(desk)
    assert invite(visitor, lines=["chat_luong"], regions=["hcm"])[0] == 303
    made = user(desk, "moi@soyte.example")
    assert (made.roles, made.lines, made.regions, made.unit) == (["inspector"], ["chat_luong"], ["hcm"], None)
    assert made.password_hash == ""
    page = plain(visitor.text(page_of(desk, "moi@soyte.example")))
    assert "Đã gửi thư mời Đỗ Thị Mới" in page
    assert "chưa nhận lời mời" in page
    assert desk.desk_kinds()[-2:] == ["account_made", "link_sent"]


def test_a_units_people_need_their_unit_and_others_have_none(desk: Desk) -> None:
    visitor = operator(desk)
    status, page = invite(visitor, roles=["unit_officer"])
    assert (status, "cần một đơn vị" in page) == (422, True)
    assert 'value="Đỗ Thị Mới"' in page, "what was typed is still there"
    assert invite(visitor, roles=["unit_officer"], unit="bv chợ rẫy")[0] == 303
    assert user(desk, "moi@soyte.example").unit == "bv-cho-ray"
    assert invite(visitor, email="khac@soyte.example", unit="bv chợ rẫy")[0] == 303
    assert user(desk, "khac@soyte.example").unit is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"email": "không phải thư"}, "địa chỉ thư đầy đủ"),
        ({"email": "a@b"}, "địa chỉ thư đầy đủ"),
        ({"email": OPERATOR}, "Đã có tài khoản"),
        ({"name": ""}, "Hãy gõ họ tên"),
        ({"roles": []}, "ít nhất một vai trò"),
        ({"roles": ["god"]}, "ít nhất một vai trò"),
        ({"lines": ["x"]}, "Hãy chọn một mục"),
        ({"regions": ["x"]}, "Hãy chọn một mục"),
        ({"roles": ["unit_head"], "unit": "không có đơn vị này"}, "Không có đơn vị này"),
    ],
)
def test_what_cannot_be_taken_is_explained_at_its_field(desk: Desk, fields: dict[str, Any], told: str) -> None:
    status, page = invite(operator(desk), **fields)
    assert status in {409, 422}
    assert told in page
    assert desk.count(User) == 1


def test_names_are_text_whatever_is_in_them(desk: Desk) -> None:
    visitor = operator(desk)
    invite(visitor, name="<b>Đỗ</b>\u202e\x00 Mới")
    page = visitor.text("/desk/people")
    assert "<b>Đỗ</b>" not in page
    assert "\u202e" not in page


def test_people_are_found_by_name_without_diacritics_and_by_address(desk: Desk) -> None:
    visitor = operator(desk)
    desk.account(Role.INSPECTOR, email="mai@soyte.example", name="Lê Thị Thanh Mai")
    for text in ("thanh mai", "THANH MAI", "mai@soyte"):
        page = plain(visitor.text(f"/desk/people?q={text}"))
        assert "Lê Thị Thanh Mai" in page
        assert page.count(OPERATOR) == 1, "only in the menu"
    assert "Không có tài khoản nào khớp" in plain(visitor.text("/desk/people?q=zzz"))


def test_roles_and_field_of_view_change_at_once_and_can_be_undone(desk: Desk) -> None:
    visitor = operator(desk)
    inspector = desk.inspector()
    assert inspector.get("/desk/identity").status_code == 403
    email = "thanhtra@soyte.example"
    assert change(visitor, desk, email, roles=["custodian"], lines=["chat_luong"])[0] == 303
    assert inspector.get("/desk/identity").status_code == 200
    path, fields = undo_of(visitor.text(page_of(desk, email)))
    assert visitor.post(path, fields, at=path).status_code == 303
    assert (user(desk, email).roles, user(desk, email).lines) == (["inspector"], None)
    assert inspector.get("/desk/identity").status_code == 403
    assert desk.desk_kinds().count("roles_changed") == 2


def test_of_two_operators_the_later_is_told(desk: Desk) -> None:
    first, second = operator(desk), operator(desk, "khac@soyte.example")
    desk.account(Role.INSPECTOR, email="mai@soyte.example")
    seen = hidden(second.text(page_of(desk, "mai@soyte.example")), "seen")
    assert change(first, desk, "mai@soyte.example", name="Mai Một")[0] == 303
    status, page = change(second, desk, "mai@soyte.example", name="Mai Hai", seen=seen)
    assert (status, "Người khác vừa sửa" in page, "Mai Hai" in page) == (409, True, True)
    assert user(desk, "mai@soyte.example").name == "Mai Một"


@pytest.mark.parametrize("role", ["chief_inspector", "custodian"])
def test_rights_to_read_secrets_are_not_given_in_silence(desk: Desk, role: str) -> None:
    desk.account(Role.CHIEF_INSPECTOR, email="chanh@soyte.example")
    desk.account(Role.CUSTODIAN, email="giu@soyte.example")
    visitor = operator(desk)
    assert change(visitor, desk, OPERATOR, roles=["operator", role])[0] == 303
    assert warned(desk) >= {"chanh@soyte.example", "giu@soyte.example"}
    with desk.tools.database.begin() as session:
        event = session.scalars(select(DeskEvent).where(DeskEvent.kind == "reading_rights_given")).one()
    assert (event.actor, event.data) == (OPERATOR, {"account": OPERATOR, "roles": [role]})
    assert "đã được báo" in plain(visitor.text(page_of(desk, OPERATOR)))


def test_an_invitation_with_such_rights_is_told_too_and_others_are_not(desk: Desk) -> None:
    desk.account(Role.CUSTODIAN, email="giu@soyte.example")
    visitor = operator(desk)
    invite(visitor)
    assert warned(desk) == set()
    invite(visitor, email="hai@soyte.example", roles=["custodian"])
    assert "giu@soyte.example" in warned(desk)


def test_an_account_is_closed_and_opened_again(desk: Desk) -> None:
    visitor, inspector = operator(desk), desk.inspector()
    path = page_of(desk, "thanhtra@soyte.example")
    visitor.post(f"{path}/active", {"on": ""}, at=path)
    assert inspector.get("/desk/password").status_code == 303
    assert desk.stranger().log_in("thanhtra@soyte.example").status_code == 401
    action, fields = undo_of(visitor.text(path))
    visitor.post(action, fields, at=path)
    assert desk.stranger().log_in("thanhtra@soyte.example").status_code == 303


def test_the_last_operator_stays(desk: Desk) -> None:
    visitor = operator(desk)
    path = page_of(desk, OPERATOR)
    closed = visitor.post(f"{path}/active", {"on": ""}, at=path)
    assert (closed.status_code, "người vận hành cuối cùng" in closed.get_data(as_text=True)) == (409, True)
    status, page = change(visitor, desk, OPERATOR, roles=["auditor"])
    assert (status, "người vận hành cuối cùng" in page) == (409, True)
    operator(desk, "hai@soyte.example")
    assert visitor.post(f"{path}/active", {"on": ""}, at=path).status_code == 303
    assert visitor.get("/desk/people").status_code == 303


def test_an_operator_ends_the_sessions_of_somebody(desk: Desk) -> None:
    visitor, inspector = operator(desk), desk.inspector()
    path = page_of(desk, "thanhtra@soyte.example")
    assert "192.0.2.1" in visitor.text(path)
    visitor.post(f"{path}/sessions", at=path)
    assert inspector.get("/desk/password").status_code == 303
    assert desk.stranger().log_in("thanhtra@soyte.example", PASSWORD).status_code == 303


def test_an_operator_takes_a_lost_second_factor_away(desk: Desk) -> None:
    visitor, inspector = operator(desk), desk.inspector()
    with desk.tools.database.begin() as session:
        row = session.scalars(select(User).where(User.email == "thanhtra@soyte.example")).one()
        row.totp_sealed = b"x"
    path = page_of(desk, "thanhtra@soyte.example")
    visitor.post(f"{path}/second-factor", at=path)
    assert user(desk, "thanhtra@soyte.example").totp_sealed is None
    assert inspector.get("/desk/password").status_code == 303
    assert desk.desk_kinds()[-1] == "second_factor_reset"
    assert warned(desk) == {"thanhtra@soyte.example"}


def test_a_link_is_sent_again(desk: Desk) -> None:
    visitor = operator(desk)
    desk.account(Role.INSPECTOR, email="mai@soyte.example")
    path = page_of(desk, "mai@soyte.example")
    visitor.post(f"{path}/link", at=path)
    assert "dùng được 1 giờ" in plain(visitor.text(path))


def test_an_account_that_is_not_there_is_told(desk: Desk) -> None:
    answer = operator(desk).get("/desk/people/00000000-0000-0000-0000-000000000000")
    assert answer.status_code == 404
