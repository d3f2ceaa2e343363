"""Addresses that no page of ours links to: nothing typed into one makes the desk break."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from casebook.rules.policy import Role
from casebook.web import routes

from .conftest import Desk, Visitor

BAD = ("a\x00b", "9" * 40, "-1", "' OR 1=1 --", "<script>", "%", "é" * 3000, "\ud7ff‮", "0001-01-01", "9999-12-31")
ASKED: tuple[str, ...] = (
    "q",
    "view",
    "line",
    "category",
    "unit",
    "to",
    "since",
    "until",
    "dated",
    "after",
    "before",
    "changed",
)
ASKED += ("next", "days", "step", "show", "page", "code", "actor", "group", "pass", "state", "again", "language")
ANYWHERE = {"live"}
"""A stream, which does not end by itself."""


@pytest.fixture
def everybody(desk: Desk) -> Visitor:
    """One person with every role, who gets through every door."""
    email = desk.account(*Role, email="moi.nguoi@soyte.example")
    with desk.tools.database.begin() as session:
        session.connection().exec_driver_sql("UPDATE users SET unit = 'bv-cho-ray'")
    visitor = desk.stranger()
    assert visitor.log_in(email).status_code == 303
    return visitor


def addresses(desk: Desk, bad: str, code: str) -> list[str]:
    """Every reading address with `bad` wherever an address holds text."""
    told = []
    for route in routes(desk.tools):
        if route.methods != ("GET",) or route.name in ANYWHERE:
            continue
        path = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", route.rule.replace("<code>", code))
        told.append("/desk" + re.sub(r"<\w+>", quote(bad, safe=""), re.sub(r"<int:\w+>", "9" * 30, path)))
    return told


@pytest.mark.parametrize("bad", BAD)
def test_no_text_in_an_address_breaks_a_page(desk: Desk, everybody: Visitor, bad: str) -> None:
    code = desk.place()
    query = "&".join(f"{name}={quote(bad, safe='')}" for name in ASKED)
    broken = {}
    for path in addresses(desk, bad, code):
        for address in (path, f"{path}?{query}"):
            answer = everybody.get(address)
            if answer.status_code >= 500:
                broken[address[:120]] = answer.status_code
    assert broken == {}


def test_no_number_in_an_address_is_too_large(desk: Desk, everybody: Visitor) -> None:
    for change in ("1", "9" * 12, "9" * 30):
        for do in ("undo", "redo"):
            assert everybody.post(f"/desk/operator/changes/{change}/{do}").status_code < 500
