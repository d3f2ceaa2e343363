"""Every act that can be taken back says so beside a button, and the button does it."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseClaim, OutboxMail
from casebook.rules.policy import Role
from casebook.rules.states import NotAllowed
from casebook.service import cases, forwarding, review
from casebook.web.tools import Directory

from .conftest import Desk, Visitor, hidden, plain
from .test_acts import acted, saved


def undo_form(page: str) -> tuple[str, dict[str, str]]:
    """The button beside what was just said: where it posts to, and what."""
    form = re.search(
        r'<div class="note good undo-note".*?<form method="post" action="([^"]+)">(.*?)</form>', page, re.S
    )
    assert form, plain(page)[:500]
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form.group(2))
    return html.unescape(form.group(1)), {name: html.unescape(value) for name, value in fields}


def undo(visitor: Visitor, code: str) -> Any:
    """Press the button on the page that follows the act."""
    path, fields = undo_form(visitor.text(f"/desk/cases/{code}"))
    return visitor.bare_post(path, fields)


def write_letter(desk: Desk, code: str) -> None:
    def write(session: Session, case: Case) -> None:
        forwarding.write_letter(session, case, Directory.read(session).office(desk.tools), desk.now)

    desk.change(code, write)


FIELDS = ("status", "responsible_unit", "confirmed_at", "closed_at", "forwarded_at", "due_at", "reply")


def fields_of(desk: Desk, code: str) -> dict[str, Any]:
    case = desk.case(code)
    return {name: getattr(case, name) for name in FIELDS}


@pytest.mark.parametrize(
    ("then", "action", "words", "status"),
    [
        ((), "set_aside", "Không phải phản ánh.", "set_aside"),
        ((), "close", "Đã trả lời ngay.", "closed"),
        (("confirm",), "close", "Đã giải quyết.", "closed"),
        (("confirm",), "return_to_queue", "", "review"),
        (("confirm", "forward"), "close", "Đơn vị báo miệng.", "closed"),
        (("confirm", "forward"), "change_unit", "từ dũ", "confirmed"),
        (("confirm", "forward", "acknowledge"), "change_unit", "từ dũ", "confirmed"),
        (("set_aside",), "reopen", "Nhầm.", "review"),
    ],
)
def test_an_act_is_undone_as_if_it_had_not_been(
    desk: Desk, then: tuple[str, ...], action: str, words: str, status: str
) -> None:
    code = desk.place(then=then, why="Gọi nhầm.", reply="Đã xử lý.")
    visitor, before = desk.inspector(), fields_of(desk, code)
    assert acted(visitor, code, action, words).status_code == 303
    assert desk.case(code).status == status
    desk.later(minutes=9)
    assert undo(visitor, code).status_code == 303
    assert fields_of(desk, code) == before
    assert desk.kinds(code)[-2:] == [action, "undone"]
    assert "Hoàn tác “" in plain(visitor.text(f"/desk/cases/{code}"))


def test_a_confirmed_case_is_taken_back_before_its_letter_is_written(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    saved(visitor, code, "forward")
    assert undo(visitor, code).status_code == 303
    case = desk.case(code)
    assert (case.status, case.confirmed_at) == ("review", None)
    # The job that was queued finds nothing to do.
    write_letter(desk, code)
    assert desk.count(OutboxMail) == 0
    assert saved(visitor, code, "confirm").status_code == 303
    assert desk.case(code).status == "confirmed"


def test_a_unit_changed_in_the_form_is_put_back(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    saved(visitor, code, unit="từ dũ")
    assert desk.case(code).responsible_unit == "bv-tu-du"
    assert undo(visitor, code).status_code == 303
    assert desk.case(code).responsible_unit == "bv-cho-ray"


def test_what_its_letter_says_cannot_be_taken_back(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    saved(visitor, code, "forward")
    path, fields = undo_form(visitor.text(f"/desk/cases/{code}"))
    write_letter(desk, code)
    answer = visitor.bare_post(path, fields)
    assert answer.status_code == 409
    assert "Không hoàn tác được nữa" in answer.get_data(as_text=True)
    assert desk.case(code).status == "confirmed"


def test_the_button_is_good_for_ten_minutes(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    acted(visitor, code, "set_aside", "Gọi nhầm.")
    path, fields = undo_form(visitor.text(f"/desk/cases/{code}"))
    desk.later(minutes=10, seconds=1)
    assert visitor.bare_post(path, fields).status_code == 409
    assert desk.case(code).status == "set_aside"


def test_the_button_undoes_its_own_act_and_no_later_one(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    acted(visitor, code, "set_aside", "Gọi nhầm.")
    path, fields = undo_form(visitor.text(f"/desk/cases/{code}"))
    desk.later(minutes=1)
    acted(visitor, code, "reopen", "Không nhầm.")
    desk.later(minutes=1)
    acted(visitor, code, "set_aside", "Nhầm thật.")
    later = undo_form(visitor.text(f"/desk/cases/{code}"))
    assert visitor.bare_post(path, fields).status_code == 409
    assert desk.case(code).status == "set_aside"
    assert visitor.bare_post(*later).status_code == 303
    assert desk.case(code).status == "review"
    assert visitor.bare_post(*later).status_code == 409


@pytest.mark.parametrize("number", ["", "0", "999999", "-1", "một"])
def test_a_number_that_is_no_act_undoes_nothing(desk: Desk, number: str) -> None:
    code = desk.place(then=("confirm",))
    assert desk.inspector().post(f"/desk/cases/{code}/undo", {"event": number}).status_code == 409
    assert desk.case(code).status == "confirmed"


def test_an_act_that_cannot_be_undone_offers_no_button(desk: Desk) -> None:
    code = desk.place(then=("confirm", "forward"))
    visitor = desk.inspector()
    acted(visitor, code, "acknowledge")
    assert "undo-note" not in visitor.text(f"/desk/cases/{code}")


def test_a_case_confirmed_too_early_waits_again_and_nobody_holds_it(desk: Desk) -> None:
    code = desk.place(then=("confirm",))
    visitor = desk.inspector()
    visitor.post(f"/desk/cases/{code}/take")
    assert acted(visitor, code, "return_to_queue").status_code == 303
    case = desk.case(code)
    assert (case.status, case.confirmed_at) == ("review", None)
    with desk.tools.database.begin() as session:
        assert session.scalar(select(func.count()).select_from(CaseClaim)) == 0
    assert "Trả về chờ kiểm tra" in plain(visitor.text(f"/desk/cases/{code}"))


def test_a_case_whose_letter_is_on_its_way_is_not_put_back(desk: Desk) -> None:
    code = desk.place(then=("confirm",))
    visitor = desk.inspector()
    write_letter(desk, code)
    answer = acted(visitor, code, "return_to_queue")
    assert answer.status_code == 409
    assert "Phiếu chuyển đang được gửi" in answer.get_data(as_text=True)


def test_a_letter_that_could_not_be_sent_does_not_hold_a_case_up(desk: Desk) -> None:
    code = desk.place(then=("confirm", "failed"))
    visitor = desk.inspector()
    assert acted(visitor, code, "return_to_queue").status_code == 303
    assert desk.case(code).forward_round == 2
    assert undo(visitor, code).status_code == 303
    # A number that named a letter once names it for good.
    assert (desk.case(code).status, desk.case(code).forward_round) == ("confirmed", 2)


def test_after_an_undone_change_of_unit_the_next_letter_is_a_new_one(desk: Desk) -> None:
    code = desk.place(then=("confirm", "forward"))
    visitor = desk.inspector()
    acted(visitor, code, "change_unit", "từ dũ")
    undo(visitor, code)
    desk.later(minutes=1)
    acted(visitor, code, "change_unit", "từ dũ")
    write_letter(desk, code)
    assert desk.count(OutboxMail) == 2


def test_the_service_puts_nothing_back_that_was_sent(desk: Desk) -> None:
    code = desk.place(then=("confirm", "forward"))

    def put_back(session: Session, case: Case) -> None:
        review.return_to_queue(session, case, now=desk.now, actor="ai đó")

    with pytest.raises(NotAllowed):
        desk.change(code, put_back)


def test_a_reopened_case_gets_its_day_of_closing_back(desk: Desk) -> None:
    code = desk.place()
    closed: list[datetime] = []

    def close(session: Session, case: Case) -> None:
        cases.close(session, case, now=desk.now, actor="ai đó", why="xong")
        closed.append(desk.now)

    desk.change(code, close)
    desk.later(hours=5)
    visitor = desk.inspector()
    acted(visitor, code, "reopen", "Xem lại.")
    undo(visitor, code)
    assert desk.case(code).closed_at == closed[0]


def test_somebody_who_only_reads_undoes_nothing(desk: Desk) -> None:
    code = desk.place(then=("set_aside",), why="Gọi nhầm.")
    page = desk.inspector().text(f"/desk/cases/{code}")
    assert hidden(page, "version")
    from_supervisor = desk.person(Role.SUPERVISOR)
    assert from_supervisor.post(f"/desk/cases/{code}/undo", {"event": "1"}).status_code == 403
