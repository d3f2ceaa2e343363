"""The auditor reads what was done, and no case."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from casebook.queries import audit_trail
from casebook.queries.audit_trail import PAGE, Wanted
from casebook.rules.policy import Role
from casebook.rules.timeline import Names
from casebook.service import audit, proof

from .conftest import NUMBER, Desk, plain


def test_who_did_what_and_when_is_told_in_plain_words(desk: Desk) -> None:
    code = desk.place()
    desk.inspector().get("/desk/")
    page = plain(desk.person(Role.AUDITOR).text("/desk/audit"))
    assert "Nguyễn Hữu Phước Đăng nhập" in page
    assert f"Tiếp nhận qua đường dây “Chất lượng khám, chữa bệnh” {code[:3]} {code[3:6]} {code[6:]}" in page


def test_the_auditor_sees_no_case_and_no_caller(desk: Desk) -> None:
    code = desk.place()
    auditor = desk.person(Role.AUDITOR)
    page = auditor.text("/desk/audit")
    assert "điều dưỡng quát" not in page
    assert NUMBER[3:] not in page
    assert auditor.get(f"/desk/cases/{code}").status_code == 403


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("group=doors", "Đăng nhập", "Tiếp nhận qua"),
        ("actor=thanhtra@soyte.example", "Đăng nhập", "Tiếp nhận qua"),
        ("code={code}", "Tiếp nhận qua", "Đăng nhập"),
        ("since=2026-11-22", "Không có sự kiện nào khớp", "Tiếp nhận qua"),
        ("until=2026-11-20", "Không có sự kiện nào khớp", "Tiếp nhận qua"),
        ("code=0000", "Không có sự kiện nào khớp", "Tiếp nhận qua"),
        ("group=x&since=hôm qua&after=%00", "Tiếp nhận qua", "Không có sự kiện"),
    ],
)
def test_the_trail_can_be_narrowed(desk: Desk, query: str, shown: str, hidden: str) -> None:
    code = desk.place()
    desk.inspector()
    page = desk.person(Role.AUDITOR).text(f"/desk/audit?{query.format(code=code)}")
    table = plain(page[page.index("Lọc nhật ký") :].partition("</form>")[2])
    assert shown in table
    assert hidden not in table


def test_every_event_is_on_exactly_one_page_also_at_equal_moments(desk: Desk) -> None:
    codes = [desk.place() for _ in range(8)]
    with desk.tools.database.begin() as session:
        for _ in range(PAGE):
            audit.record(session, "login", "ai@soyte.example", desk.now)
        expected = sum(len(desk.events(code)) for code in codes) + len(desk.desk_kinds()) + PAGE
        seen, after = 0, None
        while True:
            page = audit_trail.trail(session, Wanted(), Names(), after)
            seen, after = seen + len(page.entries), page.after
            if after is None:
                break
    assert seen == expected


def test_the_page_tells_whether_the_chains_hold(desk: Desk) -> None:
    desk.place()
    auditor = desk.person(Role.AUDITOR)
    assert "Chưa kiểm tra lần nào" in plain(auditor.text("/desk/audit"))
    with desk.tools.database.begin() as session:
        proof.note(session, proof.prove(session), desk.now)
    assert "Còn nguyên: đã xem" in plain(auditor.text("/desk/audit"))
    with desk.tools.database.begin() as session:
        session.execute(text("ALTER TABLE case_events DISABLE TRIGGER append_only"))
        session.execute(text("UPDATE case_events SET actor = 'x' WHERE number = 1"))
        session.execute(text("ALTER TABLE case_events ENABLE TRIGGER append_only"))
        session.expire_all()
        proof.note(session, proof.prove(session), desk.now)
    assert "Nhật ký đã đứt ở" in plain(auditor.text("/desk/audit"))


def test_the_auditor_may_ask_for_a_look_now(desk: Desk) -> None:
    answer = desk.person(Role.AUDITOR).post("/desk/audit/verify")
    assert answer.status_code == 303
    with desk.tools.database.begin() as session:
        queued = session.scalars(select(text("task_name")).select_from(text("procrastinate_jobs"))).all()
    assert "prove_chains" in queued
    assert desk.desk_kinds()[-1] == "proof_asked"
