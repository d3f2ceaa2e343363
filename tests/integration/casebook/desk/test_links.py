"""Links that are mailed: an invitation, a forgotten password. Good once, and never on being looked at."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from casebook.models import OneTimeLink, OutboxMail, User
from casebook.rules.policy import Role
from casebook.service import links, outbox, people
from casebook.service.people import Standing

from .conftest import PASSWORD, Desk, Visitor, hidden, plain

NEW = "một mật khẩu hoàn toàn mới"
LINK = re.compile(r"http://127\.0\.0\.1:8080(/desk/links/[\w-]+)")


class Swallowing:
    """A mail server that takes everything."""

    def __init__(self) -> None:
        self.told = ""

    def send(self, message: EmailMessage) -> None:
        body = message.get_body(("plain",))
        self.told = body.get_content() if body else ""


def mailed(desk: Desk) -> list[str]:
    """The links that were mailed, oldest first."""
    with desk.tools.database.begin() as session:
        rows = select(OutboxMail.text).where(OutboxMail.kind == "link").order_by(OutboxMail.created_at)
        return [LINK.findall(text)[0] for text in session.scalars(rows)]


def invited(desk: Desk, email: str = "moi@soyte.example", *roles: Role) -> str:
    with desk.tools.database.begin() as session:
        standing = Standing("Đỗ Thị Mới", frozenset(roles or (Role.INSPECTOR,)))
        people.invite(session, email, standing, desk.tools.house, desk.now, by="vanhanh@soyte.example")
    return mailed(desk)[-1]


def forgot(visitor: Visitor, email: str) -> str:
    return visitor.post("/desk/forgot", {"email": email}, at="/desk/forgot").get_data(as_text=True)


def choose(visitor: Visitor, path: str, new: str = NEW, again: str = "") -> int:
    token = hidden(visitor.text("/desk/login"), "csrf_token")
    return visitor.bare_post(path, {"csrf_token": token, "new": new, "again": again or new}).status_code


def test_an_invited_person_chooses_a_password_and_comes_in(desk: Desk) -> None:
    path = invited(desk)
    visitor = desk.stranger()
    assert visitor.log_in("moi@soyte.example", "").status_code == 401
    assert "Chào Đỗ Thị Mới" in plain(visitor.text(path))
    assert choose(visitor, path) == 303
    assert visitor.log_in("moi@soyte.example", NEW).status_code == 303
    assert desk.desk_kinds() == ["account_made", "link_sent", "login_refused", "link_used", "login"]


def test_looking_at_a_link_does_nothing_however_often(desk: Desk) -> None:
    path = invited(desk)
    for _ in range(3):
        assert desk.stranger().get(path).status_code == 200
    assert "link_used" not in desk.desk_kinds()
    assert choose(desk.stranger(), path) == 303


def test_a_link_is_good_once(desk: Desk) -> None:
    path = invited(desk)
    assert choose(desk.stranger(), path) == 303
    assert choose(desk.stranger(), path, "một mật khẩu khác nữa") == 404
    assert "Liên kết không còn dùng được" in desk.stranger().text(path)
    assert desk.stranger().log_in("moi@soyte.example", NEW).status_code == 303


@pytest.mark.parametrize(("hours", "status"), [(71.9, 303), (72, 404)])
def test_an_invitation_is_good_for_three_days(desk: Desk, hours: float, status: int) -> None:
    path = invited(desk)
    desk.later(hours=hours)
    assert choose(desk.stranger(), path) == status


def test_a_newer_link_takes_the_older_ones_place(desk: Desk) -> None:
    first = invited(desk)
    desk.later(minutes=1)
    with desk.tools.database.begin() as session:
        user = session.scalars(select(User)).one()
        assert people.send_link(session, user, desk.tools.house, desk.now, by="ai") == links.INVITATION
    assert choose(desk.stranger(), first) == 404
    assert choose(desk.stranger(), mailed(desk)[-1]) == 303


@pytest.mark.parametrize(("new", "again", "told"), [("ngắn", "", "ít nhất 12"), (NEW, "khác hẳn", "không giống nhau")])
def test_a_password_that_cannot_be_taken_leaves_the_link_good(desk: Desk, new: str, again: str, told: str) -> None:
    path = invited(desk)
    visitor = desk.stranger()
    token = hidden(visitor.text(path), "csrf_token")
    answer = visitor.bare_post(path, {"csrf_token": token, "new": new, "again": again or new})
    assert (answer.status_code, told in answer.get_data(as_text=True)) == (422, True)
    assert choose(visitor, path) == 303


def test_a_forgotten_password_is_replaced_and_every_session_ends(desk: Desk) -> None:
    stolen = desk.inspector()
    visitor = desk.stranger()
    forgot(visitor, " ThanhTra@soyte.example ")
    [path] = mailed(desk)
    assert choose(visitor, path) == 303
    assert stolen.get("/desk/password").status_code == 303
    assert desk.stranger().log_in("thanhtra@soyte.example", PASSWORD).status_code == 401
    assert desk.stranger().log_in("thanhtra@soyte.example", NEW).status_code == 303


def test_nobody_learns_whether_there_is_an_account(desk: Desk) -> None:
    desk.account(Role.INSPECTOR, email="co@soyte.example")
    there, away = (forgot(desk.stranger(), f"{name}@soyte.example") for name in ("co", "ai"))
    assert plain(there).replace("co@", "ai@") == plain(away)
    assert len(mailed(desk)) == 1


def test_a_reset_is_good_for_an_hour(desk: Desk) -> None:
    desk.account(Role.INSPECTOR, email="co@soyte.example")
    forgot(desk.stranger(), "co@soyte.example")
    desk.later(hours=1)
    assert choose(desk.stranger(), mailed(desk)[0]) == 404


def test_a_mailbox_is_not_flooded_and_the_answer_stays_the_same(desk: Desk) -> None:
    desk.account(Role.INSPECTOR, email="co@soyte.example")
    answers = {plain(forgot(desk.stranger(f"198.51.100.{n}"), "co@soyte.example")) for n in range(6)}
    assert len(answers) == 1
    assert len(mailed(desk)) == links.PER_ACCOUNT


def test_one_address_asks_ten_times_an_hour(desk: Desk) -> None:
    for n in range(links.PER_ADDRESS):
        assert "đang được gửi" in forgot(desk.stranger(), f"ai{n}@soyte.example")
    assert "quá nhiều yêu cầu" in forgot(desk.stranger(), "ai@soyte.example")
    desk.later(hours=1)
    assert "đang được gửi" in forgot(desk.stranger(), "ai@soyte.example")


def test_who_was_closed_or_never_came_gets_no_reset(desk: Desk) -> None:
    invited(desk)
    assert len(mailed(desk)) == 1
    forgot(desk.stranger(), "moi@soyte.example")
    assert len(mailed(desk)) == 1


def test_a_closed_accounts_link_is_dead(desk: Desk) -> None:
    path = invited(desk)
    with desk.tools.database.begin() as session:
        session.scalars(select(User)).one().active = False
    assert choose(desk.stranger(), path) == 404


@pytest.mark.parametrize("token", ["x", "x" * 43, "..%2f..", "%00"])
def test_a_made_up_link_is_dead(desk: Desk, token: str) -> None:
    assert desk.stranger().get(f"/desk/links/{token}").status_code == 404


def test_only_the_hash_of_a_token_is_kept_and_the_sent_mail_forgets_it(desk: Desk) -> None:
    token = invited(desk).rpartition("/")[2]
    with desk.tools.database.begin() as session:
        kept = session.scalars(select(OneTimeLink.token_hash)).one()
        mail_id = session.scalars(select(OutboxMail.id)).one()
    assert kept == hashlib.sha256(token.encode()).hexdigest()
    server = Swallowing()
    outbox.deliver(desk.tools.database, mail_id, server, "x@soyte.example", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    assert token in server.told
    with desk.tools.database.begin() as session:
        mail = session.get_one(OutboxMail, mail_id)
        assert mail.state == "sent"
        assert token not in mail.text + mail.html


def test_the_mail_says_what_it_is_for_in_both_its_faces(desk: Desk) -> None:
    invited(desk)
    with desk.tools.database.begin() as session:
        mail = session.scalars(select(OutboxMail)).one()
    assert mail.recipient == "moi@soyte.example"
    for face in (mail.text, mail.html):
        assert "Kính gửi Đỗ Thị Mới" in face
        assert "09:30 ngày 24/11/2026" in face
        assert "Thanh tra viên" in face
