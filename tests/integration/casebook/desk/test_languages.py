"""Whoever asks for English reads English; for everybody else the desk is Vietnamese."""

from __future__ import annotations

import html
import re

import pytest
from flask import render_template_string
from sqlalchemy import select

from casebook.models import OutboxMail
from casebook.rules.policy import Role
from casebook.web.languages import COOKIE
from tests.translations import is_vietnamese, translations

from .conftest import Desk, Visitor
from .operator_forms import send
from .test_sessions import OFFICE, browser, end_buttons
from .test_troubles import fail

MARKUP = re.compile(r"<[^>]*>")
PLACES = re.compile(r"%\(\w+\)s")
MAIL_REFUSED = "Máy chủ thư từ chối thư hoặc địa chỉ người nhận. (550 không có)"
SHORTEST = 4
"""A shorter text of ours may stand in what callers said and units are called."""

PAGES = ("/desk/", "/desk/today", "/desk/failures", "/desk/muted", "/desk/account", "/desk/password")
OPERATORS = ("lines", "units", "new-unit", "prompts", "health", "changes")


def speak(visitor: Visitor, language: str, at: str = "/desk/login") -> None:
    """Press the switch at the foot of the page `at`."""
    answer = visitor.post("/desk/language", {"language": language, "next": "/desk/"}, at=at)
    assert answer.status_code == 303


def english(visitor: Visitor) -> Visitor:
    speak(visitor, "en", at="/desk/password")
    return visitor


def texts(page: str) -> set[str]:
    """Give what stands between the tags of a page."""
    return {html.unescape(text).strip() for text in MARKUP.split(page)}


def shown(visitor: Visitor, path: str) -> str:
    return html.unescape(visitor.text(path))


def left_in_vietnamese(page: str) -> list[str]:
    """Give our own texts that a page in English still says as they are written, whole."""
    said = texts(page)
    ours = {text for text, other in translations().items() if other != text and is_vietnamese(text)}
    return sorted(text for text in said & ours if len(text) >= SHORTEST)


def test_the_desk_is_vietnamese_until_somebody_asks_for_english(desk: Desk) -> None:
    visitor = desk.stranger()
    page = visitor.text("/desk/login")
    assert '<html lang="vi">' in page
    assert "Đăng nhập" in page
    speak(visitor, "en")
    page = visitor.text("/desk/login")
    assert '<html lang="en">' in page
    assert "Đăng nhập" not in page
    speak(visitor, "vi")
    assert "Đăng nhập" in visitor.text("/desk/login")


@pytest.mark.parametrize("asked", ["fr", "", "../vi", "EN"])
def test_a_language_that_we_do_not_speak_changes_nothing(desk: Desk, asked: str) -> None:
    visitor = desk.stranger()
    speak(visitor, asked)
    assert visitor.client.get_cookie(COOKIE, path="/desk") is None
    visitor.client.set_cookie(COOKIE, asked, path="/desk")
    assert '<html lang="vi">' in visitor.text("/desk/login")


def test_the_switch_brings_back_to_the_page_and_remembers_for_the_desk_only(desk: Desk) -> None:
    visitor = desk.inspector()
    answer = visitor.post("/desk/language", {"language": "en", "next": "/desk/?view=all"})
    assert (answer.status_code, answer.location) == (303, "/desk/?view=all")
    cookie = visitor.client.get_cookie(COOKIE, path="/desk")
    assert cookie is not None
    assert (cookie.value, cookie.http_only, cookie.same_site) == ("en", True, "Lax")
    away = visitor.post("/desk/language", {"language": "en", "next": "https://evil.example/"})
    assert away.location == "/desk/"


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_of_an_inspector_hold_no_vietnamese_of_ours(desk: Desk, path: str) -> None:
    visitor = english(desk.person(*Role))
    desk.place()
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert left_in_vietnamese(answer.get_data(as_text=True)) == []


@pytest.mark.parametrize("name", OPERATORS)
def test_the_pages_of_an_operator_hold_no_vietnamese_of_ours(desk: Desk, name: str) -> None:
    answer = english(desk.chief()).get(f"/desk/operator/{name}")
    assert answer.status_code == 200
    assert left_in_vietnamese(answer.get_data(as_text=True)) == []


def test_a_case_is_shown_in_english_and_what_was_said_stays_as_it_was(desk: Desk) -> None:
    visitor = english(desk.chief())
    page = visitor.text(f"/desk/cases/{desk.place()}")
    assert left_in_vietnamese(page) == []
    assert "Responsible unit" in page
    assert "điều dưỡng" in page


