"""Who may enter: every address of the desk, every kind of person."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from casebook.models import User
from casebook.rules.policy import GRANTS, Permission, Role, Viewer
from casebook.service import entry, users
from casebook.web import routes
from casebook.web.doors import CASE, FRONT, KEPT_UNDER, Door, Route, local_address
from casebook.web.nav import entries

from .conftest import PASSWORD, Desk

ANY = {"code": "1234567897", "other": "1234567802", "key": "none", "action": "close", "token": "x"}
ANY |= {"slug": "chat_luong", "name": "menu"}


def address(route: Route) -> str:
    path = route.rule
    for name, value in ANY.items():
        path = path.replace(f"<{name}>", value)
    path = re.sub(r"<uuid:\w+>", lambda _: str(uuid4()), path)
    path = path.replace("<int:change_id>", "1")
    return "/desk" + path


def test_every_address_of_the_desk_says_who_may_enter(desk: Desk) -> None:
    stated = {f"desk.{route.name}" for route in routes(desk.tools)} | {"desk.static"}
    assert {rule.endpoint for rule in desk.app.url_map.iter_rules() if rule.endpoint != "static"} == stated


def test_nothing_that_acts_can_be_reached_by_a_link(desk: Desk) -> None:
    reading = {"login", "password", "listing", "case", "letter", "mail", "audio", "failures", "mailbox", "alarms"}
    reading |= {"mailbox_letter", "mailbox_html", "dashboard", "audit", "redaction", "account", "second_factor"}
    reading |= {"beside", "split", "muted", "live", "news"}
    reading |= {"unit_cases", "unit_case", "unit_file", "file"}
    reading |= {"identity_requests", "people", "account_of", "forgot", "link", "sign_on", "sign_on_back"}
    reading |= {"units_found"}
    reading |= {f"operator_{name}" for name in ("lines", "line", "line_secret", "units", "unit", "unit_new")}
    reading |= {f"operator_{name}" for name in ("unit_table", "unit_export", "prompts", "prompt", "script")}
    reading |= {f"operator_{name}" for name in ("prompt_sound", "prompt_spoken", "health", "changes")}
    for route in routes(desk.tools):
        assert route.methods == (("GET",) if route.name in reading else ("POST",)), route.name


def test_a_stranger_is_sent_to_the_log_in_page_from_everywhere(desk: Desk) -> None:
    visitor = desk.stranger()
    for route in routes(desk.tools):
        if route.needs is Door.ANYONE:
            continue
        if route.methods == ("GET",):
            answer = visitor.get(address(route))
            assert (answer.status_code, answer.location.startswith("/desk/login?next=")) == (303, True), route.name
        else:
            token_answer = visitor.post(address(route), at="/desk/login")
            if address(route).startswith(KEPT_UNDER):
                # Who was typing about a case logs in on a page that carries their words.
                assert token_answer.status_code == 401, route.name
            else:
                assert (token_answer.status_code, "/desk/login" in token_answer.location) == (303, True), route.name
            assert visitor.bare_post(address(route), {}).status_code == 401, route.name


@pytest.mark.parametrize("role", list(Role))
def test_each_role_enters_where_it_may_and_nowhere_else(desk: Desk, role: Role) -> None:
    visitor = desk.person(role)
    for route in routes(desk.tools):
        if route.name in {"login", "enter", "logout", "change_password"}:
            continue
        get = route.methods == ("GET",)
        answer = visitor.get(address(route)) if get else visitor.post(address(route))
        allowed = isinstance(route.needs, Door) or route.needs in GRANTS[role]
        if route.name == FRONT and not allowed:
            # The front door leads everybody to their own first page.
            viewer = Viewer("ai", frozenset({role}))
            allowed = bool(entries(viewer, has_mailbox=True))
        if route.name == CASE and Permission.READ_UNIT_CASES in GRANTS[role]:
            # A letter's link leads a unit's people to their own page of the case.
            allowed = True
        assert (answer.status_code == 403) is not allowed, f"{role} at {route.name}: {answer.status_code}"
        assert answer.status_code < 500, f"{role} at {route.name}: {answer.status_code}"


def test_every_post_without_its_token_is_refused_also_from_somebody_logged_in(desk: Desk) -> None:
    visitor = desk.chief()
    for route in routes(desk.tools):
        if route.methods == ("POST",):
            assert visitor.bare_post(address(route), {"words": "x"}).status_code == 400, route.name


def test_every_permission_is_granted_to_somebody() -> None:
    assert {permission for granted in GRANTS.values() for permission in granted} == set(Permission)


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    wrong = desk.stranger().log_in(email, "không phải mật khẩu")
    unknown = desk.stranger().log_in("ai.do@soyte.example", "không phải mật khẩu")
    assert wrong.status_code == unknown.status_code == 401
    message = "Thư điện tử hoặc mật khẩu không đúng."
    assert message in wrong.get_data(as_text=True)
    assert message in unknown.get_data(as_text=True)
    assert desk.desk_kinds() == ["account_made", "login_refused", "login_refused"]


def test_guessing_is_stopped_but_the_owner_gets_in_from_elsewhere(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    guesser = desk.stranger("198.51.100.7")
    answers = [guesser.log_in(email, f"đoán lần thứ {n}").status_code for n in range(entry.PER_DEVICE + 1)]
    assert answers == [401] * entry.PER_DEVICE + [429]
    assert guesser.log_in(email).status_code == 429
    assert desk.stranger("192.0.2.9").log_in(email).status_code == 303
    desk.later(minutes=6)
    assert guesser.log_in(email).status_code == 303


def test_a_crowd_of_guessers_does_not_lock_out_a_browser_that_was_here_before(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    owner = desk.stranger()
    owner.log_in(email)
    owner.post("/desk/logout")
    with desk.tools.database.begin() as session:
        for number in range(entry.PER_ACCOUNT + 1):
            knock = entry.Knock(email, "đoán", f"203.0.113.{number}")
            entry.may_try(session, knock, desk.tools.keys, desk.now)
    assert desk.stranger("198.51.100.8").log_in(email).status_code == 429
    assert owner.log_in(email).status_code == 303


def test_a_changed_password_ends_every_other_session_and_this_one_goes_on(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    here, stolen = desk.stranger(), desk.stranger()
    here.log_in(email)
    stolen.log_in(email)
    assert stolen.get("/desk/").status_code == 200
    new = "mật khẩu mới thật dài"
    answer = here.post("/desk/password", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert here.get("/desk/").status_code == 200
    assert stolen.get("/desk/").status_code == 303
    assert desk.stranger().log_in(email, PASSWORD).status_code == 401
    assert desk.stranger().log_in(email, new).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "told"),
    [
        ("sai rồi", "mật khẩu mới thật dài", "mật khẩu mới thật dài", "Mật khẩu hiện tại không đúng."),
        (PASSWORD, "ngắn", "ngắn", "Mật khẩu cần ít nhất 12 ký tự"),
        (PASSWORD, "a" * 20, "a" * 20, "một ký tự lặp lại"),
        (PASSWORD, "mật khẩu mới thật dài", "mật khẩu khác hẳn", "không giống nhau"),
    ],
)
def test_a_password_that_cannot_be_taken_is_explained(desk: Desk, old: str, new: str, again: str, told: str) -> None:
    visitor = desk.inspector()
    answer = visitor.post("/desk/password", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)


def test_a_closed_account_is_out_at_once(desk: Desk) -> None:
    visitor = desk.inspector()
    with desk.tools.database.begin() as session:
        users.set_active(session, "thanhtra@soyte.example", desk.now, active=False)
    assert visitor.get("/desk/").status_code == 303
    assert desk.stranger().log_in("thanhtra@soyte.example").status_code == 401


def test_a_reset_gives_a_password_that_works_and_ends_the_sessions(desk: Desk) -> None:
    visitor = desk.inspector()
    with desk.tools.database.begin() as session:
        password = users.reset_password(session, "thanhtra@soyte.example", desk.now)
    assert visitor.get("/desk/").status_code == 303
    assert desk.stranger().log_in("thanhtra@soyte.example", password).status_code == 303


def test_the_first_account_is_made_once_and_may_take_the_whole_tour(desk: Desk) -> None:
    with desk.tools.database.begin() as session:
        password = users.create_first(session, "quan-tri@soyte.example", desk.now)
        assert users.create_first(session, "quan-tri@soyte.example", desk.now) is None
    assert password is not None
    visitor = desk.stranger()
    visitor.log_in("quan-tri@soyte.example", password)
    for path in ("/desk/", "/desk/failures", "/desk/mailbox", "/desk/password"):
        assert visitor.get(path).status_code == 200


def test_passwords_are_kept_as_argon2_hashes_only(desk: Desk) -> None:
    desk.inspector()
    with desk.tools.database.begin() as session:
        kept = session.scalars(select(User.password_hash)).one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/desk/cases/1234567897?x=1", "/desk/cases/1234567897?x=1"),
        ("//evil.example/desk/", "/desk/"),
        ("https://evil.example/desk/", "/desk/"),
        ("/desk/\\evil.example", "/desk/"),
        ("/voice/incoming", "/desk/"),
        ("/desk/../voice", "/desk/"),
        ("/desk/\nSet-Cookie: x", "/desk/"),
        ("", "/desk/"),
    ],
)
def test_nobody_is_led_away_from_the_desk(asked: str, given: str) -> None:
    assert local_address(asked) == given


def test_a_person_comes_back_to_where_they_were_going(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    visitor = desk.stranger()
    sent = visitor.get("/desk/?view=closed&q=ch%E1%BB%A3").location
    assert "next=/desk/%3Fview%3Dclosed%26q%3D" in sent
    answer = visitor.log_in(email, next="/desk/?view=closed&q=chợ")
    assert answer.location == "/desk/?view=closed&q=ch%E1%BB%A3"


def test_every_answer_carries_the_headers_that_keep_a_browser_safe(desk: Desk) -> None:
    headers = desk.stranger().get("/desk/login").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "microphone=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_over_https_cookies_are_secure_and_the_browser_stays_there(desk: Desk) -> None:
    from_outside = desk.https()
    answer = from_outside.log_in(desk.account(Role.INSPECTOR))
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_no_page_holds_a_script_or_a_style_of_its_own(desk: Desk) -> None:
    visitor = desk.chief()
    code = desk.place()
    for path in ("/desk/", f"/desk/cases/{code}", "/desk/failures", "/desk/mailbox", "/desk/password"):
        page = visitor.text(path)
        assert "style=" not in page
        assert "<style" not in page
        assert " onclick" not in page
        assert page.count("<script") == page.count("<script src=")
