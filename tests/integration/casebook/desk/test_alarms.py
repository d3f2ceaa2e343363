"""The alarm: a life in danger that nobody has looked after yet."""

from __future__ import annotations

from sqlalchemy import select

from casebook.models import Case
from casebook.rules.policy import Role
from casebook.service import cases

from .conftest import Desk

DANGER = "cứu với ba tôi khó thở tím tái ngất xỉu ngay cổng bệnh viện mà không ai cấp cứu"


def test_an_emergency_rings_on_every_page_until_somebody_looks_after_it(desk: Desk) -> None:
    code = desk.place(story=DANGER)
    inspector = desk.person(Role.INSPECTOR)
    page = inspector.text("/desk/")
    assert 'role="alert"' in page
    assert "alarm.js" in page
    (ringing,) = inspector.get("/desk/alarms").get_json()
    assert ringing["href"] == f"/desk/cases/{code}"
    with desk.tools.database.begin() as session:
        found = session.scalars(select(Case).where(Case.code == code)).one()
        cases.set_aside(session, found, now=desk.now, actor="thanhtra@soyte.example", why="đã chuyển 115")
    assert inspector.get("/desk/alarms").get_json() == []


def test_nothing_rings_for_a_plain_case(desk: Desk) -> None:
    desk.place()
    assert desk.person(Role.INSPECTOR).get("/desk/alarms").get_json() == []


def test_the_confidential_line_rings_only_for_those_cleared_for_it(desk: Desk) -> None:
    desk.place(story=DANGER, line="ve_benh_moi_tien")
    assert desk.person(Role.INSPECTOR).get("/desk/alarms").get_json() == []
    assert len(desk.person(Role.CHIEF_INSPECTOR).get("/desk/alarms").get_json()) == 1
