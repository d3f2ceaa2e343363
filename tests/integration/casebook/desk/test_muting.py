"""Muting a nuisance caller at the desk: from a case, on the list, lifted, and all of it undone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from casebook.models import DeskEvent, MutedCaller
from casebook.rules.policy import Role

from .conftest import NUMBER, Desk, Visitor, plain
from .test_undo import undo, undo_form


def mute(visitor: Visitor, code: str, **fields: str) -> Any:
    return visitor.post(f"/desk/cases/{code}/mute", {"days": "7", "why": "Gọi chửi bới mỗi đêm", **fields})


def in_force(desk: Desk) -> int:
    with desk.tools.database.begin() as session:
        return len(session.scalars(select(MutedCaller).where(MutedCaller.lifted_at.is_(None))).all())


def test_a_caller_is_muted_from_a_case_and_stands_on_the_list_masked(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    assert mute(visitor, code).status_code == 303
    page = plain(visitor.text(f"/desk/cases/{code}"))
    assert "Số này đang bị tạm chặn đến" in page
    assert "Tạm chặn số gọi đến: Gọi chửi bới mỗi đêm" in page
    listed = visitor.text("/desk/muted")
    assert "Gọi chửi bới mỗi đêm" in listed
    assert code in listed
    for number in (NUMBER, NUMBER.removeprefix("+84"), "0908123456", "0908 123 456"):
        assert number not in plain(listed)
    assert desk.kinds(code)[-1] == "caller_muted"
    assert "caller_muted" in desk.desk_kinds()
    with desk.tools.database.begin() as session:
        told = str(session.scalars(select(DeskEvent.data)).all())
        muted = session.scalars(select(MutedCaller)).one()
    assert muted.caller_hash not in told
    assert (muted.until - muted.muted_at).days == 7


def test_a_mute_is_undone_at_once_and_a_lift_too(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    mute(visitor, code)
    assert undo(visitor, code).status_code == 303
    assert in_force(desk) == 0
    path, fields = undo_form(visitor.text("/desk/muted"))
    assert visitor.bare_post(path, fields).status_code == 303
    assert in_force(desk) == 1
    assert desk.desk_kinds()[-3:] == ["caller_muted", "mute_lifted", "mute_restored"]


def test_a_lifted_number_may_be_muted_again_from_the_list_while_its_time_runs(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    mute(visitor, code)
    with desk.tools.database.begin() as session:
        mute_id = session.scalars(select(MutedCaller.id)).one()
    visitor.post(f"/desk/muted/{mute_id}/lift")
    assert "Chặn lại" in plain(visitor.text("/desk/muted"))
    mute(visitor, code)
    visitor.post(f"/desk/muted/{mute_id}/restore")
    assert "đang bị tạm chặn rồi" in plain(visitor.text("/desk/muted"))
    assert in_force(desk) == 1


def test_a_mute_whose_time_is_over_stands_as_over(desk: Desk) -> None:
    code = desk.place()
    mute(desk.inspector(), code, days="1")
    desk.later(days=1, minutes=1)
    visitor = desk.inspector("khac@soyte.example")
    assert "hết hạn" in plain(visitor.text("/desk/muted"))
    assert "Tạm chặn số này" in plain(visitor.text(f"/desk/cases/{code}"))
    with desk.tools.database.begin() as session:
        mute_id = session.scalars(select(MutedCaller.id)).one()
    visitor.post(f"/desk/muted/{mute_id}/lift")
    assert "không còn hiệu lực" in plain(visitor.text("/desk/muted"))


@pytest.mark.parametrize(
    "fields", [{"days": "0"}, {"days": "91"}, {"days": "-3"}, {"days": "bảy"}, {"days": ""}, {"why": " \x00 "}]
)
def test_a_mute_needs_a_reason_and_an_end_within_ninety_days(desk: Desk, fields: dict[str, str]) -> None:
    code = desk.place()
    answer = mute(desk.inspector(), code, **fields)
    assert answer.status_code == 409
    assert "Hãy ghi lý do và chọn số ngày từ 1 đến 90" in answer.get_data(as_text=True)
    assert desk.count(MutedCaller) == 0


def test_a_number_is_muted_once_and_a_withheld_one_never(desk: Desk) -> None:
    code, withheld = desk.place(), desk.place(number="")
    visitor = desk.inspector()
    mute(visitor, code)
    assert "đang bị tạm chặn rồi" in plain(mute(visitor, code).get_data(as_text=True))
    assert "Tạm chặn số này" not in plain(visitor.text(f"/desk/cases/{withheld}"))
    assert "không hiện số" in plain(mute(visitor, withheld).get_data(as_text=True))
    assert desk.count(MutedCaller) == 1


def test_the_list_tells_nobody_of_cases_that_they_may_not_see(desk: Desk) -> None:
    secret = desk.place(line="ve_benh_moi_tien", key=None)
    chief = desk.chief()
    mute(chief, secret, why="điều dưỡng khoa dược gọi tố giác lung tung")
    page = desk.inspector().text("/desk/muted")
    assert secret not in page
    assert "khoa dược" not in page
    assert "khoa dược" in chief.text("/desk/muted")
    assert "Số của phản ánh bạn không được xem" in page


def test_an_empty_list_says_how_a_number_gets_there(desk: Desk) -> None:
    assert "Chưa chặn số nào" in plain(desk.inspector().text("/desk/muted"))


def test_a_supervisor_neither_mutes_nor_reads_the_list(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.person(Role.SUPERVISOR)
    assert visitor.get("/desk/muted").status_code == 403
    assert mute(visitor, code).status_code == 403
    assert "Tạm chặn số này" not in plain(visitor.text(f"/desk/cases/{code}"))


def test_what_was_typed_as_a_reason_is_text_and_nothing_else(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    mute(visitor, code, why="<script>alert(1)</script>")
    for path in ("/desk/muted", f"/desk/cases/{code}"):
        assert "<script>alert" not in visitor.text(path)
