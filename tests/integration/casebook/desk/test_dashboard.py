"""The day at a glance: each number opens exactly the cases that it counts."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.rules.policy import Role
from casebook.rules.states import Status

from .conftest import Desk, Visitor, plain

UNIT = "bv-cho-ray"


def moved(desk: Desk, status: Status, *, due_in_hours: float = 24, answered: bool = False, unit: str = UNIT) -> str:
    """A case in a state, sent two hours ago."""

    def move(_session: Session, case: Case) -> None:
        case.status, case.responsible_unit = status, unit
        case.forwarded_at, case.due_at = desk.now - timedelta(hours=2), desk.now + timedelta(hours=due_in_hours)
        case.answered_at = desk.now - timedelta(hours=1) if answered else None
        case.closed_at = desk.now if status is Status.CLOSED else None

    code = desk.place()
    desk.change(code, move)
    return code


def a_full_day(desk: Desk) -> None:
    desk.place()
    desk.place(line="ve_benh_moi_tien")
    desk.place(then=("confirm", "failed"))
    moved(desk, Status.FORWARDED)
    moved(desk, Status.FORWARDED, due_in_hours=-1)
    moved(desk, Status.ACKNOWLEDGED, due_in_hours=-30)
    moved(desk, Status.ANSWERED, answered=True)
    moved(desk, Status.CLOSED, answered=True, unit="bv-binh-dan")


def numbers_of(page: str) -> dict[str, tuple[int, str]]:
    """Each number of the page by its title, with the address that it leads to."""
    found = re.findall(r'<li class="number[^"]*"><a href="([^"]+)"><b>(\d+)</b> <span>([^<]+)</span>', page)
    return {html.unescape(title): (int(count), html.unescape(address)) for address, count, title in found}


def listed(visitor: Visitor, address: str) -> int:
    return visitor.text(address).count('class="case-link"')


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.INSPECTOR, Role.CHIEF_INSPECTOR])
def test_each_number_opens_exactly_the_cases_it_counts(desk: Desk, role: Role) -> None:
    a_full_day(desk)
    visitor = desk.person(role)
    numbers = numbers_of(visitor.text("/desk/today"))
    assert len(numbers) == 12
    assert {title: count for title, (count, _) in numbers.items()} == {
        title: listed(visitor, address) for title, (_, address) in numbers.items()
    }
    assert numbers["Quá hạn"][0] == 2
    assert numbers["Mắc lỗi"][0] == 1
    assert numbers["Trả lời hôm nay"][0] == 2
    assert numbers["Mới hôm nay"][0] == (8 if role is Role.CHIEF_INSPECTOR else 7), "the confidential line is not told"


def test_the_numbers_of_a_unit_open_its_cases_too(desk: Desk) -> None:
    a_full_day(desk)
    visitor = desk.person(Role.SUPERVISOR)
    page = visitor.text("/desk/today?days=7")
    rows = re.findall(r'<a href="([^"]+)" aria-label="[^"]*(?:quá hạn|đang chờ trả lời|đã chuyển): (\d+)"', page)
    assert len(rows) == 4
    for address, count in rows:
        assert listed(visitor, html.unescape(address)) == int(count), address
    table = plain(page[page.index("units-account") :])
    assert "Bệnh viện Chợ Rẫy 2 3 4 1 33% 1 giờ" in table


def test_what_waits_longest_is_named_with_its_age(desk: Desk) -> None:
    desk.place()
    desk.later(days=3)
    assert "Chờ kiểm tra 3 ngày" in plain(desk.person(Role.SUPERVISOR).text("/desk/today"))


def test_an_empty_day_says_so(desk: Desk) -> None:
    page = plain(desk.person(Role.SUPERVISOR).text("/desk/today"))
    assert "Không có phản ánh nào đang chờ." in page
    assert "chưa có phản ánh nào được chuyển cho đơn vị" in page


@pytest.mark.parametrize("days", ["7", "90", "", "-1", "999999999", "<script>"])
def test_any_period_that_makes_no_sense_is_the_usual_one(desk: Desk, days: str) -> None:
    answer = desk.person(Role.SUPERVISOR).get("/desk/today", query_string={"days": days})
    assert answer.status_code == 200


def test_the_units_table_can_be_taken_away_and_the_taking_is_written_down(desk: Desk) -> None:
    a_full_day(desk)
    answer = desk.person(Role.SUPERVISOR).post("/desk/today/units", {"days": "30"})
    table = answer.get_data(as_text=True)
    assert table.startswith("\ufeffĐơn vị,Đã chuyển,")
    assert "Bệnh viện Chợ Rẫy,4,1," in table
    assert desk.desk_kinds()[-1] == "accounts_exported"
