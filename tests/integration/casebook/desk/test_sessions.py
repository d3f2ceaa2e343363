"""Where somebody is logged in: seen, ended from elsewhere, over by themselves."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from casebook.models import DeskSession
from casebook.rules.policy import Role
from casebook.service import sessions

from .conftest import Desk, Visitor, plain

OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


def browser(desk: Desk, email: str, agent: str, address: str) -> Visitor:
    visitor = desk.stranger(address)
    visitor.client.environ_base["HTTP_USER_AGENT"] = agent
    assert visitor.log_in(email).status_code == 303
    return visitor


def rows(desk: Desk) -> list[DeskSession]:
    with desk.tools.database.begin() as session:
        return list(session.scalars(select(DeskSession).order_by(DeskSession.began_at)))


def end_buttons(page: str) -> list[str]:
    return re.findall(r'action="(/desk/account/sessions/[0-9a-f-]+/end)"', page)


def test_the_list_says_where_and_when_somebody_is_logged_in(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    browser(desk, email, LAPTOP, "198.51.100.20")
    desk.later(minutes=30)
    office = browser(desk, email, OFFICE, "192.0.2.1")
    page = plain(office.text("/desk/account"))
    assert "Chrome · Windows trình duyệt này" in page
    assert "Firefox · Linux" in page
    assert "198.51.100.20" in page
    assert "đăng nhập lúc 09:30" in page


def test_a_stolen_laptop_is_out_with_its_next_click(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    laptop = browser(desk, email, LAPTOP, "198.51.100.20")
    office = browser(desk, email, OFFICE, "192.0.2.1")
    assert laptop.get("/desk/password").status_code == 200
    [button] = end_buttons(office.text("/desk/account"))
    office.post(button, at="/desk/account")
    assert "Đã đóng phiên trên Firefox · Linux" in plain(office.text("/desk/account"))
    assert laptop.get("/desk/password").location.startswith("/desk/login")
    assert office.get("/desk/password").status_code == 200
    assert "session_ended" in desk.desk_kinds()


def test_all_other_sessions_are_ended_at_once_and_this_one_stays(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    others = [browser(desk, email, LAPTOP, f"198.51.100.{n}") for n in range(3)]
    office = browser(desk, email, OFFICE, "192.0.2.1")
    office.post("/desk/account/sessions/end-others", at="/desk/account")
    assert "Đã đóng 3 phiên khác" in plain(office.text("/desk/account"))
    assert [other.get("/desk/password").status_code for other in others] == [303, 303, 303]
    assert office.get("/desk/password").status_code == 200


def test_nobody_ends_the_session_of_another(desk: Desk) -> None:
    victim = desk.inspector()
    [row] = rows(desk)
    attacker = desk.person(Role.INSPECTOR, email="khac@soyte.example")
    attacker.post(f"/desk/account/sessions/{row.id}/end", at="/desk/account")
    assert "không còn" in plain(attacker.text("/desk/account"))
    assert victim.get("/desk/password").status_code == 200


def test_logging_out_kills_a_copied_cookie_too(desk: Desk) -> None:
    visitor = desk.inspector()
    cookie = visitor.client.get_cookie("lang_nghe")
    assert cookie is not None
    visitor.post("/desk/logout")
    thief = desk.stranger("198.51.100.9")
    thief.client.set_cookie("lang_nghe", cookie.value)
    assert thief.get("/desk/password").status_code == 303


@pytest.mark.parametrize("cookie", ["rubbish", "00000000-0000-0000-0000-000000000000:3"])
def test_a_cookie_of_another_time_is_nobody(desk: Desk, cookie: str) -> None:
    visitor = desk.stranger()
    with visitor.client.session_transaction() as kept:
        kept["_user_id"] = cookie
    assert visitor.get("/desk/password").status_code == 303


def test_a_session_left_alone_for_a_working_day_is_over(desk: Desk) -> None:
    visitor = desk.inspector()
    desk.later(hours=7, minutes=59)
    assert visitor.get("/desk/password").status_code == 200
    desk.later(hours=7, minutes=59)
    assert visitor.get("/desk/password").status_code == 200
    desk.later(hours=8)
    assert visitor.get("/desk/password").status_code == 303


def test_a_busy_session_is_over_after_a_week(desk: Desk) -> None:
    visitor = desk.inspector()
    for _ in range(23):
        desk.later(hours=7)
        assert visitor.get("/desk/password").status_code == 200
    desk.later(hours=7)
    assert visitor.get("/desk/password").status_code == 303


def test_the_last_sight_is_written_down_once_a_minute(desk: Desk) -> None:
    visitor = desk.inspector()
    began = rows(desk)[0].seen_at
    desk.later(seconds=59)
    visitor.get("/desk/password")
    assert rows(desk)[0].seen_at == began
    desk.later(seconds=1)
    visitor.get("/desk/password")
    assert rows(desk)[0].seen_at == desk.now


def test_an_open_page_that_asks_by_itself_keeps_no_session_alive(desk: Desk) -> None:
    visitor = desk.inspector()
    for _ in range(9):
        desk.later(hours=1)
        visitor.get("/desk/alarms", headers={"Sec-Fetch-Dest": "empty"})
    assert visitor.get("/desk/password").status_code == 303


def test_where_people_log_in_from_is_sealed(desk: Desk) -> None:
    desk.inspector()
    [row] = rows(desk)
    assert b"192.0.2.1" not in row.address_sealed
    assert len(row.browser) < 40


def test_sessions_that_are_long_over_are_forgotten(desk: Desk) -> None:
    desk.inspector()
    desk.later(days=89)
    desk.person(Role.SUPERVISOR)
    desk.later(days=2)
    with desk.tools.database.begin() as session:
        sessions.forget_old(session, desk.now)
    assert desk.count(DeskSession) == 1