def test_the_facts_of_the_call_and_why_something_is_suggested_are_told_in_english(desk: Desk) -> None:
    page = english(desk.chief()).text(f"/desk/cases/{desk.place()}")
    for told in ("make a report", "Left a report", "The account says: ", "The facility’s name matches the directory."):
        assert told in html.unescape(page)
    assert "Lời kể có" not in html.unescape(page)


def test_what_was_kept_of_a_failure_is_told_in_english_around_what_others_said(desk: Desk) -> None:
    code = desk.place(then=("confirm", "failed"))
    fail(desk, f"case:{desk.case(code).id}", "Nhà cung cấp trả lời HTTP 418 khi tải bản ghi.")
    with desk.tools.database.begin() as session:
        session.scalars(select(OutboxMail)).one().failure = MAIL_REFUSED
    visitor = english(desk.person(*Role))
    assert "The provider answers HTTP 418 when the recording is fetched." in shown(visitor, "/desk/failures")
    for path in ("/desk/failures", f"/desk/cases/{code}"):
        assert "The mail server refused the email or the recipient’s address. (550 không có)" in shown(visitor, path)
    speak(visitor, "vi", at="/desk/password")
    assert MAIL_REFUSED in shown(visitor, "/desk/failures")


@pytest.mark.parametrize(
    ("agent", "name"), [("curl/8.10", "Unknown browser"), ("SomeBot (Linux)", "Unknown browser · Linux")]
)
def test_a_browser_that_nobody_knows_is_called_so_in_english(desk: Desk, agent: str, name: str) -> None:
    email = desk.account(Role.CHIEF_INSPECTOR, Role.OPERATOR)
    browser(desk, email, agent, "198.51.100.20")
    visitor = english(browser(desk, email, OFFICE, "192.0.2.1"))
    assert name in texts(visitor.text("/desk/account"))
    [button] = end_buttons(visitor.text("/desk/account"))
    visitor.post(button, at="/desk/account")
    assert name in shown(visitor, "/desk/account")


def test_the_list_of_ended_cases_is_not_called_as_the_button_that_ends_one(desk: Desk) -> None:
    visitor = english(desk.chief())
    desk.place()
    assert "Closed" in texts(visitor.text("/desk/?view=closed"))
    assert "Close" in texts(visitor.text("/desk/?view=review"))


def test_what_is_missing_in_a_form_and_what_goes_wrong_is_told_in_english(desk: Desk) -> None:
    visitor = english(desk.chief())
    nowhere = visitor.get("/desk/cases/1234567897")
    assert nowhere.status_code == 404
    assert left_in_vietnamese(nowhere.get_data(as_text=True)) == []
    code = desk.place()
    refused = visitor.post(f"/desk/cases/{code}/act/close", {"words": "", "version": str(desk.case(code).version)})
    assert left_in_vietnamese(refused.get_data(as_text=True)) == []


def test_what_is_refused_below_the_pages_is_told_in_english_with_its_values(desk: Desk) -> None:
    visitor, code = english(desk.chief()), desk.place()
    version = str(desk.case(code).version)
    refused = visitor.post(f"/desk/cases/{code}/act/acknowledge", {"version": version})
    assert refused.status_code == 409
    told = html.unescape(refused.get_data(as_text=True))
    assert "The report’s state is “To review”, in which this cannot be done." in told


def test_by_what_the_picker_found_a_unit_is_told_in_english(desk: Desk) -> None:
    found = english(desk.chief()).get("/desk/units.json?q=chợ+rẩy").get_json()
    assert {one["kind"] for one in found} == {"Hospital"}
    assert {one["by"].partition(" ")[0] for one in found} <= {"", "also", "similar", "in"}


def test_what_is_wrong_with_a_line_is_told_in_english(desk: Desk) -> None:
    operator, page = english(desk.chief()), "/desk/operator/lines/chat_luong"
    refused = send(operator, page, f"{page}/save", number="12")
    assert "“12” is no telephone number that can be called." in html.unescape(refused.get_data(as_text=True))


def test_a_text_and_its_values_are_escaped_and_a_percent_sign_is_only_that(desk: Desk) -> None:
    with desk.app.test_request_context("/desk/"):
        shown = render_template_string("{{ _(told) }} {{ _('Xem lúc %(at)s.', at=told) }}", told="<b>5% of</b>")
    assert shown == "&lt;b&gt;5% of&lt;/b&gt; Xem lúc &lt;b&gt;5% of&lt;/b&gt;."
