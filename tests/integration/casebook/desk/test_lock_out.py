"""Limits on guessing that nobody can turn against the owner of an account."""

from __future__ import annotations

from casebook.rules.policy import Role
from casebook.service import entry

from .conftest import PASSWORD, Desk, Visitor


def known_browser(desk: Desk, email: str) -> Visitor:
    owner = desk.stranger()
    assert owner.log_in(email).status_code == 303
    owner.post("/desk/logout")
    return owner


def test_a_colleague_behind_the_same_address_cannot_keep_the_owner_out(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    owner, colleague = known_browser(desk, email), desk.stranger()
    for number in range(entry.PER_DEVICE + 1):
        told = colleague.log_in(email, f"đoán lần thứ {number}")
    assert told.status_code == 429
    assert owner.log_in(email).status_code == 303


def test_a_whole_office_cannot_be_kept_out_from_one_of_its_desks(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    owner = known_browser(desk, email)
    with desk.tools.database.begin() as session:
        for number in range(entry.PER_ADDRESS + 1):
            knock = entry.Knock(f"ai{number}@soyte.example", "đoán", owner.address)
            entry.may_try(session, knock, desk.tools.keys, desk.now)
    assert desk.stranger().log_in(email).status_code == 429
    assert owner.log_in(email).status_code == 303


def test_whoever_took_a_known_browser_guesses_as_little_as_anybody_from_wherever(desk: Desk) -> None:
    email = desk.account(Role.INSPECTOR)
    stolen = known_browser(desk, email)
    other = known_browser(desk, email)
    for number in range(entry.PER_DEVICE + 1):
        stolen.address = f"203.0.113.{number}"
        told = stolen.log_in(email, "đoán mò một lần")
    assert told.status_code == 429
    assert stolen.log_in(email, PASSWORD).status_code == 429
    assert other.log_in(email).status_code == 303, "the owner's other browser is another"


def test_a_browser_known_to_one_account_is_a_stranger_to_the_next(desk: Desk) -> None:
    mine, theirs = desk.account(Role.INSPECTOR), desk.account(Role.SUPERVISOR, email="lanhdao@soyte.example")
    browser = known_browser(desk, mine)
    for number in range(entry.PER_DEVICE + 1):
        told = browser.log_in(theirs, f"đoán lần thứ {number}")
    assert told.status_code == 429
    assert browser.log_in(mine).status_code == 303
