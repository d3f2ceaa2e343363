"""The second factor: set up on a phone, asked for at the door, a code for a lost phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pyotp
import pytest
from sqlalchemy import select

from casebook.models import User
from casebook.rules.policy import Role
from casebook.service import entry, second_factor, users
from tests.acceptance.desk_app import desk_app

from .conftest import PASSWORD, Desk, Visitor, hidden, plain

PAGE = "/desk/account/second-factor"


@pytest.fixture
def strict(desk: Desk) -> Desk:
    """The desk where people of the Department need a second factor."""
    tools = replace(desk.tools, second_factor_required=True)
    return Desk(desk_app(tools), tools, desk.moment)


class Phone:
    """An authenticator that was given a secret."""

    def __init__(self, desk: Desk, secret: str) -> None:
        self.desk = desk
        self.totp = pyotp.TOTP(secret.replace(" ", ""))

    def code(self) -> str:
        return self.totp.at(self.desk.now)


def set_up(desk: Desk, visitor: Visitor) -> tuple[Phone, list[str]]:
    """Do what the set-up page says; gives the phone and the recovery codes."""
    page = visitor.text(PAGE)
    shown = re.search(r'class="secret-key">([A-Z2-7 ]+)<', page)
    assert shown
    phone = Phone(desk, shown.group(1))
    fields = {name: hidden(page, name) for name in ("csrf_token", "pending", "next")}
    answer = visitor.bare_post(PAGE, {**fields, "code": phone.code()})
    assert answer.status_code == 200, plain(answer.get_data(as_text=True))
    codes = re.findall(r"<code>([a-z2-9-]{14})</code>", answer.get_data(as_text=True))
    desk.later(seconds=31)
    return phone, codes


def at_the_code(visitor: Visitor, email: str) -> dict[str, str]:
    """Type the right password; gives the hidden fields of the page that asks for the code."""
    page = visitor.log_in(email).get_data(as_text=True)
    return {name: hidden(page, name) for name in ("csrf_token", "step", "next")}


def enter(desk: Desk, email: str, code: str, address: str = "192.0.2.1") -> tuple[int, Visitor]:
    visitor = desk.stranger(address)
    fields = at_the_code(visitor, email)
    return visitor.bare_post("/desk/login/code", {**fields, "code": code}).status_code, visitor


@contextmanager
def kept(desk: Desk, email: str) -> Iterator[User]:
    with desk.tools.database.begin() as session:
        yield session.scalars(select(User).where(User.email == email)).one()


def test_nothing_opens_before_the_second_factor_is_set_up(strict: Desk) -> None:
    email = strict.account(Role.INSPECTOR)
    visitor = strict.stranger()
    assert visitor.log_in(email, next="/desk/?view=closed").location == f"{PAGE}?next=/desk/%3Fview%3Dclosed"
    for path in ("/desk/", "/desk/account", "/desk/password", "/desk/alarms"):
        assert visitor.get(path).location.startswith(PAGE), path
    page = visitor.text(PAGE)
    assert "bắt buộc" in page
    assert "Để sau" not in page
    assert visitor.post("/desk/account/sessions/end-others", at=PAGE).location.startswith(PAGE)
    _, codes = set_up(strict, visitor)
    assert len(codes) == 10
    assert visitor.get("/desk/password").status_code == 200


@pytest.mark.parametrize("role", [Role.UNIT_OFFICER, Role.UNIT_HEAD])
def test_people_of_units_are_not_held_up(strict: Desk, role: Role) -> None:
    visitor = strict.stranger()
    assert visitor.log_in(strict.account(role)).location == "/desk/"


def test_on_the_first_log_in_it_is_offered_and_may_wait_where_it_is_optional(desk: Desk) -> None:
    with desk.tools.database.begin() as session:
        password = users.create_first(session, "quan-tri@soyte.example", desk.now)
    visitor = desk.stranger()
    assert password is not None
    assert visitor.log_in("quan-tri@soyte.example", password).location.startswith(PAGE)
    page = visitor.text(f"{PAGE}?next=/desk/dashboard")
    assert '<a class="button" href="/desk/dashboard">Để sau</a>' in page
    assert visitor.get("/desk/password").status_code == 200
    visitor.post("/desk/logout")
    assert visitor.log_in("quan-tri@soyte.example", password).location == "/desk/"


def test_the_picture_is_drawn_in_the_page_and_carries_no_style(desk: Desk) -> None:
    page = desk.inspector().text(PAGE)
    assert "<svg" in page
    assert "style=" not in page
    assert "data:" not in page


def test_after_the_password_the_code_is_asked_for(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    visitor = desk.stranger()
    visitor.log_in(email)
    phone, _ = set_up(desk, visitor)
    other = desk.stranger()
    page = other.log_in(email).get_data(as_text=True)
    assert "Mã xác thực" in page
    assert other.get("/desk/password").status_code == 303, "the password alone opens nothing"
    fields = {name: hidden(page, name) for name in ("csrf_token", "step")}
    wrong = other.bare_post("/desk/login/code", {**fields, "code": "000000", "next": "/desk/?q=x"})
    assert (wrong.status_code, "Mã không đúng" in wrong.get_data(as_text=True)) == (401, True)
    right = other.bare_post("/desk/login/code", {**fields, "code": phone.code(), "next": "/desk/?q=x"})
    assert right.location == "/desk/?q=x"
    assert other.get("/desk/password").status_code == 200


def test_a_code_opens_one_door_only(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    visitor = desk.stranger()
    visitor.log_in(email)
    phone, _ = set_up(desk, visitor)
    code = phone.code()
    assert enter(desk, email, code)[0] == 303
    assert enter(desk, email, code)[0] == 401
    desk.later(seconds=30)
    assert enter(desk, email, phone.code())[0] == 303


def test_each_recovery_code_is_good_once(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    visitor = desk.stranger()
    visitor.log_in(email)
    _, codes = set_up(desk, visitor)
    status, again = enter(desk, email, codes[0].upper())
    assert status == 303
    assert "Còn 9 mã dự phòng" in plain(again.text("/desk/account"))
    assert enter(desk, email, codes[0])[0] == 401
    assert enter(desk, email, codes[1])[0] == 303
    assert desk.desk_kinds().count("recovery_code_used") == 2
    with kept(desk, email) as user:
        assert not set(codes) & set(user.recovery_hashes)
        assert all(len(text) == 64 for text in user.recovery_hashes)


def test_new_recovery_codes_need_a_fresh_proof_and_end_the_old_ones(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    visitor = desk.stranger()
    visitor.log_in(email)
    phone, codes = set_up(desk, visitor)
    desk.later(minutes=11)
    path = "/desk/account/recovery-codes"
    assert visitor.post(path, at="/desk/account").status_code == 422
    assert visitor.post(path, {"proof": "000000"}, at="/desk/account").status_code == 422
    answer = visitor.post(path, {"proof": phone.code()}, at="/desk/account")
    fresh = re.findall(r"<code>([a-z2-9-]{14})</code>", answer.get_data(as_text=True))
    assert len(fresh) == 10
    assert enter(desk, email, codes[0])[0] == 401
    assert enter(desk, email, fresh[0])[0] == 303


def test_guessing_codes_is_stopped_but_a_browser_that_was_here_before_gets_in(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    owner = desk.stranger()
    owner.log_in(email)
    phone, _ = set_up(desk, owner)
    tries = [enter(desk, email, "000000", f"198.51.100.{n // 6}")[0] for n in range(entry.CODES_PER_ACCOUNT + 1)]
    assert tries == [401] * entry.CODES_PER_ACCOUNT + [429]
    assert enter(desk, email, phone.code(), "198.51.100.77")[0] == 429
    owner.post("/desk/logout")
    fields = at_the_code(owner, email)
    assert owner.bare_post("/desk/login/code", {**fields, "code": phone.code()}).status_code == 303


def test_the_step_from_password_to_code_is_short_and_dies_with_the_password(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    owner = desk.stranger()
    owner.log_in(email)
    phone, _ = set_up(desk, owner)
    other = desk.stranger()
    fields = at_the_code(other, email)
    with desk.tools.database.begin() as session:
        users.reset_password(session, email, desk.now)
    answer = other.bare_post("/desk/login/code", {**fields, "code": phone.code()})
    assert answer.status_code == 401
    assert "Hãy đăng nhập lại" in answer.get_data(as_text=True)
    forged = other.bare_post("/desk/login/code", {**fields, "step": "x", "code": phone.code()})
    assert forged.status_code == 401


def test_setting_up_ends_every_session_that_began_without_it(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    here, there = desk.stranger(), desk.stranger()
    here.log_in(email)
    there.log_in(email)
    set_up(desk, here)
    assert here.get("/desk/password").status_code == 200
    assert there.get("/desk/password").status_code == 303


def test_an_unlocked_screen_is_not_enough_to_set_it_up(desk: Desk) -> None:
    visitor = desk.inspector()
    desk.later(minutes=11)
    page = visitor.text(PAGE)
    phone = Phone(desk, re.search(r'class="secret-key">([A-Z2-7 ]+)<', page).group(1))  # type: ignore[union-attr]
    fields = {name: hidden(page, name) for name in ("csrf_token", "pending", "next")} | {"code": phone.code()}
    assert visitor.bare_post(PAGE, fields).status_code == 422
    assert visitor.bare_post(PAGE, {**fields, "proof": "sai rồi"}).status_code == 422
    assert visitor.bare_post(PAGE, {**fields, "proof": PASSWORD}).status_code == 200


def test_somebody_who_guesses_at_an_open_screen_is_put_out(desk: Desk) -> None:
    visitor = desk.inspector()
    desk.later(minutes=11)
    page = visitor.text(PAGE)
    fields = {name: hidden(page, name) for name in ("csrf_token", "pending", "next")} | {"code": "000000"}
    for _ in range(second_factor.PROOFS + 1):
        visitor.bare_post(PAGE, {**fields, "proof": "đoán mò"})
    assert visitor.get("/desk/password").status_code == 303


def test_an_open_screen_is_no_place_to_guess_the_password_either(desk: Desk) -> None:
    visitor = desk.inspector()
    token = hidden(visitor.text("/desk/password"), "csrf_token")
    for n in range(second_factor.PROOFS + 1):
        fields = {
            "csrf_token": token,
            "old": f"đoán {n}",
            "new": "mật khẩu mới thật dài",
            "again": "mật khẩu mới thật dài",
        }
        visitor.bare_post("/desk/password", fields)
    assert visitor.get("/desk/password").status_code == 303
    assert desk.stranger().log_in("thanhtra@soyte.example").status_code == 303


def test_a_wrong_code_shows_the_same_picture_again(desk: Desk) -> None:
    visitor = desk.inspector()
    page = visitor.text(PAGE)
    secret = re.search(r'class="secret-key">([A-Z2-7 ]+)<', page).group(1)  # type: ignore[union-attr]
    fields = {name: hidden(page, name) for name in ("csrf_token", "pending", "next")}
    answer = visitor.bare_post(PAGE, {**fields, "code": "000000"})
    assert answer.status_code == 422
    assert secret in answer.get_data(as_text=True)
    assert "Mã không đúng" in answer.get_data(as_text=True)


def test_the_secret_of_another_persons_page_is_not_taken(desk: Desk) -> None:
    mine, other = desk.inspector(), desk.person(Role.SUPERVISOR)
    pending = hidden(other.text(PAGE), "pending")
    answer = mine.post(PAGE, {"pending": pending, "code": "000000"}, at=PAGE)
    assert answer.location.startswith(PAGE)


def test_what_was_typed_when_the_session_ended_outlives_the_code_too(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    phone, _ = set_up(desk, visitor)
    visitor.client.delete_cookie("lang_nghe")
    page = visitor.bare_post(f"/desk/cases/{code}/act/reply", {"words": "một trả lời dài"}).get_data(as_text=True)
    carried = {"kept_path": hidden(page, "kept_path"), "kept.words": hidden(page, "kept.words")}
    page = visitor.log_in("thanhtra@soyte.example", **carried).get_data(as_text=True)
    fields = {name: hidden(page, name) for name in ("csrf_token", "step", "kept_path", "kept.words")}
    answer = visitor.bare_post("/desk/login/code", {**fields, "code": phone.code()})
    assert answer.status_code == 200
    assert "một trả lời dài" in answer.get_data(as_text=True)


def test_the_secret_is_kept_sealed(desk: Desk) -> None:
    visitor = desk.inspector()
    phone, _ = set_up(desk, visitor)
    with kept(desk, "thanhtra@soyte.example") as user:
        assert user.totp_sealed is not None
        assert phone.totp.secret.encode() not in user.totp_sealed
